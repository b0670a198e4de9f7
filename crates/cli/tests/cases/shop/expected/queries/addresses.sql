-- What the application asks of addresses: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: list_addresses_of_a_user :many
-- List addresses of a user.
-- Stated in 05-data-structure.md:400.
-- $1 merchant_id: uuid
-- $2 user_id: uuid
SELECT id, merchant_id, user_id, label, recipient_name, line1, line2, postal_code, city, country_code, is_default_shipping, is_default_billing, created_at, updated_at
FROM public.addresses
WHERE merchant_id = $1 AND user_id = $2
ORDER BY created_at DESC, id DESC
LIMIT 20;

-- name: list_addresses_of_a_user_next :many
-- The page of list_addresses_of_a_user that follows the row whose values are given.
-- $1 merchant_id: uuid
-- $2 user_id: uuid
-- $3 created_at_after: timestamp with time zone
-- $4 id_after: uuid
SELECT id, merchant_id, user_id, label, recipient_name, line1, line2, postal_code, city, country_code, is_default_shipping, is_default_billing, created_at, updated_at
FROM public.addresses
WHERE merchant_id = $1 AND user_id = $2 AND (created_at, id) < ($3, $4)
ORDER BY created_at DESC, id DESC
LIMIT 20;
