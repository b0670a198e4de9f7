-- visits_of_a_region, 5 in a second.
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_region, p2_visited_at_from, p3_visited_at_to FROM underpin_bench.visits_of_a_region WHERE n = :n \gset
SELECT id, region, visited_at
FROM public.visits
WHERE region = :p1_region AND visited_at >= :p2_visited_at_from AND visited_at < :p3_visited_at_to
ORDER BY visited_at DESC, id DESC
LIMIT 20;
