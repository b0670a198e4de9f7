-- What the application asks of bookings: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: list_the_bookings_of_a_room_by_starts_at :many
-- List the bookings of a room by starts_at.
-- Stated in requirements.md:62.
-- $1 room_id: uuid
SELECT id, room_id, guest_id, starts_at, ends_at, status, price, currency, cancelled_at, cancellation_reason
FROM public.bookings
WHERE room_id = $1
ORDER BY starts_at;

-- name: list_the_bookings_of_a_guest_newest_first :many
-- List the bookings of a guest, newest first, 20 per page.
-- Stated in requirements.md:63.
-- $1 guest_id: uuid
SELECT id, room_id, guest_id, starts_at, ends_at, status, price, currency, cancelled_at, cancellation_reason
FROM public.bookings
WHERE guest_id = $1
ORDER BY starts_at DESC, id DESC
LIMIT 20;

-- name: list_the_bookings_of_a_guest_newest_first_next :many
-- The page of list_the_bookings_of_a_guest_newest_first that follows the row whose values are given.
-- $1 guest_id: uuid
-- $2 starts_at_after: timestamp with time zone
-- $3 id_after: uuid
SELECT id, room_id, guest_id, starts_at, ends_at, status, price, currency, cancelled_at, cancellation_reason
FROM public.bookings
WHERE guest_id = $1 AND (starts_at, id) < ($2, $3)
ORDER BY starts_at DESC, id DESC
LIMIT 20;

-- name: list_booking_newest_first_20_per_page :many
-- List Booking newest first, 20 per page.
-- Stated in requirements.md:69.
-- $1 guest_id: uuid
SELECT id, room_id, guest_id, starts_at, ends_at, status, price, currency, cancelled_at, cancellation_reason
FROM public.bookings
WHERE guest_id = $1
ORDER BY starts_at DESC, id DESC
LIMIT 20;

-- name: list_booking_newest_first_20_per_page_next :many
-- The page of list_booking_newest_first_20_per_page that follows the row whose values are given.
-- $1 guest_id: uuid
-- $2 starts_at_after: timestamp with time zone
-- $3 id_after: uuid
SELECT id, room_id, guest_id, starts_at, ends_at, status, price, currency, cancelled_at, cancellation_reason
FROM public.bookings
WHERE guest_id = $1 AND (starts_at, id) < ($2, $3)
ORDER BY starts_at DESC, id DESC
LIMIT 20;

-- name: list_booking_newest_first_20_per_page_filtered :many
-- list_booking_newest_first_20_per_page with the filters that a call may leave out.
-- Stated in requirements.md:69.
-- $1 guest_id: uuid
-- $2 status: text
-- $3 starts_at_from: timestamp with time zone
-- $4 starts_at_to: timestamp with time zone
-- Note: A parameter that is NULL lets all rows pass. Let each call be planned for its values
--   (plan_cache_mode = force_custom_plan): the planner drops what is not asked for, where a plan for
--   all calls enters no index by these conditions.
SELECT id, room_id, guest_id, starts_at, ends_at, status, price, currency, cancelled_at, cancellation_reason
FROM public.bookings
WHERE guest_id = $1 AND ($2::text IS NULL OR status = $2) AND ($3::timestamptz IS NULL OR starts_at >= $3) AND ($4::timestamptz IS NULL OR starts_at < $4)
ORDER BY starts_at DESC, id DESC
LIMIT 20;

-- name: list_booking_newest_first_20_per_page_filtered_next :many
-- The page of list_booking_newest_first_20_per_page_filtered that follows the row whose values are
--   given.
-- $1 guest_id: uuid
-- $2 status: text
-- $3 starts_at_from: timestamp with time zone
-- $4 starts_at_to: timestamp with time zone
-- $5 starts_at_after: timestamp with time zone
-- $6 id_after: uuid
SELECT id, room_id, guest_id, starts_at, ends_at, status, price, currency, cancelled_at, cancellation_reason
FROM public.bookings
WHERE guest_id = $1 AND ($2::text IS NULL OR status = $2) AND ($3::timestamptz IS NULL OR starts_at >= $3) AND ($4::timestamptz IS NULL OR starts_at < $4) AND (starts_at, id) < ($5, $6)
ORDER BY starts_at DESC, id DESC
LIMIT 20;
