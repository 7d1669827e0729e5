-- The payments of both providers. A payment's id is unique within its provider only.
SELECT 'cards' AS provider, payment_id, reference, amount, currency FROM "extract_card_payments"."payments"
UNION ALL
SELECT 'bank' AS provider, payment_id, reference, amount, currency FROM "extract_bank_payments"."payments"
ORDER BY provider, payment_id
