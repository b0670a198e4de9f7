-- list_products_of_a_category_by_price, 50 in a second, within 20 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_category_id FROM underpin_bench.list_products_of_a_category_by_price WHERE n = :n \gset
SELECT id, category_id, sku, name, description, price, cost, currency_code, inventory_quantity, status, weight_kg, dimensions, metadata, created_at, updated_at
FROM public.products
WHERE category_id = :p1_category_id AND status = 'active'
ORDER BY price, id
LIMIT 20;
