-- list_newest_products, 40 in a second, within 20 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_merchant_id FROM underpin_bench.list_newest_products WHERE n = :n \gset
SELECT id, merchant_id, category_id, sku, name, description, status, price_amount, currency, tax_rate, weight_grams, attributes, created_at, updated_at, deleted_at
FROM public.products
WHERE merchant_id = :p1_merchant_id AND status = 'active' AND deleted_at IS NULL
ORDER BY created_at DESC, id DESC
LIMIT 24;
