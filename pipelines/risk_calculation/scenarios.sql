-- The profit that the portfolio of today would have had on each past day; `total` is both desks. Exact sums, rounded once.
SELECT
  coalesce(desk, 'total') AS desk,
  day,
  CAST(round(sum(value * return), 2) AS DECIMAL(18,2)) AS profit
FROM "simulate"."values"
JOIN "model_returns"."returns" USING (instrument)
GROUP BY GROUPING SETS ((desk, day), (day))
ORDER BY desk, day
