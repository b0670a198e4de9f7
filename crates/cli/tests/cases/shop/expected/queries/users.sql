-- What the application asks of users: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: get_user_by_email :one
-- Get user by email.
-- Stated in 05-data-structure.md:398.
-- $1 merchant_id: uuid
-- $2 email: text
SELECT id, merchant_id, email, password_hash, full_name, phone, role, status, email_verified_at, last_login_at, created_at, updated_at, deleted_at, anonymised_at
FROM public.users
WHERE merchant_id = $1 AND email = $2 AND deleted_at IS NULL
LIMIT 1;

-- name: get_user_by_id :one
-- Get user by id.
-- Stated in 05-data-structure.md:399.
-- $1 merchant_id: uuid
-- $2 id: uuid
SELECT id, merchant_id, email, password_hash, full_name, phone, role, status, email_verified_at, last_login_at, created_at, updated_at, deleted_at, anonymised_at
FROM public.users
WHERE merchant_id = $1 AND id = $2 AND deleted_at IS NULL
LIMIT 1;

-- name: register_user :one
-- Register user.
-- Stated in 05-data-structure.md:439.
-- $1 merchant_id: uuid
-- $2 email: text
-- $3 password_hash: text
-- $4 full_name: text
-- $5 phone: text
-- $6 email_verified_at: timestamp with time zone
-- $7 last_login_at: timestamp with time zone
-- $8 anonymised_at: timestamp with time zone
INSERT INTO public.users (merchant_id, email, password_hash, full_name, phone, email_verified_at, last_login_at, anonymised_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
RETURNING id;
