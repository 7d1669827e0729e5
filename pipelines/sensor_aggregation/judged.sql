-- Each reading that was measured on the day, with its verdict. A sensor numbers its readings, so the first arrival of a number counts, and a gateway that
-- sends a reading again changes nothing.
WITH arrived AS (
  FROM "extract_readings"."readings"
  UNION ALL
  FROM "extract_readings"."later_readings"
),
known AS (
  SELECT
    arrived.*,
    CASE
      WHEN measured_at > received_at + to_minutes(CAST($clock_minutes AS BIGINT)) THEN 'clock_ahead'
      WHEN value IS NULL OR value NOT BETWEEN lowest AND highest THEN 'implausible'
      ELSE 'good'
    END AS verdict
  FROM arrived
  JOIN "extract_sensors"."sensors" USING (sensor_id)
  WHERE measured_at >= $partition_start AND measured_at < $partition_end
),
ranked AS (
  SELECT *, row_number() OVER (PARTITION BY sensor_id, sequence, verdict ORDER BY received_at, measured_at, value) AS place FROM known
)
SELECT sensor_id, sequence, measured_at, received_at, value, CASE WHEN verdict = 'good' AND place > 1 THEN 'duplicate' ELSE verdict END AS verdict
FROM ranked
ORDER BY sensor_id, sequence, received_at, measured_at, value
