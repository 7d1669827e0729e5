SELECT
  count(*) AS products,
  count(*) FILTER (WHERE quantity > 0) AS to_order,
  count(*) FILTER (WHERE runs_out) AS running_out,
  CAST(coalesce(sum(quantity), 0) AS BIGINT) AS units,
  CAST(coalesce(sum(cost), 0) AS VARCHAR) AS cost
FROM "plan_orders"."orders"
