-- upsert_daily_usage_of_a_device_and_day, 50 in a second, within 10 ms (p95).
WITH call AS (SELECT p1_device_id, p2_day, p3_readings_count FROM underpin_bench.upsert_daily_usage_of_a_device_and_day WHERE n = (SELECT nextval('underpin_bench.upsert_daily_usage_of_a_device_and_day_n')))
INSERT INTO public.daily_usages (device_id, day, readings_count)
VALUES ((SELECT p1_device_id FROM call), (SELECT p2_day FROM call), (SELECT p3_readings_count FROM call))
ON CONFLICT (device_id, day)
DO UPDATE SET readings_count = excluded.readings_count
RETURNING id;
