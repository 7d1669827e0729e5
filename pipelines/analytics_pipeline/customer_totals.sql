-- Customers that the CRM knows, those of them that are new in the range, and their countries.
SELECT
  (SELECT count(*) FROM "extract_customer_data"."customers") AS record_count,
  (SELECT CAST(coalesce(sum(customers), 0) AS BIGINT) FROM "transform_customers"."new_customers") AS new_customers,
  (SELECT count(*) FROM "transform_customers"."country_customers") AS countries
