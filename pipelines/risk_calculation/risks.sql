-- With n scenarios, value at risk is the k-th greatest loss, k = floor((n + 1) × (1 - confidence)): if tomorrow is like the n past days, it is worse with
-- probability k ÷ (n + 1). Expected shortfall is the mean of the k greatest losses, half up. A negative figure is a gain. With fewer days than the window
-- both are null, which blocks the step.
WITH latest AS (
  SELECT *, row_number() OVER (PARTITION BY desk ORDER BY day DESC) AS age FROM "simulate"."scenarios"
),
ranked AS (
  SELECT *, row_number() OVER (PARTITION BY desk ORDER BY profit, day) AS place, count(*) OVER (PARTITION BY desk) AS scenarios
  FROM latest WHERE age <= $window
),
tails AS (
  SELECT *, CAST(floor(($window + 1) * (1 - CAST($confidence AS DECIMAL(6,4)))) AS BIGINT) AS worst FROM ranked
),
sums AS (
  SELECT desk, scenarios, worst, max(-profit) FILTER (WHERE place = worst) AS value_at_risk, CAST(sum(profit) FILTER (WHERE place <= worst) * -100 AS HUGEINT) AS cents
  FROM tails
  GROUP BY desk, scenarios, worst
)
SELECT
  desk,
  scenarios,
  worst,
  CASE WHEN scenarios = $window THEN CAST(value_at_risk AS DECIMAL(18,2)) END AS value_at_risk,
  CASE WHEN scenarios = $window THEN CAST(CAST(sign(cents) * ((2 * abs(cents) + worst) // (2 * worst)) AS DECIMAL(20,0)) * 0.01 AS DECIMAL(18,2)) END AS expected_shortfall
FROM sums
ORDER BY desk
