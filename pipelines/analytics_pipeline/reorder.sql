-- Products at or below their reorder point.
SELECT product_id, name, stock_on_hand
FROM "extract_inventory_data"."inventory"
WHERE stock_on_hand <= $reorder_point AND regexp_matches(product_id, $product_code)
ORDER BY product_id
