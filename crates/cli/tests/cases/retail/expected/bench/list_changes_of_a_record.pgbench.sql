-- list_changes_of_a_record, 0.0035 in a second, within 50 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_table_name, p2_record_id FROM underpin_bench.list_changes_of_a_record WHERE n = :n \gset
SELECT id, table_name, record_id, action, old_values, new_values, user_id, ip_address, created_at
FROM public.audit_logs
WHERE table_name = :p1_table_name AND record_id = :p2_record_id
ORDER BY created_at DESC, id DESC
LIMIT 100;
