-- list_products_in_stock_of_a_category, 120 in a second, within 20 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_category_id, p2_inventory_quantity_from FROM underpin_bench.list_products_in_stock_of_a_category WHERE n = :n \gset
SELECT products.id, products.category_id, products.sku, products.name, products.description, products.price, products.cost, products.currency_code, products.inventory_quantity, products.status, products.weight_kg, products.dimensions, products.metadata, products.created_at, products.updated_at, product_categories.name AS product_categories_name, product_categories.description AS product_categories_description, product_categories.created_at AS product_categories_created_at
FROM public.products
JOIN public.product_categories ON product_categories.id = products.category_id
WHERE products.category_id = :p1_category_id AND products.status = 'active' AND products.inventory_quantity > :p2_inventory_quantity_from
ORDER BY products.name, products.id
LIMIT 20;
