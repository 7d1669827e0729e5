-- Totals of the range, from the sums per day and per customer, so that the orders are read only once.
-- Amounts are exact, as text with two decimals, or more if needed.
WITH days AS (
  SELECT CAST(coalesce(sum(orders), 0) AS BIGINT) AS orders, coalesce(sum(revenue), 0) AS revenue
  FROM "transform_customer_metrics"."daily_revenue"
),
customers AS (
  SELECT count(*) AS customers, CAST(coalesce(sum(total_orders), 0) AS BIGINT) AS orders, coalesce(sum(total_lifetime_value), 0) AS revenue
  FROM "transform_customer_metrics"."customer_metrics"
)
SELECT
  days.orders AS orders,
  days.orders - customers.orders AS orders_without_customer,
  customers.customers AS customers,
  regexp_replace(CAST(days.revenue AS VARCHAR), '(\.\d\d)(\d*?)0+$', '\1\2') AS revenue,
  regexp_replace(CAST(customers.revenue AS VARCHAR), '(\.\d\d)(\d*?)0+$', '\1\2') AS customer_revenue
FROM days, customers
