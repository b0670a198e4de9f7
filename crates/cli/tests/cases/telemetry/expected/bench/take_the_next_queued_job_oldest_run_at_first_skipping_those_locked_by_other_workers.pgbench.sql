-- take_the_next_queued_job_oldest_run_at_first_skipping_those_locked_by_other_workers, 100 in a
--   second, within 10 ms (p95).
WITH call AS (SELECT p1_status FROM underpin_bench.take_the_next_queued_job_oldest_run_at_first_skipping__c8454681 WHERE n = (SELECT nextval('underpin_bench.take_the_next_queued_job_oldest_run_at_first_skippin_230b97d1_n')))
UPDATE public.jobs
SET status = (SELECT p1_status FROM call)
WHERE id = ANY (ARRAY(
  SELECT id
  FROM public.jobs
  WHERE status = 'queued'
  ORDER BY run_at
  LIMIT 1
  FOR UPDATE SKIP LOCKED
))
RETURNING id, kind, status, run_at, attempts, payload;
