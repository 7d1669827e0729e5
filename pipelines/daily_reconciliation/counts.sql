SELECT
  count(*) AS items,
  count(*) FILTER (WHERE status = 'matched') AS matched,
  count(*) FILTER (WHERE status = 'within_tolerance') AS within_tolerance,
  count(*) FILTER (WHERE status NOT IN ('matched', 'within_tolerance')) AS open_items,
  count(entry_id) AS entries,
  count(payment_id) AS payments
FROM "match_payments"."items"
