-- delete_done_jobs_older_than_14_days, 0.0003 in a second, within 10000 ms (p95).
DELETE FROM public.jobs
WHERE status = 'done' AND run_at < now() - '14 days'::interval;
