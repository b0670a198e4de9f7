-- get_product_page, 250 in a second, within 10 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_merchant_id, p2_id FROM underpin_bench.get_product_page WHERE n = :n \gset
SELECT products.id, products.merchant_id, products.category_id, products.sku, products.name, products.description, products.status, products.price_amount, products.currency, products.tax_rate, products.weight_grams, products.attributes, products.created_at, products.updated_at, products.deleted_at, categories.slug AS categories_slug, categories.name AS categories_name, categories."position" AS categories_position, categories.created_at AS categories_created_at, categories.updated_at AS categories_updated_at, stock_items.quantity_on_hand AS stock_items_quantity_on_hand, stock_items.quantity_reserved AS stock_items_quantity_reserved, stock_items.updated_at AS stock_items_updated_at
FROM public.products
JOIN public.categories ON categories.merchant_id = products.merchant_id AND categories.id = products.category_id
LEFT JOIN public.stock_items ON products.merchant_id = stock_items.merchant_id AND products.id = stock_items.product_id
WHERE products.merchant_id = :p1_merchant_id AND products.id = :p2_id AND products.deleted_at IS NULL
LIMIT 1;
