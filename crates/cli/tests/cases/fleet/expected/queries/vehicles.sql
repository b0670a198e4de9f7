-- What the application asks of vehicles: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: list_the_vehicles_of_a_depot :many
-- List the vehicles of a depot.
-- Stated in requirements.md:66.
-- $1 depot_id: uuid
SELECT id, plate, depot_id, bought_on, updated_at, kind
FROM public.vehicles
WHERE depot_id = $1;
