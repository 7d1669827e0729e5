-- The number of customers in the CRM, of new customers in the range, and of countries.
SELECT
  (SELECT count(*) FROM "extract_customer_data"."customers") AS record_count,
  (SELECT CAST(coalesce(sum(customers), 0) AS BIGINT) FROM "transform_customers"."new_customers") AS new_customers,
  (SELECT count(*) FROM "transform_customers"."country_customers") AS countries
