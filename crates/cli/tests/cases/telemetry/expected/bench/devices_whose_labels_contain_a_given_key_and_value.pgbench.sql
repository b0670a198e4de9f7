-- devices_whose_labels_contain_a_given_key_and_value, 2 in a second, within 100 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_labels FROM underpin_bench.devices_whose_labels_contain_a_given_key_and_value WHERE n = :n \gset
SELECT id, tenant_id, serial, model, parent_id, labels, description, last_seen_at
FROM public.devices
WHERE labels @> :p1_labels;
