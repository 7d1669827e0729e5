-- Order up to what is expected until the next order could arrive (lead time + review), plus safety stock: the service factor times the deviation that the
-- back-test found for sums over that many days. Quantities are whole packs. Products without a forecast have too little history.
WITH expected AS (
  SELECT product_id, sum(expected) FILTER (WHERE ahead <= protection_days) AS expected
  FROM "forecast_demand"."forecasts"
  JOIN "forecast_demand"."accuracy" USING (product_id)
  GROUP BY product_id
),
-- Days until the stock on hand is sold: days on which the demand up to then is still covered.
running AS (
  SELECT product_id, ahead, sum(expected) OVER (PARTITION BY product_id ORDER BY ahead) AS sold FROM "forecast_demand"."forecasts"
),
lasting AS (
  SELECT product_id, count(*) FILTER (WHERE sold <= stock_on_hand) AS days_left, count(*) AS days
  FROM running JOIN "extract_stock"."stock" USING (product_id)
  GROUP BY product_id
),
levels AS (
  SELECT *, $service_factor * protection_deviation AS safety_stock,
    CAST(ceil(expected + $service_factor * protection_deviation) AS BIGINT) AS order_up_to
  FROM "extract_stock"."stock"
  JOIN "forecast_demand"."accuracy" USING (product_id)
  JOIN expected USING (product_id)
  JOIN lasting USING (product_id)
),
quantities AS (
  SELECT *, greatest(0, (order_up_to - stock_on_hand - on_order + pack_size - 1) // pack_size) * pack_size AS quantity FROM levels
)
SELECT
  product_id,
  name,
  stock_on_hand,
  on_order,
  lead_days,
  protection_days,
  expected,
  safety_stock,
  order_up_to,
  quantity,
  CAST(quantity * unit_cost AS DECIMAL(18,2)) AS cost,
  days_left,
  -- An order of today comes too late.
  days_left < lead_days AND on_order = 0 AS runs_out
FROM quantities
ORDER BY product_id
