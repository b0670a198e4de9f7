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
-- $1 starts_from: timestamp with time zone
-- $2 starts_to: timestamp with time zone
-- $3 vet: bigint
SELECT id, dog, vet, starts, ends, reason, status
FROM public.visits
WHERE starts >= $1 AND starts < $2 AND vet = $3;
