-- Days and exceedances of each desk, and the probability of an exceedance that the value at risk states: worst ÷ (window + 1).
SELECT
  list({desk: desk, days: days, exceedances: exceedances} ORDER BY desk) AS desks,
  $window AS window,
  CAST(floor(($window + 1) * (1 - CAST($confidence AS DECIMAL(6,4)))) AS BIGINT) AS worst
FROM (
  SELECT desk, count(*) AS days, count(*) FILTER (WHERE exceeded) AS exceedances FROM "backtest"."statements" GROUP BY desk
)
