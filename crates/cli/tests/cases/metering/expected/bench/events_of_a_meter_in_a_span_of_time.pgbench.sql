-- events_of_a_meter_in_a_span_of_time, 5 in a second, within 50 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_meter_id, p2_occurred_at_from, p3_occurred_at_to FROM underpin_bench.events_of_a_meter_in_a_span_of_time WHERE n = :n \gset
SELECT id, meter_id, occurred_at, kind, details
FROM public.meter_events
WHERE meter_id = :p1_meter_id AND occurred_at >= :p2_occurred_at_from AND occurred_at < :p3_occurred_at_to
ORDER BY occurred_at DESC, id DESC
LIMIT 100;
