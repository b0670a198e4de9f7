-- What the application asks of owners: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: find_an_owner_by_email :one
-- Find an owner by email.
-- Stated in notes.md:9.
-- $1 email: text
SELECT id, name, phone, email, address
FROM public.owners
WHERE email = $1;
