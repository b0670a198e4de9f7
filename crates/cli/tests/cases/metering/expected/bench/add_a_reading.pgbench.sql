-- add_a_reading, 30 in a second.
WITH call AS (SELECT p1_meter_id, p2_read_at, p3_energy_wh, p4_voltage FROM underpin_bench.add_a_reading WHERE n = (SELECT nextval('underpin_bench.add_a_reading_n')))
INSERT INTO public.readings (meter_id, read_at, energy_wh, voltage)
SELECT p1_meter_id, p2_read_at, p3_energy_wh, p4_voltage
FROM call
RETURNING meter_id, read_at;
