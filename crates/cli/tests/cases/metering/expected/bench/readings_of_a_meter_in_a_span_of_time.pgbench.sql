-- readings_of_a_meter_in_a_span_of_time, 40 in a second, within 50 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_meter_id, p2_read_at_from, p3_read_at_to FROM underpin_bench.readings_of_a_meter_in_a_span_of_time WHERE n = :n \gset
SELECT meter_id, read_at, energy_wh, voltage, quality
FROM public.readings
WHERE meter_id = :p1_meter_id AND read_at >= :p2_read_at_from AND read_at < :p3_read_at_to
ORDER BY read_at, meter_id
LIMIT 3000;
