-- The value of each position in euro on the day of valuation, half up to cents. Without a price of that day there is no value, and nothing goes on.
SELECT desk, instrument, CAST(round(quantity * euro_price, 2) AS DECIMAL(18,2)) AS value
FROM "extract_positions"."positions"
JOIN "model_returns"."euro_prices" USING (instrument)
WHERE day = CAST($as_of AS DATE)
ORDER BY desk, instrument
