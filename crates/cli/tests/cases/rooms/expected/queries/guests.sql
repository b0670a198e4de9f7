-- What the application asks of guests: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: find_a_guest_by_email :one
-- Find a guest by email.
-- Stated in requirements.md:64.
-- $1 email: text
SELECT id, name, email, phone, is_blocked
FROM public.guests
WHERE lower(email) = lower($1);
