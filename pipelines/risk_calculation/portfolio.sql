SELECT
  count(*) AS positions,
  CAST(sum(value) AS VARCHAR) AS value,
  CAST(coalesce(sum(value) FILTER (WHERE desk = 'equities'), 0) AS VARCHAR) AS equities,
  CAST(coalesce(sum(value) FILTER (WHERE desk = 'bonds'), 0) AS VARCHAR) AS bonds
FROM "simulate"."values"
