-- find_a_message_by_its_delivery_key, 20 in a second, within 10 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_delivery_key FROM underpin_bench.find_a_message_by_its_delivery_key WHERE n = :n \gset
SELECT id, delivery_key, meter_id, received_at, payload
FROM public.usage_messages
WHERE delivery_key = :p1_delivery_key
LIMIT 1;
