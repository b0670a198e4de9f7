-- get_product_by_sku, 60 in a second, within 5 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_sku FROM underpin_bench.get_product_by_sku WHERE n = :n \gset
SELECT products.id, products.category_id, products.sku, products.name, products.description, products.price, products.cost, products.currency_code, products.inventory_quantity, products.status, products.weight_kg, products.dimensions, products.metadata, products.created_at, products.updated_at, product_categories.name AS product_categories_name, product_categories.description AS product_categories_description, product_categories.created_at AS product_categories_created_at
FROM public.products
JOIN public.product_categories ON product_categories.id = products.category_id
WHERE products.sku = :p1_sku
LIMIT 1;
