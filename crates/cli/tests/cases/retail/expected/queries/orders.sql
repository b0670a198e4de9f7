-- What the application asks of orders: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: list_open_orders_of_a_user :many
-- List open orders of a user.
-- Stated in data-model.md:185.
-- $1 user_id: uuid
SELECT id, user_id, order_number, status, total_amount, currency_code, shipping_address_id, billing_address_id, payment_method_id, notes, created_at, updated_at, shipped_at, delivered_at
FROM public.orders
WHERE user_id = $1 AND status NOT IN ('delivered', 'cancelled')
ORDER BY created_at DESC, id DESC
LIMIT 20;

-- name: list_open_orders_of_a_user_next :many
-- The page of list_open_orders_of_a_user that follows the row whose values are given.
-- $1 user_id: uuid
-- $2 created_at_after: timestamp with time zone
-- $3 id_after: uuid
SELECT id, user_id, order_number, status, total_amount, currency_code, shipping_address_id, billing_address_id, payment_method_id, notes, created_at, updated_at, shipped_at, delivered_at
FROM public.orders
WHERE user_id = $1 AND status NOT IN ('delivered', 'cancelled') AND (created_at, id) < ($2, $3)
ORDER BY created_at DESC, id DESC
LIMIT 20;

-- name: list_orders_of_a_user :many
-- List orders of a user.
-- Stated in data-model.md:186.
-- $1 user_id: uuid
SELECT id, user_id, order_number, status, total_amount, currency_code, shipping_address_id, billing_address_id, payment_method_id, notes, created_at, updated_at, shipped_at, delivered_at
FROM public.orders
WHERE user_id = $1
ORDER BY created_at DESC, id DESC
LIMIT 20;

-- name: list_orders_of_a_user_next :many
-- The page of list_orders_of_a_user that follows the row whose values are given.
-- $1 user_id: uuid
-- $2 created_at_after: timestamp with time zone
-- $3 id_after: uuid
SELECT id, user_id, order_number, status, total_amount, currency_code, shipping_address_id, billing_address_id, payment_method_id, notes, created_at, updated_at, shipped_at, delivered_at
FROM public.orders
WHERE user_id = $1 AND (created_at, id) < ($2, $3)
ORDER BY created_at DESC, id DESC
LIMIT 20;

-- name: get_order_by_number :one
-- Get order by number.
-- Stated in data-model.md:187.
-- $1 order_number: text
SELECT id, user_id, order_number, status, total_amount, currency_code, shipping_address_id, billing_address_id, payment_method_id, notes, created_at, updated_at, shipped_at, delivered_at
FROM public.orders
WHERE order_number = $1
LIMIT 1;

-- name: place_order :one
-- Place order.
-- Stated in data-model.md:197.
-- $1 user_id: uuid
-- $2 order_number: text
-- $3 total_amount: numeric(10,2)
-- $4 shipping_address_id: uuid
-- $5 billing_address_id: uuid
-- $6 payment_method_id: uuid
-- $7 notes: text
INSERT INTO public.orders (user_id, order_number, total_amount, shipping_address_id, billing_address_id, payment_method_id, notes)
VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING id;

-- name: change_order_status :execrows
-- Change order status.
-- Stated in data-model.md:198.
-- $1 status: text
-- $2 shipped_at: timestamp with time zone
-- $3 delivered_at: timestamp with time zone
-- $4 id: uuid
-- Note: What the new state asks for is set with it; a parameter within coalesce leaves its column as
--   it is where it is NULL.
UPDATE public.orders
SET status = $1, shipped_at = coalesce($2, shipped_at), delivered_at = coalesce($3, delivered_at)
WHERE id = $4;
