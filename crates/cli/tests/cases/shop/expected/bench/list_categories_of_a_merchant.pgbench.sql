-- list_categories_of_a_merchant, 60 in a second, within 20 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_merchant_id FROM underpin_bench.list_categories_of_a_merchant WHERE n = :n \gset
SELECT id, merchant_id, parent_id, slug, name, "position", created_at, updated_at
FROM public.categories
WHERE merchant_id = :p1_merchant_id
ORDER BY "position", id
LIMIT 500;
