-- One row per pair, per entry without a payment, and per payment without an entry, each with its verdict (docs/daily-reconciliation.md).
-- difference = provider - ledger; null between two currencies.
WITH joined AS (
  SELECT
    coalesce(entry.provider, payment.provider) AS provider,
    coalesce(entry.reference, payment.reference) AS reference,
    entry.entry_id AS entry_id,
    payment.payment_id AS payment_id,
    entry.currency AS ledger_currency,
    payment.currency AS provider_currency,
    entry.amount AS ledger_amount,
    payment.amount AS provider_amount
  FROM "extract_ledger"."ledger" AS entry
  LEFT JOIN "match_payments"."pairs" AS pair ON pair.entry_id = entry.entry_id
  FULL JOIN "match_payments"."payments" AS payment
    ON payment.provider = pair.provider AND payment.payment_id = pair.payment_id
),
judged AS (
  SELECT *,
    -- One digit more than either amount has.
    CAST(coalesce(provider_amount, 0) AS DECIMAL(19,2)) - CAST(coalesce(ledger_amount, 0) AS DECIMAL(19,2)) AS off,
    bool_or(entry_id IS NOT NULL AND payment_id IS NOT NULL) OVER (PARTITION BY provider, reference) AS has_pair
  FROM joined
)
SELECT
  provider,
  reference,
  CASE
    WHEN payment_id IS NULL THEN CASE WHEN has_pair THEN 'duplicate_in_ledger' ELSE 'missing_at_provider' END
    WHEN entry_id IS NULL THEN CASE WHEN has_pair THEN 'duplicate_at_provider' ELSE 'missing_in_ledger' END
    WHEN ledger_currency <> provider_currency THEN 'currency_differs'
    WHEN ledger_amount = provider_amount THEN 'matched'
    WHEN abs(off) <= CAST($tolerance AS DECIMAL(18,2)) THEN 'within_tolerance'
    ELSE 'amount_differs'
  END AS status,
  entry_id,
  payment_id,
  ledger_currency,
  provider_currency,
  ledger_amount,
  provider_amount,
  CASE WHEN ledger_currency <> provider_currency THEN NULL ELSE CAST(off AS DECIMAL(19,2)) END AS difference
FROM judged
ORDER BY provider, reference, entry_id, payment_id
