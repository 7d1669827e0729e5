-- One row per product of the warehouse and day of the history, from the product's first sale on. Files have no line for a day without a sale: that is a zero.
WITH days AS (
  SELECT CAST(unnest(generate_series(CAST($as_of AS DATE) - CAST($history_days - 1 AS INTEGER), CAST($as_of AS DATE), INTERVAL 1 DAY)) AS DATE) AS day
),
sold AS (
  SELECT product_id, day, units, min(day) OVER (PARTITION BY product_id) AS first_day
  FROM "extract_sales"."sales"
  WHERE day <= CAST($as_of AS DATE)
),
products AS (
  SELECT product_id, min(first_day) AS first_day FROM sold JOIN "extract_stock"."stock" USING (product_id) GROUP BY product_id
)
SELECT products.product_id AS product_id, days.day AS day, coalesce(units, 0) AS units
FROM products
JOIN days ON days.day >= first_day
LEFT JOIN sold ON sold.product_id = products.product_id AND sold.day = days.day
ORDER BY products.product_id, days.day
