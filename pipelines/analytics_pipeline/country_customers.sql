-- Customers per country, most first.
SELECT country, count(*) AS customers
FROM "extract_customer_data"."customers"
GROUP BY country
ORDER BY customers DESC, country
