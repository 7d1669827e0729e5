-- One row per user of the CRM with at least one order in the range. Definitions: docs/customer-analytics.md.
-- Sums the orders before it joins the users: the join then has one row per customer, not one per order.
WITH accounts AS (
  SELECT
    customer_id,
    count(*) AS orders,
    CAST(sum(total_amount) AS DECIMAL(18,4)) AS spent,
    CAST(min(order_date) AS DATE) AS first_day,
    CAST(max(order_date) AS DATE) AS last_day
  FROM "extract_orders"."orders"
  WHERE customer_id IS NOT NULL
  GROUP BY customer_id
),
-- A decimal division gives a DOUBLE, so the average uses whole numbers: ten-thousandths here, cents below.
counted AS (
  SELECT *, CAST(spent * 10000 AS BIGINT) AS ten_thousandths FROM accounts
)
SELECT
  customer_id,
  email,
  country,
  CAST(created_at AS DATE) AS acquisition_date,
  CASE
    WHEN spent >= 1000 AND orders >= 10 THEN 'VIP'
    WHEN spent >= 500 OR orders >= 5 THEN 'Regular'
    WHEN spent >= 100 OR orders >= 2 THEN 'Occasional'
    ELSE 'New'
  END AS customer_segment,
  orders AS total_orders,
  spent AS total_lifetime_value,
  -- Rounds half up, a tie away from zero: (value + half of the divisor) ÷ divisor.
  CAST(sign(ten_thousandths) * ((abs(ten_thousandths) + 50 * orders) // (100 * orders)) * 0.01 AS DECIMAL(18,2)) AS average_order_value,
  CASE WHEN last_day > first_day THEN (orders - 1) / ((last_day - first_day) / 30) ELSE 0 END AS order_frequency,
  CAST($end_date AS DATE) - last_day AS days_since_last_order
FROM counted
JOIN "extract_users"."users" ON user_id = customer_id
ORDER BY customer_id
