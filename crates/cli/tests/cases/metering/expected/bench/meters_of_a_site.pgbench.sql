-- meters_of_a_site, 5 in a second, within 20 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_site_id FROM underpin_bench.meters_of_a_site WHERE n = :n \gset
SELECT id, site_id, serial_number, state, installed_on
FROM public.meters
WHERE site_id = :p1_site_id
LIMIT 100;
