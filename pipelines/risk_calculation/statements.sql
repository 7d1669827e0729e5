-- The value at risk of each of the last days as it was stated the evening before, from the scenarios before that day alone, and the day's profit.
WITH windows AS (
  SELECT
    desk,
    day,
    profit,
    list(profit) OVER (PARTITION BY desk ORDER BY day ROWS BETWEEN $window PRECEDING AND 1 PRECEDING) AS before,
    row_number() OVER (PARTITION BY desk ORDER BY day DESC) AS age
  FROM "simulate"."scenarios"
),
stated AS (
  SELECT desk, day, profit,
    CAST(-list_sort(before)[CAST(floor(($window + 1) * (1 - CAST($confidence AS DECIMAL(6,4)))) AS BIGINT)] AS DECIMAL(18,2)) AS value_at_risk
  FROM windows
  WHERE age <= $backtest_days AND len(before) = $window
)
SELECT desk, day, value_at_risk, profit, profit < -value_at_risk AS exceeded
FROM stated
ORDER BY desk, day
