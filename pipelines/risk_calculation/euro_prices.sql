-- Prices of the held instruments in euro, up to the day of valuation. A missing rate leaves a null, which blocks the step.
WITH held AS (
  SELECT DISTINCT instrument, currency FROM "extract_positions"."positions"
)
SELECT
  instrument,
  prices.day AS day,
  CAST(price * CASE WHEN currency = 'EUR' THEN CAST(1 AS DECIMAL(10,6)) ELSE rate END AS DECIMAL(22,10)) AS euro_price
FROM held
JOIN "extract_prices"."prices" AS prices USING (instrument)
LEFT JOIN "extract_rates"."rates" AS rates USING (day, currency)
WHERE prices.day <= CAST($as_of AS DATE)
ORDER BY instrument, day
