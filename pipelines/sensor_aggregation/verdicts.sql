SELECT
  count(*) AS readings,
  count(*) FILTER (WHERE verdict = 'good') AS good,
  count(*) FILTER (WHERE verdict = 'duplicate') AS duplicates,
  count(*) FILTER (WHERE verdict = 'clock_ahead') AS clock_ahead,
  count(*) FILTER (WHERE verdict = 'implausible') AS implausible
FROM "clean_readings"."judged"
