-- list_products_with_an_attribute, 10 in a second, within 50 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_metadata FROM underpin_bench.list_products_with_an_attribute WHERE n = :n \gset
SELECT id, category_id, sku, name, description, price, cost, currency_code, inventory_quantity, status, weight_kg, dimensions, metadata, created_at, updated_at
FROM public.products
WHERE metadata @> :p1_metadata
LIMIT 20;
