-- list_events_of_an_order, 5 in a second, within 20 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_merchant_id, p2_order_id FROM underpin_bench.list_events_of_an_order WHERE n = :n \gset
SELECT id, merchant_id, order_id, actor_user_id, event_type, details, occurred_at
FROM public.order_events
WHERE merchant_id = :p1_merchant_id AND order_id = :p2_order_id
ORDER BY occurred_at, id
LIMIT 200;
