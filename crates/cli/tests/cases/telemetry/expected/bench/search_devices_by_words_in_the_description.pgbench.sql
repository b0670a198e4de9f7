-- search_devices_by_words_in_the_description, 2 in a second, within 100 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_description_words FROM underpin_bench.search_devices_by_words_in_the_description WHERE n = :n \gset
SELECT id, tenant_id, serial, model, parent_id, labels, description, last_seen_at
FROM public.devices
WHERE to_tsvector('simple', description) @@ plainto_tsquery('simple', :p1_description_words);
