-- Relative change from the day before, half up to eight decimals. Whole numbers, since a decimal that DuckDB divides becomes a double.
WITH whole AS (
  SELECT instrument, day, CAST(euro_price * 10000000000 AS HUGEINT) AS price FROM "model_returns"."euro_prices"
),
moves AS (
  SELECT instrument, day, price - lag(price) OVER days AS move, lag(price) OVER days AS before
  FROM whole
  WINDOW days AS (PARTITION BY instrument ORDER BY day)
)
SELECT
  instrument,
  day,
  -- A tie goes away from zero: (value + half of the divisor) ÷ divisor.
  CAST(CAST(sign(move) * ((2 * abs(move) * 100000000 + before) // (2 * before)) AS DECIMAL(20,0)) * 0.00000001 AS DECIMAL(12,8)) AS return
FROM moves
WHERE before IS NOT NULL
ORDER BY instrument, day
