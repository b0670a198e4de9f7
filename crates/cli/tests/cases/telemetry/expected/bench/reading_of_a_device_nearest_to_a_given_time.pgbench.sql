-- reading_of_a_device_nearest_to_a_given_time, 5 in a second, within 20 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_device_id, p2_recorded_at FROM underpin_bench.reading_of_a_device_nearest_to_a_given_time WHERE n = :n \gset
SELECT id, device_id, recorded_at, metric, value
FROM (
  (SELECT id, device_id, recorded_at, metric, value
  FROM public.readings
  WHERE device_id = :p1_device_id AND recorded_at <= :p2_recorded_at
  ORDER BY recorded_at DESC
  LIMIT 1)
  UNION ALL
  (SELECT id, device_id, recorded_at, metric, value
  FROM public.readings
  WHERE device_id = :p1_device_id AND recorded_at > :p2_recorded_at
  ORDER BY recorded_at
  LIMIT 1)
) AS near
ORDER BY abs(extract(epoch FROM recorded_at - :p2_recorded_at))
LIMIT 1;
