-- One row per code on the order lines that is no product: postage, carriage, manual entries, fees. The catalogue may know its name.
SELECT
  code,
  name,
  units,
  CAST(ten_thousandths * 0.0001 AS DECIMAL(18,4)) AS revenue,
  orders AS order_count
FROM "transform_product_metrics"."sold_codes"
LEFT JOIN "extract_products"."products" ON product_id = code
WHERE NOT regexp_matches(code, $product_code)
ORDER BY code
