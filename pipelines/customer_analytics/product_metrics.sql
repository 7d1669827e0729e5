-- One row per product of the catalogue, and per sold product that the catalogue lacks. Definitions: docs/customer-analytics.md.
-- A product on two lines of one order counts as one order: only its first line adds to order_count. The query finds that line within
-- the order's own list, which is short; a count(DISTINCT order_id) would keep every pair of order and product.
WITH listed AS (
  SELECT items, list_transform(items, lambda line: line.product_id) AS ids FROM "extract_orders"."orders"
),
lines AS (
  SELECT
    unnest(items) AS line,
    unnest(list_transform(ids, lambda id, place: CAST(list_position(ids, id) = place AS INTEGER))) AS orders
  FROM listed
),
-- Whole ten-thousandths: exact, and several times faster to multiply than wide decimals.
sales AS (
  SELECT
    line.product_id AS product_id,
    CAST(sum(line.quantity) AS BIGINT) AS units,
    CAST(sum(line.quantity * CAST(line.price * 10000 AS BIGINT)) AS BIGINT) AS ten_thousandths,
    CAST(sum(orders) AS BIGINT) AS orders
  FROM lines
  GROUP BY line.product_id
)
SELECT
  product_id,
  name,
  coalesce(units, 0) AS units_sold,
  CAST(coalesce(ten_thousandths, 0) * 0.0001 AS DECIMAL(18,4)) AS revenue,
  coalesce(orders, 0) AS order_count,
  -- Rounds half up, a tie away from zero: (value + half of the divisor) ÷ divisor.
  CASE WHEN units > 0 THEN
    CAST(sign(ten_thousandths) * ((abs(ten_thousandths) + 50 * units) // (100 * units)) * 0.01 AS DECIMAL(18,2))
  END AS average_price,
  stock_on_hand,
  CASE WHEN units > 0 THEN stock_on_hand / (units / (CAST($end_date AS DATE) - CAST($start_date AS DATE) + 1)) END AS days_of_stock
FROM "extract_products"."products"
FULL JOIN sales USING (product_id)
ORDER BY product_id
