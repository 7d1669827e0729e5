-- Pairs of one entry and one payment with the same provider and reference, in three rounds. Each round sees what the rounds before it left:
-- first equal amounts in equal currencies, then equal currencies, then the rest. Several of a kind pair in the order of amount and id.
WITH entries AS (
  SELECT entry_id, provider, reference, currency, amount,
         row_number() OVER (PARTITION BY provider, reference, currency, amount ORDER BY entry_id) AS place
  FROM "extract_ledger"."ledger"
),
paid AS (
  SELECT payment_id, provider, reference, currency, amount,
         row_number() OVER (PARTITION BY provider, reference, currency, amount ORDER BY payment_id) AS place
  FROM "match_payments"."payments"
),
equal AS (
  SELECT provider, entry_id, payment_id FROM entries JOIN paid USING (provider, reference, currency, amount, place)
),
entries_left AS (
  SELECT * EXCLUDE (place), row_number() OVER (PARTITION BY provider, reference, currency ORDER BY amount, entry_id) AS place
  FROM entries ANTI JOIN equal USING (entry_id)
),
paid_left AS (
  SELECT * EXCLUDE (place), row_number() OVER (PARTITION BY provider, reference, currency ORDER BY amount, payment_id) AS place
  FROM paid ANTI JOIN equal USING (provider, payment_id)
),
same_currency AS (
  SELECT provider, entry_id, payment_id FROM entries_left JOIN paid_left USING (provider, reference, currency, place)
),
entries_last AS (
  SELECT * EXCLUDE (place), row_number() OVER (PARTITION BY provider, reference ORDER BY amount, entry_id) AS place
  FROM entries_left ANTI JOIN same_currency USING (entry_id)
),
paid_last AS (
  SELECT * EXCLUDE (place), row_number() OVER (PARTITION BY provider, reference ORDER BY amount, payment_id) AS place
  FROM paid_left ANTI JOIN same_currency USING (provider, payment_id)
)
SELECT provider, entry_id, payment_id FROM equal
UNION ALL
SELECT provider, entry_id, payment_id FROM same_currency
UNION ALL
SELECT provider, entry_id, payment_id FROM entries_last JOIN paid_last USING (provider, reference, place)
ORDER BY provider, entry_id
