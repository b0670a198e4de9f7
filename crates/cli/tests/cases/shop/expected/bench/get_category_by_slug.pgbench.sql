-- get_category_by_slug, 80 in a second, within 5 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_merchant_id, p2_slug FROM underpin_bench.get_category_by_slug WHERE n = :n \gset
SELECT id, merchant_id, parent_id, slug, name, "position", created_at, updated_at
FROM public.categories
WHERE merchant_id = :p1_merchant_id AND slug = :p2_slug
LIMIT 1;
