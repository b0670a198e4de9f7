-- top_10_devices_by_number_of_readings_in_the_last_day, 0.0167 in a second, within 5000 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_recorded_at_from FROM underpin_bench.top_10_devices_by_number_of_readings_in_the_last_day WHERE n = :n \gset
SELECT device_id, count(*) AS count
FROM public.readings
WHERE recorded_at >= :p1_recorded_at_from
GROUP BY device_id
ORDER BY count(*) DESC, device_id
LIMIT 10;
