-- Totals of the stock of products; the catalogue may list shipping and fees too.
SELECT
  count(*) AS record_count,
  CAST(coalesce(sum(stock_on_hand), 0) AS BIGINT) AS total_quantity_on_hand,
  count(*) FILTER (WHERE stock_on_hand <= $reorder_point) AS reorder_alerts,
  count(*) FILTER (WHERE stock_on_hand = 0) AS out_of_stock
FROM "extract_inventory_data"."inventory"
WHERE regexp_matches(product_id, $product_code)
