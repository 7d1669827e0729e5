-- Orders and revenue of each UTC day with at least one order, guests included.
SELECT
  CAST(order_date AS DATE) AS day,
  count(*) AS orders,
  CAST(sum(total_amount) AS DECIMAL(18,4)) AS revenue
FROM "extract_orders"."orders"
GROUP BY day
ORDER BY day
