-- Items and exact amounts of each provider, currency and verdict. Each side counts in its own currency, an item in that of its entry if it has one.
-- So ledger + the sum of (provider - ledger) over all verdicts = provider, for each provider and currency.
WITH sides AS (
  SELECT provider, ledger_currency AS currency, status, 1 AS items, ledger_amount, NULL AS provider_amount
  FROM "match_payments"."items" WHERE entry_id IS NOT NULL
  UNION ALL
  SELECT provider, provider_currency, status, CASE WHEN entry_id IS NULL THEN 1 ELSE 0 END, NULL, provider_amount
  FROM "match_payments"."items" WHERE payment_id IS NOT NULL
)
SELECT
  provider,
  currency,
  status,
  CAST(sum(items) AS BIGINT) AS items,
  CAST(coalesce(sum(ledger_amount), 0) AS DECIMAL(38,2)) AS ledger_amount,
  CAST(coalesce(sum(provider_amount), 0) AS DECIMAL(38,2)) AS provider_amount
FROM sides
GROUP BY provider, currency, status
ORDER BY provider, currency, status
