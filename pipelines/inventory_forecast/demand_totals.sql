SELECT count(DISTINCT product_id) AS products, CAST(coalesce(sum(units), 0) AS BIGINT) AS units FROM "daily_demand"."demand"
