-- delete_done_jobs_older_than_14_days, 0.0003 in a second, within 10000 ms (p95).
WITH call AS (SELECT p1_run_at_to FROM underpin_bench.delete_done_jobs_older_than_14_days WHERE n = (SELECT nextval('underpin_bench.delete_done_jobs_older_than_14_days_n')))
DELETE FROM public.jobs
WHERE status = 'done' AND run_at < (SELECT p1_run_at_to FROM call);
