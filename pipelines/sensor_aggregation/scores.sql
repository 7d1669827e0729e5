-- The distance of each mean from the median of the twelve quarter-hours around it, as a modified z-score over the sensor's day (Iglewicz and Hoaglin, 1993):
-- 0.6745 × distance ÷ median of all absolute distances. The window itself is left out of its median, or many distances would be 0, and the spread too small. Windows of a stuck sensor measure nothing, so they count like silence. A window with fewer than four
-- measured neighbours on a side has no score: at midnight, and beside silence, a course that rises or falls would look like a spike.
WITH measured AS (
  SELECT *, readings > 1 AND least = most AS is_stuck, CASE WHEN readings > 1 AND least = most THEN NULL ELSE mean END AS valid
  FROM "aggregate"."windows"
),
smoothed AS (
  SELECT
    *,
    median(valid) OVER (PARTITION BY sensor_id ORDER BY begins ROWS BETWEEN 6 PRECEDING AND 6 FOLLOWING EXCLUDE CURRENT ROW) AS baseline,
    count(valid) OVER (PARTITION BY sensor_id ORDER BY begins ROWS BETWEEN 6 PRECEDING AND 1 PRECEDING) AS before,
    count(valid) OVER (PARTITION BY sensor_id ORDER BY begins ROWS BETWEEN 1 FOLLOWING AND 6 FOLLOWING) AS after
  FROM measured
),
distances AS (
  SELECT *, CASE WHEN before >= 4 AND after >= 4 THEN valid - baseline END AS distance FROM smoothed
),
spreads AS (
  SELECT *, median(abs(distance)) OVER (PARTITION BY sensor_id) AS spread FROM distances
),
scored AS (
  SELECT *, CASE WHEN spread > 0 THEN 0.6745 * distance / spread END AS score FROM spreads
)
SELECT
  sensor_id,
  begins,
  baseline,
  score,
  CASE
    WHEN readings = 0 THEN 'silent'
    WHEN is_stuck THEN 'stuck'
    WHEN abs(score) > $threshold THEN 'spike'
  END AS kind
FROM scored
ORDER BY sensor_id, begins
