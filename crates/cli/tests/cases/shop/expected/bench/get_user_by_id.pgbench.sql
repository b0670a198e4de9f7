-- get_user_by_id, 300 in a second, within 5 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_merchant_id, p2_id FROM underpin_bench.get_user_by_id WHERE n = :n \gset
SELECT id, merchant_id, email, password_hash, full_name, phone, role, status, email_verified_at, last_login_at, created_at, updated_at, deleted_at, anonymised_at
FROM public.users
WHERE merchant_id = :p1_merchant_id AND id = :p2_id AND deleted_at IS NULL
LIMIT 1;
