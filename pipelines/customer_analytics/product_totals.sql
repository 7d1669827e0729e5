-- Totals of the catalogue and its sales. `products_unknown` counts sold products that the catalogue lacks.
WITH catalogue AS (
  SELECT count(*) AS products FROM "extract_products"."products"
),
sales AS (
  SELECT
    count(*) AS rows,
    count(*) FILTER (WHERE order_count > 0) AS products_sold,
    CAST(coalesce(sum(units_sold), 0) AS BIGINT) AS units_sold,
    coalesce(sum(revenue), 0) AS revenue
  FROM "transform_product_metrics"."product_metrics"
)
SELECT
  products,
  products_sold,
  rows - products AS products_unknown,
  units_sold,
  regexp_replace(CAST(revenue AS VARCHAR), '(\.\d\d)(\d*?)0+$', '\1\2') AS revenue
FROM catalogue, sales
