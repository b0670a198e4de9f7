-- latest_reading_of_each_device, 0.0167 in a second, within 1000 ms (p95).
SELECT picked.id, picked.device_id, picked.recorded_at, picked.metric, picked.value
FROM public.devices AS each_one
CROSS JOIN LATERAL (
  SELECT id, device_id, recorded_at, metric, value
  FROM public.readings
  WHERE device_id = each_one.id
  ORDER BY recorded_at DESC
  LIMIT 1
) AS picked;
