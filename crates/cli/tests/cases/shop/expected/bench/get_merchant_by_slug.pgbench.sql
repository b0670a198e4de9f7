-- get_merchant_by_slug, 400 in a second, within 5 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_slug FROM underpin_bench.get_merchant_by_slug WHERE n = :n \gset
SELECT id, slug, name, contact_email, default_currency, status, created_at, updated_at
FROM public.merchants
WHERE slug = :p1_slug
LIMIT 1;
