-- $orders orders of 2025, the same for the same $seed: 1 to 4 lines each (2.5 on average) from 50,500 products of which the catalogue has 50,000, most of them
-- of the popular ones; 5% of guests, and 2% of customers that the CRM does not know..
WITH drawn AS (
  SELECT n, list_transform(range(CAST(1 + hash($seed, n, 'lines') % 4 AS BIGINT)), lambda line: hash($seed, n, line)) AS draws
  FROM range(CAST($orders AS BIGINT)) AS numbers(n)
),
filled AS (
  SELECT n, list_transform(draws, lambda draw: {
    'product_id': 'P' || lpad(CAST((draw % 50500) * ((draw >> 20) % 50500) // 50500 AS VARCHAR), 5, '0'),
    'quantity': CAST(1 + (draw >> 40) % 9 AS BIGINT),
    'price': CAST((1 + (draw >> 44) % 40000) * 0.0025 AS DECIMAL(18,4))
  }) AS items
  FROM drawn
)
SELECT
  'O' || lpad(CAST(n AS VARCHAR), 9, '0') AS order_id,
  CASE WHEN hash($seed, n, 'guest') % 20 > 0 THEN
    'U' || lpad(CAST(hash($seed, n, 'customer') % CAST($orders * 1.02 // 10 AS UBIGINT) AS VARCHAR), 8, '0')
  END AS customer_id,
  TIMESTAMP '2025-01-01' + to_milliseconds(CAST(hash($seed, n, 'moment') % 31536000000 AS BIGINT)) AS order_date,
  CAST(list_sum(list_transform(items, lambda line: line.quantity * line.price)) AS DECIMAL(18,4)) AS total_amount,
  items
FROM filled
