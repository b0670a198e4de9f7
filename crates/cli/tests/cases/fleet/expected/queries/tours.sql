-- What the application asks of tours: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: list_the_tours_of_a_truck_by_starts_at :many
-- List the tours of a truck by starts_at.
-- Stated in requirements.md:64.
-- $1 truck_id: uuid
SELECT id, truck_id, starts_at, budget
FROM public.tours
WHERE truck_id = $1
ORDER BY starts_at;
