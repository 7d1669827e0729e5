-- One row per code on the order lines of the last day. is_product is false for shipping and fees.
WITH lines AS (
  SELECT order_id, unnest(items) AS line FROM "extract_orders"."recent_orders" WHERE CAST(order_date AS DATE) = CAST($end_date AS DATE)
),
sales AS (
  SELECT
    coalesce(line.product_id, '') AS code,
    CAST(sum(line.quantity) AS BIGINT) AS units,
    CAST(sum(line.quantity * CAST(line.price * 10000 AS BIGINT)) AS BIGINT) AS ten_thousandths,
    count(DISTINCT order_id) AS orders
  FROM lines
  GROUP BY code
)
SELECT
  code,
  name,
  regexp_matches(code, $product_code) AS is_product,
  units,
  CAST(ten_thousandths * 0.0001 AS DECIMAL(18,4)) AS revenue,
  orders AS order_count
FROM sales
LEFT JOIN "extract_products"."products" ON product_id = code
ORDER BY code
