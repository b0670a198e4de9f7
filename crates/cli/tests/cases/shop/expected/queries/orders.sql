-- What the application asks of orders: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: list_orders_of_a_user :many
-- List orders of a user.
-- Stated in 05-data-structure.md:415.
-- $1 merchant_id: uuid
-- $2 user_id: uuid
SELECT id, merchant_id, user_id, order_number, checkout_key, status, currency, subtotal_amount, discount_amount, shipping_amount, tax_amount, total_amount, shipping_address, billing_address, customer_note, cancellation_reason, placed_at, paid_at, shipped_at, delivered_at, completed_at, returned_at, cancelled_at, updated_at
FROM public.orders
WHERE merchant_id = $1 AND user_id = $2
ORDER BY placed_at DESC, id DESC
LIMIT 20;

-- name: list_orders_of_a_user_next :many
-- The page of list_orders_of_a_user that follows the row whose values are given.
-- $1 merchant_id: uuid
-- $2 user_id: uuid
-- $3 placed_at_after: timestamp with time zone
-- $4 id_after: uuid
SELECT id, merchant_id, user_id, order_number, checkout_key, status, currency, subtotal_amount, discount_amount, shipping_amount, tax_amount, total_amount, shipping_address, billing_address, customer_note, cancellation_reason, placed_at, paid_at, shipped_at, delivered_at, completed_at, returned_at, cancelled_at, updated_at
FROM public.orders
WHERE merchant_id = $1 AND user_id = $2 AND (placed_at, id) < ($3, $4)
ORDER BY placed_at DESC, id DESC
LIMIT 20;

-- name: get_order_by_number :one
-- Get order by number.
-- Stated in 05-data-structure.md:416.
-- $1 merchant_id: uuid
-- $2 order_number: text
SELECT id, merchant_id, user_id, order_number, checkout_key, status, currency, subtotal_amount, discount_amount, shipping_amount, tax_amount, total_amount, shipping_address, billing_address, customer_note, cancellation_reason, placed_at, paid_at, shipped_at, delivered_at, completed_at, returned_at, cancelled_at, updated_at
FROM public.orders
WHERE merchant_id = $1 AND order_number = $2
LIMIT 1;

-- name: list_orders_by_status :many
-- List orders by status.
-- Stated in 05-data-structure.md:418.
-- $1 merchant_id: uuid
-- $2 status: text
SELECT orders.id, orders.merchant_id, orders.user_id, orders.order_number, orders.checkout_key, orders.status, orders.currency, orders.subtotal_amount, orders.discount_amount, orders.shipping_amount, orders.tax_amount, orders.total_amount, orders.shipping_address, orders.billing_address, orders.customer_note, orders.cancellation_reason, orders.placed_at, orders.paid_at, orders.shipped_at, orders.delivered_at, orders.completed_at, orders.returned_at, orders.cancelled_at, orders.updated_at, users.email AS users_email, users.full_name AS users_full_name, users.phone AS users_phone, users.role AS users_role, users.status AS users_status, users.email_verified_at AS users_email_verified_at, users.last_login_at AS users_last_login_at, users.created_at AS users_created_at, users.updated_at AS users_updated_at, users.deleted_at AS users_deleted_at, users.anonymised_at AS users_anonymised_at
FROM public.orders
JOIN public.users ON users.merchant_id = orders.merchant_id AND users.id = orders.user_id
WHERE orders.merchant_id = $1 AND orders.status = $2
ORDER BY orders.placed_at, orders.id
LIMIT 50;

-- name: list_orders_by_status_next :many
-- The page of list_orders_by_status that follows the row whose values are given.
-- $1 merchant_id: uuid
-- $2 status: text
-- $3 placed_at_after: timestamp with time zone
-- $4 id_after: uuid
SELECT orders.id, orders.merchant_id, orders.user_id, orders.order_number, orders.checkout_key, orders.status, orders.currency, orders.subtotal_amount, orders.discount_amount, orders.shipping_amount, orders.tax_amount, orders.total_amount, orders.shipping_address, orders.billing_address, orders.customer_note, orders.cancellation_reason, orders.placed_at, orders.paid_at, orders.shipped_at, orders.delivered_at, orders.completed_at, orders.returned_at, orders.cancelled_at, orders.updated_at, users.email AS users_email, users.full_name AS users_full_name, users.phone AS users_phone, users.role AS users_role, users.status AS users_status, users.email_verified_at AS users_email_verified_at, users.last_login_at AS users_last_login_at, users.created_at AS users_created_at, users.updated_at AS users_updated_at, users.deleted_at AS users_deleted_at, users.anonymised_at AS users_anonymised_at
FROM public.orders
JOIN public.users ON users.merchant_id = orders.merchant_id AND users.id = orders.user_id
WHERE orders.merchant_id = $1 AND orders.status = $2 AND (orders.placed_at, orders.id) > ($3, $4)
ORDER BY orders.placed_at, orders.id
LIMIT 50;

