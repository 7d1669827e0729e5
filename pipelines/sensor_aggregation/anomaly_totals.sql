SELECT
  count(*) AS anomalies,
  count(*) FILTER (WHERE kind = 'spike') AS spikes,
  count(*) FILTER (WHERE kind = 'stuck') AS stuck,
  count(*) FILTER (WHERE kind = 'silent') AS silent
FROM "find_anomalies"."anomalies"
