-- One row per product of the catalogue, and per sold product that the catalogue lacks. Definitions: docs/customer-analytics.md.
SELECT
  coalesce(product_id, code) AS product_id,
  name,
  coalesce(units, 0) AS units_sold,
  CAST(coalesce(ten_thousandths, 0) * 0.0001 AS DECIMAL(18,4)) AS revenue,
  coalesce(orders, 0) AS order_count,
  -- Rounds half up, a tie away from zero: (value + half of the divisor) ÷ divisor.
  CASE WHEN units > 0 THEN
    CAST(sign(ten_thousandths) * ((abs(ten_thousandths) + 50 * units) // (100 * units)) * 0.01 AS DECIMAL(18,2))
  END AS average_price,
  stock_on_hand,
  CASE WHEN units > 0 THEN stock_on_hand / (units / $history_days) END AS days_of_stock
FROM "extract_products"."products"
FULL JOIN "transform_product_metrics"."sold_codes" ON code = product_id
WHERE regexp_matches(coalesce(product_id, code), $product_code)
ORDER BY coalesce(product_id, code)
