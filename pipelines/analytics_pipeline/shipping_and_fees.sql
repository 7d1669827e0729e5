-- Units and revenue of each code on the order lines that is no product. A line without a code counts under ''.
WITH lines AS (
  SELECT coalesce(line.product_id, '') AS code, line.quantity AS quantity, line.price AS price
  FROM (SELECT unnest(items) AS line FROM "extract_sales_data"."sales")
)
SELECT
  code,
  CAST(sum(quantity) AS BIGINT) AS units,
  CAST(CAST(sum(quantity * CAST(price * 10000 AS BIGINT)) AS BIGINT) * 0.0001 AS DECIMAL(18,4)) AS revenue
FROM lines
WHERE NOT regexp_matches(code, $product_code)
GROUP BY code
ORDER BY code
