-- latest_reading_of_a_device_per_metric, 200 in a second, within 10 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_device_id FROM underpin_bench.latest_reading_of_a_device_per_metric WHERE n = :n \gset
SELECT picked.id, picked.device_id, picked.recorded_at, picked.metric, picked.value
FROM unnest(ARRAY['temperature', 'humidity', 'pressure', 'battery']::text[]) AS each_one (metric)
CROSS JOIN LATERAL (
  SELECT id, device_id, recorded_at, metric, value
  FROM public.readings
  WHERE device_id = :p1_device_id AND metric = each_one.metric
  ORDER BY recorded_at DESC
  LIMIT 1
) AS picked;
