-- What the application asks of rooms: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: list_room :many
-- List Room.
-- Stated in requirements.md:68.
SELECT id, office_id, name, floor, seats, hourly_rate, currency
FROM public.rooms;

-- name: list_room_by_office_id :many
-- list_room with the filters that a call may leave out.
-- Stated in requirements.md:68.
-- $1 office_id: uuid
SELECT id, office_id, name, floor, seats, hourly_rate, currency
FROM public.rooms
WHERE office_id = $1;
