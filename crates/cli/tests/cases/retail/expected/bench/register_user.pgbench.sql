-- register_user, 0.3333 in a second, within 20 ms (p95).
WITH call AS (SELECT p1_email, p2_password_hash, p3_first_name, p4_last_name, p5_phone, p6_email_verified_at, p7_last_login_at FROM underpin_bench.register_user WHERE n = (SELECT nextval('underpin_bench.register_user_n')))
INSERT INTO public.users (email, password_hash, first_name, last_name, phone, email_verified_at, last_login_at)
SELECT p1_email, p2_password_hash, p3_first_name, p4_last_name, p5_phone, p6_email_verified_at, p7_last_login_at
FROM call
RETURNING id;
