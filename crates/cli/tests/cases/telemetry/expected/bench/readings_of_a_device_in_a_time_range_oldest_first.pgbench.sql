-- readings_of_a_device_in_a_time_range_oldest_first, 50 in a second, within 50 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_device_id, p2_recorded_at_from, p3_recorded_at_to FROM underpin_bench.readings_of_a_device_in_a_time_range_oldest_first WHERE n = :n \gset
SELECT id, device_id, recorded_at, metric, value
FROM public.readings
WHERE device_id = :p1_device_id AND recorded_at >= :p2_recorded_at_from AND recorded_at < :p3_recorded_at_to
ORDER BY recorded_at;
