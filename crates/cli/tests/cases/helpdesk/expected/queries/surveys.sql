-- What the application asks of surveys: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: a_survey :one
-- A survey.
-- Stated in data-model.md:79.
-- $1 id: bigint
-- Note: It looks into each of the 4 partitions.
SELECT id, channel, answered_at
FROM public.surveys
WHERE id = $1
LIMIT 1;
