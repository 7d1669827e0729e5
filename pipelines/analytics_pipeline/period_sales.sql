-- Orders and revenue of each period that the range touches, named by its first day. Periods without an order have a row too. Weeks begin on Monday.
WITH periods AS (
  SELECT CAST(unnest(generate_series(
    date_trunc($granularity, CAST($start_date AS TIMESTAMP)), CAST($end_date AS TIMESTAMP), CAST('1 ' || $granularity AS INTERVAL)
  )) AS DATE) AS period
),
sales AS (
  SELECT CAST(date_trunc($granularity, order_date) AS DATE) AS period, count(*) AS orders, sum(total_amount) AS revenue
  FROM "extract_sales_data"."sales"
  GROUP BY ALL
)
SELECT period, coalesce(orders, 0) AS orders, CAST(coalesce(revenue, 0) AS DECIMAL(18,4)) AS revenue
FROM periods
FULL JOIN sales USING (period)
ORDER BY period
