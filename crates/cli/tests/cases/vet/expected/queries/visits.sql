-- What the application asks of visits: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: list_a_dogs_visits_newest_first :many
-- List a dog's visits, newest first.
-- Stated in notes.md:9.
-- $1 dog: bigint
SELECT id, dog, vet, starts, ends, reason, status
FROM public.visits
WHERE dog = $1
ORDER BY starts DESC;

-- name: todays_visits_of_a_vet :many
-- Today's visits of a vet.
-- Stated in notes.md:9.
-- $1 vet: bigint
-- Note: Days begin in UTC.
SELECT id, dog, vet, starts, ends, reason, status
FROM public.visits
WHERE vet = $1 AND starts >= date_trunc('day', now(), 'UTC') AND starts < timezone('UTC', date_trunc('day', timezone('UTC', now())) + '1 day'::interval);
