-- register_user, 1 in a second, within 20 ms (p95).
WITH call AS (SELECT p1_merchant_id, p2_email, p3_password_hash, p4_full_name, p5_phone, p6_email_verified_at, p7_last_login_at, p8_anonymised_at FROM underpin_bench.register_user WHERE n = (SELECT nextval('underpin_bench.register_user_n')))
INSERT INTO public.users (merchant_id, email, password_hash, full_name, phone, email_verified_at, last_login_at, anonymised_at)
SELECT p1_merchant_id, p2_email, p3_password_hash, p4_full_name, p5_phone, p6_email_verified_at, p7_last_login_at, p8_anonymised_at
FROM call
RETURNING id;
