-- What the application asks of users: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: get_user_by_email :one
-- Get user by email.
-- Stated in data-model.md:183.
-- $1 email: text
SELECT id, email, password_hash, first_name, last_name, phone, status, preferences, email_verified_at, last_login_at, created_at, updated_at, deleted_at
FROM public.users
WHERE email = $1 AND deleted_at IS NULL
LIMIT 1;

-- name: list_active_users_by_last_login :many
-- List active users by last login.
-- Stated in data-model.md:184.
-- Note: No statement gives the next page, since `last_login_at` can be missing, and no row comes
--   after a missing value.
SELECT id, email, first_name, last_name, phone, status, preferences, email_verified_at, last_login_at, created_at, updated_at, deleted_at
FROM public.users
WHERE status = 'active' AND deleted_at IS NULL
ORDER BY last_login_at DESC, id DESC
LIMIT 50;

-- name: register_user :one
-- Register user.
-- Stated in data-model.md:196.
-- $1 email: text
-- $2 password_hash: text
-- $3 first_name: text
-- $4 last_name: text
-- $5 phone: text
-- $6 email_verified_at: timestamp with time zone
-- $7 last_login_at: timestamp with time zone
INSERT INTO public.users (email, password_hash, first_name, last_name, phone, email_verified_at, last_login_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING id;
