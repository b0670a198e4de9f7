-- insert_readings_in_bulk, 500 in a second, within 50 ms (p95).
WITH call AS (SELECT p1_device_id_list, p2_recorded_at_list, p3_metric_list, p4_value_list FROM underpin_bench.insert_readings_in_bulk WHERE n = (SELECT nextval('underpin_bench.insert_readings_in_bulk_n')))
INSERT INTO public.readings (device_id, recorded_at, metric, value)
SELECT *
FROM unnest((SELECT p1_device_id_list FROM call)::uuid[], (SELECT p2_recorded_at_list FROM call)::timestamp with time zone[], (SELECT p3_metric_list FROM call)::text[], (SELECT p4_value_list FROM call)::numeric(12,4)[])
RETURNING id;
