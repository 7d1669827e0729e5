-- The catalogue: 50,000 products, the same for the same $seed.
SELECT
  'P' || lpad(CAST(n AS VARCHAR), 5, '0') AS product_id,
  'Product ' || n AS name,
  CAST(hash($seed, n, 'stock') % 1000 AS BIGINT) AS stock_on_hand
FROM range(50000) AS numbers(n)
