-- list_expired_carts, 0.0033 in a second, within 200 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_expires_at_to FROM underpin_bench.list_expired_carts WHERE n = :n \gset
SELECT id, merchant_id, user_id, status, currency, expires_at, created_at, updated_at
FROM public.carts
WHERE status = 'active' AND expires_at < :p1_expires_at_to
ORDER BY expires_at, id
LIMIT 1000;
