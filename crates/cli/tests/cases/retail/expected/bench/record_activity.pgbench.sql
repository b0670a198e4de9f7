-- record_activity, 300 in a second, within 5 ms (p95).
WITH call AS (SELECT p1_user_id, p2_activity_type FROM underpin_bench.record_activity WHERE n = (SELECT nextval('underpin_bench.record_activity_n')))
INSERT INTO public.user_activities (user_id, activity_type)
SELECT p1_user_id, p2_activity_type
FROM call
RETURNING id;
