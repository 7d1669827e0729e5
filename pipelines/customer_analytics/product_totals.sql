-- Totals of the catalogue's products, their sales, and shipping and fees, over the days of the history. `products_unknown` counts sold products that the catalogue lacks.
WITH catalogue AS (
  SELECT count(*) AS products FROM "extract_products"."products" WHERE regexp_matches(product_id, $product_code)
),
sales AS (
  SELECT
    count(*) AS rows,
    count(*) FILTER (WHERE order_count > 0) AS products_sold,
    CAST(coalesce(sum(units_sold), 0) AS BIGINT) AS units_sold,
    coalesce(sum(revenue), 0) AS revenue
  FROM "transform_product_metrics"."product_metrics"
),
charges AS (
  SELECT coalesce(sum(revenue), 0) AS revenue FROM "transform_product_metrics"."shipping_and_fees"
)
SELECT
  products,
  products_sold,
  rows - products AS products_unknown,
  units_sold,
  regexp_replace(CAST(sales.revenue AS VARCHAR), '(\.\d\d)(\d*?)0+$', '\1\2') AS revenue,
  regexp_replace(CAST(charges.revenue AS VARCHAR), '(\.\d\d)(\d*?)0+$', '\1\2') AS shipping_and_fees,
  $history_days AS history_days
FROM catalogue, sales, charges
