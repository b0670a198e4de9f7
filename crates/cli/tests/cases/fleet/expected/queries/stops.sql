-- What the application asks of stops: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: list_the_stops_of_a_tour :many
-- List the stops of a tour.
-- Stated in requirements.md:65.
-- $1 tour_id: uuid
SELECT id, tour_id, place, status
FROM public.stops
WHERE tour_id = $1;
