-- Totals of the sales. `best_period` has the highest revenue, the earliest of equals; null without an order.
WITH sums AS (
  SELECT CAST(coalesce(sum(orders), 0) AS BIGINT) AS orders, CAST(coalesce(sum(revenue), 0) AS DECIMAL(18,4)) AS revenue
  FROM "transform_sales"."period_sales"
),
counted AS (
  SELECT *, CAST(revenue * 10000 AS BIGINT) AS ten_thousandths FROM sums
),
best AS (
  SELECT period, CAST(revenue * 10000 AS BIGINT) AS ten_thousandths
  FROM "transform_sales"."period_sales"
  WHERE orders > 0
  ORDER BY revenue DESC, period
  LIMIT 1
)
SELECT
  orders AS record_count,
  regexp_replace(CAST(revenue AS VARCHAR), '(\.\d\d)(\d*?)0+$', '\1\2') AS total_revenue,
  -- Rounds half up, a tie away from zero: (value + half of the divisor) ÷ divisor.
  CASE WHEN orders > 0 THEN
    CAST(CAST(sign(ten_thousandths) * ((abs(ten_thousandths) + 50 * orders) // (100 * orders)) * 0.01 AS DECIMAL(18,2)) AS VARCHAR)
  END AS average_order_value,
  (SELECT CAST(coalesce(sum(revenue), 0) AS VARCHAR) FROM "transform_sales"."product_sales") AS product_revenue,
  (SELECT CAST(coalesce(sum(revenue), 0) AS VARCHAR) FROM "transform_sales"."shipping_and_fees") AS shipping_and_fees,
  $granularity AS granularity,
  (
    SELECT {
      'period': CAST(period AS VARCHAR),
      'revenue': CAST(CAST(sign(ten_thousandths) * ((abs(ten_thousandths) + 50) // 100) * 0.01 AS DECIMAL(18,2)) AS VARCHAR)
    } FROM best
  ) AS best_period
FROM counted
