-- an_event_by_id, 1 in a second, within 20 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_id FROM underpin_bench.an_event_by_id WHERE n = :n \gset
SELECT id, meter_id, occurred_at, kind, details
FROM public.meter_events
WHERE id = :p1_id
LIMIT 1;
