-- One user per ten orders, the same for the same $seed.
SELECT
  'U' || lpad(CAST(n AS VARCHAR), 8, '0') AS user_id,
  'user' || n || '@example.com' AS email,
  ['United Kingdom', 'France', 'Germany', 'Spain', 'Norway', 'Italy', 'Ireland'][CAST(1 + hash($seed, n, 'country') % 7 AS BIGINT)] AS country,
  TIMESTAMP '2021-01-01' + to_milliseconds(CAST(hash($seed, n, 'created') % 126230400000 AS BIGINT)) AS created_at
FROM range(CAST($orders // 10 AS BIGINT)) AS numbers(n)
