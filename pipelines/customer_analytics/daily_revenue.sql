-- Orders and revenue of each UTC day on which there was an order, guests included.
SELECT
  CAST(order_date AS DATE) AS day,
  count(*) AS orders,
  CAST(sum(total_amount) AS DECIMAL(18,4)) AS revenue
FROM "extract_orders"."orders"
GROUP BY day
ORDER BY day
