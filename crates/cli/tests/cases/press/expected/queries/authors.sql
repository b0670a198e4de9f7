-- What the application asks of authors: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: find_an_author_by_handle :one
-- Find an author by handle.
-- Stated in schema.md:102.
-- $1 handle: text
SELECT id, handle, email, bio, created_at
FROM public.authors
WHERE lower(handle) = lower($1);
