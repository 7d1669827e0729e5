-- Quarter-hours of one kind that follow each other are one anomaly. Silence of half an hour counts, and an hour of equal values; a spike counts at once.
WITH runs AS (
  SELECT *, begins - to_minutes(15 * row_number() OVER (PARTITION BY sensor_id, kind ORDER BY begins)) AS island
  FROM "find_anomalies"."scores"
  WHERE kind IS NOT NULL
)
SELECT
  sensor_id,
  kind,
  min(begins) AS begins,
  max(begins) + INTERVAL 15 MINUTE AS ends,
  count(*) AS windows,
  max(abs(score)) AS score
FROM runs
GROUP BY sensor_id, kind, island
HAVING count(*) >= CASE kind WHEN 'silent' THEN 2 WHEN 'stuck' THEN 4 ELSE 1 END
ORDER BY sensor_id, begins, kind