-- name: list_orders_of_a_period :many
-- List orders of a period.
-- Stated in 05-data-structure.md:419.
-- $1 merchant_id: uuid
-- $2 placed_at_from: timestamp with time zone
-- $3 placed_at_to: timestamp with time zone
SELECT id, merchant_id, user_id, order_number, checkout_key, status, currency, subtotal_amount, discount_amount, shipping_amount, tax_amount, total_amount, shipping_address, billing_address, customer_note, cancellation_reason, placed_at, paid_at, shipped_at, delivered_at, completed_at, returned_at, cancelled_at, updated_at
FROM public.orders
WHERE merchant_id = $1 AND placed_at >= $2 AND placed_at < $3
ORDER BY placed_at DESC, id DESC
LIMIT 100;

-- name: list_orders_of_a_period_next :many
-- The page of list_orders_of_a_period that follows the row whose values are given.
-- $1 merchant_id: uuid
-- $2 placed_at_from: timestamp with time zone
-- $3 placed_at_to: timestamp with time zone
-- $4 placed_at_after: timestamp with time zone
-- $5 id_after: uuid
SELECT id, merchant_id, user_id, order_number, checkout_key, status, currency, subtotal_amount, discount_amount, shipping_amount, tax_amount, total_amount, shipping_address, billing_address, customer_note, cancellation_reason, placed_at, paid_at, shipped_at, delivered_at, completed_at, returned_at, cancelled_at, updated_at
FROM public.orders
WHERE merchant_id = $1 AND placed_at >= $2 AND placed_at < $3 AND (placed_at, id) < ($4, $5)
ORDER BY placed_at DESC, id DESC
LIMIT 100;

-- name: list_unpaid_orders_past_their_time :many
-- List unpaid orders past their time.
-- Stated in 05-data-structure.md:420.
-- $1 placed_at_to: timestamp with time zone
SELECT id, merchant_id, user_id, order_number, checkout_key, status, currency, subtotal_amount, discount_amount, shipping_amount, tax_amount, total_amount, shipping_address, billing_address, customer_note, cancellation_reason, placed_at, paid_at, shipped_at, delivered_at, completed_at, returned_at, cancelled_at, updated_at
FROM public.orders
WHERE status = 'pending' AND placed_at < $1
ORDER BY placed_at, id
LIMIT 500;

-- name: list_unpaid_orders_past_their_time_next :many
-- The page of list_unpaid_orders_past_their_time that follows the row whose values are given.
-- $1 placed_at_to: timestamp with time zone
-- $2 placed_at_after: timestamp with time zone
-- $3 id_after: uuid
SELECT id, merchant_id, user_id, order_number, checkout_key, status, currency, subtotal_amount, discount_amount, shipping_amount, tax_amount, total_amount, shipping_address, billing_address, customer_note, cancellation_reason, placed_at, paid_at, shipped_at, delivered_at, completed_at, returned_at, cancelled_at, updated_at
FROM public.orders
WHERE status = 'pending' AND placed_at < $1 AND (placed_at, id) > ($2, $3)
ORDER BY placed_at, id
LIMIT 500;

-- name: place_order :one
-- Place order.
-- Stated in 05-data-structure.md:443.
-- $1 merchant_id: uuid
-- $2 user_id: uuid
-- $3 order_number: text
-- $4 checkout_key: text
-- $5 currency: text
-- $6 subtotal_amount: numeric(12,2)
-- $7 discount_amount: numeric(12,2)
-- $8 shipping_amount: numeric(12,2)
-- $9 tax_amount: numeric(12,2)
-- $10 total_amount: numeric(12,2)
-- $11 shipping_address: jsonb
-- $12 billing_address: jsonb
-- $13 customer_note: text
-- $14 cancellation_reason: text
-- $15 placed_at: timestamp with time zone
INSERT INTO public.orders (merchant_id, user_id, order_number, checkout_key, currency, subtotal_amount, discount_amount, shipping_amount, tax_amount, total_amount, shipping_address, billing_address, customer_note, cancellation_reason, placed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
RETURNING id;

-- name: change_order_status :execrows
-- Change order status.
-- Stated in 05-data-structure.md:445.
-- $1 status: text
-- $2 cancellation_reason: text
-- $3 paid_at: timestamp with time zone
-- $4 shipped_at: timestamp with time zone
-- $5 delivered_at: timestamp with time zone
-- $6 completed_at: timestamp with time zone
-- $7 returned_at: timestamp with time zone
-- $8 cancelled_at: timestamp with time zone
-- $9 merchant_id: uuid
-- $10 id: uuid
-- Note: What the new state asks for is set with it; a parameter within coalesce leaves its column as
--   it is where it is NULL.
UPDATE public.orders
SET status = $1, cancellation_reason = coalesce($2, cancellation_reason), paid_at = coalesce($3, paid_at), shipped_at = coalesce($4, shipped_at), delivered_at = coalesce($5, delivered_at), completed_at = coalesce($6, completed_at), returned_at = coalesce($7, returned_at), cancelled_at = coalesce($8, cancelled_at)
WHERE merchant_id = $9 AND id = $10;
