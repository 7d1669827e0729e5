-- One row per sensor and quarter-hour of the day. The sum is one of decimals, so the order in which readings arrive does not change even the last bit of a mean.
WITH grid AS (
  SELECT sensor_id, interval_seconds, unnest(generate_series(CAST($partition_start AS TIMESTAMP), CAST($partition_end AS TIMESTAMP) - INTERVAL 15 MINUTE, INTERVAL 15 MINUTE)) AS begins
  FROM "extract_sensors"."sensors"
),
sums AS (
  SELECT
    sensor_id,
    time_bucket(INTERVAL 15 MINUTE, measured_at) AS begins,
    count(*) AS readings,
    count(*) FILTER (WHERE received_at > time_bucket(INTERVAL 15 MINUTE, measured_at) + INTERVAL 15 MINUTE + to_minutes(CAST($late_minutes AS BIGINT))) AS late,
    CAST(sum(CAST(value AS DECIMAL(18,6))) AS DOUBLE) / count(*) AS mean,
    min(value) AS least,
    max(value) AS most
  FROM "clean_readings"."judged"
  WHERE verdict = 'good'
  GROUP BY ALL
)
SELECT
  sensor_id,
  begins,
  coalesce(readings, 0) AS readings,
  900 // interval_seconds AS expected,
  coalesce(late, 0) AS late,
  mean,
  least,
  most
FROM grid
LEFT JOIN sums USING (sensor_id, begins)
ORDER BY sensor_id, begins
