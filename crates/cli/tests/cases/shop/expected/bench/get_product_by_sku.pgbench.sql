-- get_product_by_sku, 30 in a second, within 5 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_merchant_id, p2_sku FROM underpin_bench.get_product_by_sku WHERE n = :n \gset
SELECT products.id, products.merchant_id, products.category_id, products.sku, products.name, products.description, products.status, products.price_amount, products.currency, products.tax_rate, products.weight_grams, products.attributes, products.created_at, products.updated_at, products.deleted_at, stock_items.quantity_on_hand AS stock_items_quantity_on_hand, stock_items.quantity_reserved AS stock_items_quantity_reserved, stock_items.updated_at AS stock_items_updated_at
FROM public.products
LEFT JOIN public.stock_items ON products.merchant_id = stock_items.merchant_id AND products.id = stock_items.product_id
WHERE products.merchant_id = :p1_merchant_id AND products.sku = :p2_sku AND products.deleted_at IS NULL
LIMIT 1;
