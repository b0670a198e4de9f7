-- list_subcategories, 80 in a second, within 10 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_merchant_id, p2_parent_id FROM underpin_bench.list_subcategories WHERE n = :n \gset
SELECT id, merchant_id, parent_id, slug, name, "position", created_at, updated_at
FROM public.categories
WHERE merchant_id = :p1_merchant_id AND parent_id = :p2_parent_id
ORDER BY "position", id
LIMIT 100;
