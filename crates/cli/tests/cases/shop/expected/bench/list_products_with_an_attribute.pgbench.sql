-- list_products_with_an_attribute, 30 in a second, within 50 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_merchant_id, p2_attributes FROM underpin_bench.list_products_with_an_attribute WHERE n = :n \gset
SELECT id, merchant_id, category_id, sku, name, description, status, price_amount, currency, tax_rate, weight_grams, attributes, created_at, updated_at, deleted_at
FROM public.products
WHERE merchant_id = :p1_merchant_id AND status = 'active' AND attributes @> :p2_attributes AND deleted_at IS NULL
LIMIT 24;
