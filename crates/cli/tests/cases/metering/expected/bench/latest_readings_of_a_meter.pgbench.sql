-- latest_readings_of_a_meter, 10 in a second, within 50 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_meter_id FROM underpin_bench.latest_readings_of_a_meter WHERE n = :n \gset
SELECT meter_id, read_at, energy_wh, voltage, quality
FROM public.readings
WHERE meter_id = :p1_meter_id
ORDER BY read_at DESC, meter_id DESC
LIMIT 12;
