-- get_active_cart_of_a_user, 150 in a second, within 5 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_merchant_id, p2_user_id FROM underpin_bench.get_active_cart_of_a_user WHERE n = :n \gset
SELECT id, merchant_id, user_id, status, currency, expires_at, created_at, updated_at
FROM public.carts
WHERE merchant_id = :p1_merchant_id AND user_id = :p2_user_id AND status = 'active'
LIMIT 1;
