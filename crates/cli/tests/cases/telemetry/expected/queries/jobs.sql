-- What the application asks of jobs: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: take_the_next_queued_job_oldest_run_at_first_skipping_those_locked_by_other_workers :many
-- Take the next queued job (oldest run_at first), skipping those locked by other workers.
-- Stated in data-model.md:57.
-- $1 status: text
-- Note: Rows that another session holds are passed over: workers neither wait nor take the same row.
UPDATE public.jobs
SET status = $1
WHERE id = ANY (ARRAY(
  SELECT id
  FROM public.jobs
  WHERE status = 'queued'
  ORDER BY run_at
  LIMIT 1
  FOR UPDATE SKIP LOCKED
))
RETURNING id, kind, status, run_at, attempts, payload;

-- name: number_of_jobs_by_status :many
-- Number of jobs by status.
-- Stated in data-model.md:66.
SELECT status, count(*) AS count
FROM public.jobs
GROUP BY status;

-- name: delete_done_jobs_older_than_14_days :execrows
-- Delete done jobs older than 14 days.
-- Stated in data-model.md:68.
DELETE FROM public.jobs
WHERE status = 'done' AND run_at < now() - '14 days'::interval;
