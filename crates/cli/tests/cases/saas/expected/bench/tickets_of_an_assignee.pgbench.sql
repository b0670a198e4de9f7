-- tickets_of_an_assignee, 100 in a second, within 20 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_tenant_id, p2_assignee_id FROM underpin_bench.tickets_of_an_assignee WHERE n = :n \gset
SELECT id, tenant_id, number, subject, assignee_id, priority, version, created_at
FROM public.tickets
WHERE tenant_id = :p1_tenant_id AND assignee_id = :p2_assignee_id
ORDER BY created_at DESC, id DESC
LIMIT 50;
