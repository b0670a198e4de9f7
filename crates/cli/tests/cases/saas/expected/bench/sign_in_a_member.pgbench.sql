-- sign_in_a_member, 50 in a second, within 5 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_tenant_id, p2_email FROM underpin_bench.sign_in_a_member WHERE n = :n \gset
SELECT id, tenant_id, email, display_name, role, created_at, updated_at, deleted_at
FROM public.members
WHERE tenant_id = :p1_tenant_id AND lower(email) = lower(:p2_email) AND deleted_at IS NULL
LIMIT 1;
