-- What the application asks of carts: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: get_active_cart_of_a_user :one
-- Get active cart of a user.
-- Stated in 05-data-structure.md:412.
-- $1 merchant_id: uuid
-- $2 user_id: uuid
SELECT id, merchant_id, user_id, status, currency, expires_at, created_at, updated_at
FROM public.carts
WHERE merchant_id = $1 AND user_id = $2 AND status = 'active'
LIMIT 1;

-- name: list_expired_carts :many
-- List expired carts.
-- Stated in 05-data-structure.md:414.
-- $1 expires_at_to: timestamp with time zone
SELECT id, merchant_id, user_id, status, currency, expires_at, created_at, updated_at
FROM public.carts
WHERE status = 'active' AND expires_at < $1
ORDER BY expires_at, id
LIMIT 1000;

-- name: list_expired_carts_next :many
-- The page of list_expired_carts that follows the row whose values are given.
-- $1 expires_at_to: timestamp with time zone
-- $2 expires_at_after: timestamp with time zone
-- $3 id_after: uuid
SELECT id, merchant_id, user_id, status, currency, expires_at, created_at, updated_at
FROM public.carts
WHERE status = 'active' AND expires_at < $1 AND (expires_at, id) > ($2, $3)
ORDER BY expires_at, id
LIMIT 1000;
