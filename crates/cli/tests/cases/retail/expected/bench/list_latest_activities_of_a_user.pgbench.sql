-- list_latest_activities_of_a_user, 10 in a second, within 20 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_user_id FROM underpin_bench.list_latest_activities_of_a_user WHERE n = :n \gset
SELECT id, user_id, activity_type, activity_data, created_at
FROM public.user_activities
WHERE user_id = :p1_user_id
ORDER BY created_at DESC, id DESC
LIMIT 50;
