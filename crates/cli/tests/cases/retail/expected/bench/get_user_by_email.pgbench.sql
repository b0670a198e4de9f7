-- get_user_by_email, 30 in a second, within 5 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_email FROM underpin_bench.get_user_by_email WHERE n = :n \gset
SELECT id, email, password_hash, first_name, last_name, phone, status, preferences, email_verified_at, last_login_at, created_at, updated_at, deleted_at
FROM public.users
WHERE email = :p1_email AND deleted_at IS NULL
LIMIT 1;
