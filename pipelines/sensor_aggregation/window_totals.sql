SELECT
  count(DISTINCT sensor_id) AS sensors,
  CAST(sum(readings) AS BIGINT) AS readings,
  CAST(sum(expected) AS BIGINT) AS expected,
  CAST(sum(late) AS BIGINT) AS late,
  count(*) FILTER (WHERE readings = 0) AS empty_windows
FROM "aggregate"."windows"
