-- devices_not_seen_for_7_days, 0.0167 in a second, within 1000 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_last_seen_at_to FROM underpin_bench.devices_not_seen_for_7_days WHERE n = :n \gset
SELECT id, tenant_id, serial, model, parent_id, labels, description, last_seen_at
FROM public.devices
WHERE last_seen_at IS NULL OR last_seen_at < :p1_last_seen_at_to;
