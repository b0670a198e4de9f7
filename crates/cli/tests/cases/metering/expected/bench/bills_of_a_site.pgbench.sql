-- bills_of_a_site, 1 in a second, within 20 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_site_id FROM underpin_bench.bills_of_a_site WHERE n = :n \gset
SELECT id, site_id, month, total
FROM public.bills
WHERE site_id = :p1_site_id
ORDER BY month DESC, id DESC
LIMIT 12;
