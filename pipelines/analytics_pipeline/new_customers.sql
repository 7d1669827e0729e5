-- Customers created in each period of the range, by the CRM's date. Periods without one have a row too. Weeks begin on Monday.
WITH periods AS (
  SELECT CAST(unnest(generate_series(
    date_trunc($granularity, CAST($start_date AS TIMESTAMP)), CAST($end_date AS TIMESTAMP), CAST('1 ' || $granularity AS INTERVAL)
  )) AS DATE) AS period
),
created AS (
  SELECT CAST(date_trunc($granularity, created_at) AS DATE) AS period, count(*) AS customers
  FROM "extract_customer_data"."customers"
  WHERE CAST(created_at AS DATE) BETWEEN CAST($start_date AS DATE) AND CAST($end_date AS DATE)
  GROUP BY ALL
)
SELECT period, coalesce(customers, 0) AS customers
FROM periods
LEFT JOIN created USING (period)
ORDER BY period
