-- recent_audit_entries, 1 in a second, within 50 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_tenant_id FROM underpin_bench.recent_audit_entries WHERE n = :n \gset
SELECT id, tenant_id, actor_id, action, details, created_at
FROM public.audit_entries
WHERE tenant_id = :p1_tenant_id
ORDER BY created_at DESC, id DESC
LIMIT 100;
