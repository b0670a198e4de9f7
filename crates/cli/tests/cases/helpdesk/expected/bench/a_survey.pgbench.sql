-- a_survey, 5 in a second.
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_id FROM underpin_bench.a_survey WHERE n = :n \gset
SELECT id, channel, answered_at
FROM public.surveys
WHERE id = :p1_id
LIMIT 1;
