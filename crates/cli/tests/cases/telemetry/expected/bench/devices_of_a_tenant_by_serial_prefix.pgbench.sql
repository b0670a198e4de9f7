-- devices_of_a_tenant_by_serial_prefix, 5 in a second, within 20 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_serial_beginning, p2_tenant_id FROM underpin_bench.devices_of_a_tenant_by_serial_prefix WHERE n = :n \gset
SELECT id, tenant_id, serial, model, parent_id, labels, description, last_seen_at
FROM public.devices
WHERE lower(serial) ~>=~ lower(:p1_serial_beginning) AND lower(serial) ~<~ (lower(:p1_serial_beginning) || chr(1114111)) AND tenant_id = :p2_tenant_id;
