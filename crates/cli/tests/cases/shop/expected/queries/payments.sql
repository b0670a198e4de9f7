-- What the application asks of payments: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: list_payments_of_an_order :many
-- List payments of an order.
-- Stated in 05-data-structure.md:421.
-- $1 merchant_id: uuid
-- $2 order_id: uuid
SELECT id, merchant_id, order_id, idempotency_key, method, provider, provider_reference, status, amount, refunded_amount, currency, failure_code, authorized_at, captured_at, failed_at, voided_at, created_at, updated_at
FROM public.payments
WHERE merchant_id = $1 AND order_id = $2
ORDER BY created_at DESC, id DESC
LIMIT 20;

-- name: list_payments_of_an_order_next :many
-- The page of list_payments_of_an_order that follows the row whose values are given.
-- $1 merchant_id: uuid
-- $2 order_id: uuid
-- $3 created_at_after: timestamp with time zone
-- $4 id_after: uuid
SELECT id, merchant_id, order_id, idempotency_key, method, provider, provider_reference, status, amount, refunded_amount, currency, failure_code, authorized_at, captured_at, failed_at, voided_at, created_at, updated_at
FROM public.payments
WHERE merchant_id = $1 AND order_id = $2 AND (created_at, id) < ($3, $4)
ORDER BY created_at DESC, id DESC
LIMIT 20;

-- name: get_payment_by_idempotency_key :one
-- Get payment by idempotency key.
-- Stated in 05-data-structure.md:422.
-- $1 merchant_id: uuid
-- $2 idempotency_key: text
SELECT id, merchant_id, order_id, idempotency_key, method, provider, provider_reference, status, amount, refunded_amount, currency, failure_code, authorized_at, captured_at, failed_at, voided_at, created_at, updated_at
FROM public.payments
WHERE merchant_id = $1 AND idempotency_key = $2
LIMIT 1;

-- name: get_payment_by_provider_reference :one
-- Get payment by provider reference.
-- Stated in 05-data-structure.md:423.
-- $1 provider: text
-- $2 provider_reference: text
SELECT id, merchant_id, order_id, idempotency_key, method, provider, provider_reference, status, amount, refunded_amount, currency, failure_code, authorized_at, captured_at, failed_at, voided_at, created_at, updated_at
FROM public.payments
WHERE provider = $1 AND provider_reference = $2
LIMIT 1;

-- name: start_payment :one
-- Start payment.
-- Stated in 05-data-structure.md:446.
-- $1 merchant_id: uuid
-- $2 order_id: uuid
-- $3 idempotency_key: text
-- $4 method: text
-- $5 provider: text
-- $6 provider_reference: text
-- $7 amount: numeric(12,2)
-- $8 refunded_amount: numeric(12,2)
-- $9 currency: text
-- $10 failure_code: text
INSERT INTO public.payments (merchant_id, order_id, idempotency_key, method, provider, provider_reference, amount, refunded_amount, currency, failure_code)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
RETURNING id;

-- name: change_payment_status :execrows
-- Change payment status.
-- Stated in 05-data-structure.md:447.
-- $1 status: text
-- $2 provider_reference: text
-- $3 refunded_amount: numeric(12,2)
-- $4 failure_code: text
-- $5 authorized_at: timestamp with time zone
-- $6 captured_at: timestamp with time zone
-- $7 failed_at: timestamp with time zone
-- $8 voided_at: timestamp with time zone
-- $9 merchant_id: uuid
-- $10 id: uuid
-- Note: What the new state asks for is set with it; a parameter within coalesce leaves its column as
--   it is where it is NULL.
UPDATE public.payments
SET status = $1, provider_reference = coalesce($2, provider_reference), refunded_amount = coalesce($3, refunded_amount), failure_code = coalesce($4, failure_code), authorized_at = coalesce($5, authorized_at), captured_at = coalesce($6, captured_at), failed_at = coalesce($7, failed_at), voided_at = coalesce($8, voided_at)
WHERE merchant_id = $9 AND id = $10;
