-- number_of_jobs_by_status, 1 in a second, within 100 ms (p95).
SELECT status, count(*) AS count
FROM public.jobs
GROUP BY status;
