-- average_value_per_metric_per_day_for_a_device_over_the_last_30_days, 1 in a second, within 500 ms
--   (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_device_id FROM underpin_bench.average_value_per_metric_per_day_for_a_device_over_the_1db5d119 WHERE n = :n \gset
SELECT metric, date_trunc('day', recorded_at, 'UTC') AS day, avg(value) AS avg_value
FROM public.readings
WHERE device_id = :p1_device_id AND recorded_at >= now() - '30 days'::interval AND recorded_at <= now()
GROUP BY metric, date_trunc('day', recorded_at, 'UTC')
ORDER BY date_trunc('day', recorded_at, 'UTC');
