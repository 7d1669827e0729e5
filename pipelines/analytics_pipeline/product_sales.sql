-- Units and revenue of each sold product. Sums are exact: whole ten-thousandths. Lines of shipping and fees are no products.
WITH lines AS (
  SELECT unnest(items) AS line FROM "extract_sales_data"."sales"
)
SELECT
  line.product_id AS product_id,
  CAST(sum(line.quantity) AS BIGINT) AS units_sold,
  CAST(CAST(sum(line.quantity * CAST(line.price * 10000 AS BIGINT)) AS BIGINT) * 0.0001 AS DECIMAL(18,4)) AS revenue
FROM lines
WHERE regexp_matches(line.product_id, $product_code)
GROUP BY line.product_id
ORDER BY product_id
