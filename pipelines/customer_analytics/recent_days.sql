-- Orders, revenue and customers of the last eight days, without the days that have no order: the day, the day before and the same weekday are among them.
SELECT
  CAST(order_date AS DATE) AS day,
  count(*) AS orders,
  CAST(sum(total_amount) AS DECIMAL(18,4)) AS revenue,
  count(*) FILTER (WHERE user_id IS NULL) AS orders_without_customer,
  count(DISTINCT user_id) AS customers
FROM "extract_orders"."recent_orders"
LEFT JOIN "extract_users"."users" ON user_id = customer_id
GROUP BY day
ORDER BY day
