-- page_through_devices_of_a_tenant_by_offset_and_page_number_sorted_by_serial, 1 in a second, within
--   50 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_tenant_id, p2_rows_before FROM underpin_bench.page_through_devices_of_a_tenant_by_offset_and_page_nu_26ba571c WHERE n = :n \gset
SELECT id, tenant_id, serial, model, parent_id, labels, description, last_seen_at
FROM public.devices
WHERE tenant_id = :p1_tenant_id
ORDER BY serial, id
LIMIT 20
OFFSET :p2_rows_before;
