-- One row per code on the order lines, products and charges alike. A line without a code counts under ''.
-- A code on two lines of one order counts as one order: only its first line adds to order_count. The query finds that line within
-- the order's own list, which is short; a count(DISTINCT order_id) would keep every pair of order and code.
WITH listed AS (
  SELECT items, list_transform(items, lambda line: coalesce(line.product_id, '')) AS ids FROM "extract_orders"."orders"
),
lines AS (
  SELECT
    unnest(items) AS line,
    unnest(list_transform(ids, lambda id, place: CAST(list_position(ids, id) = place AS INTEGER))) AS orders
  FROM listed
)
-- Whole ten-thousandths: exact, and several times faster to multiply than wide decimals.
SELECT
  coalesce(line.product_id, '') AS code,
  CAST(sum(line.quantity) AS BIGINT) AS units,
  CAST(sum(line.quantity * CAST(line.price * 10000 AS BIGINT)) AS BIGINT) AS ten_thousandths,
  CAST(sum(orders) AS BIGINT) AS orders
FROM lines
GROUP BY code
ORDER BY code
