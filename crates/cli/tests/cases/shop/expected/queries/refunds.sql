-- What the application asks of refunds: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: list_refunds_of_a_payment :many
-- List refunds of a payment.
-- Stated in 05-data-structure.md:424.
-- $1 merchant_id: uuid
-- $2 payment_id: uuid
SELECT id, merchant_id, payment_id, requested_by_user_id, idempotency_key, status, reason, note, amount, currency, provider_reference, requested_at, completed_at
FROM public.refunds
WHERE merchant_id = $1 AND payment_id = $2
ORDER BY requested_at DESC, id DESC
LIMIT 20;

-- name: list_refunds_of_a_payment_next :many
-- The page of list_refunds_of_a_payment that follows the row whose values are given.
-- $1 merchant_id: uuid
-- $2 payment_id: uuid
-- $3 requested_at_after: timestamp with time zone
-- $4 id_after: uuid
SELECT id, merchant_id, payment_id, requested_by_user_id, idempotency_key, status, reason, note, amount, currency, provider_reference, requested_at, completed_at
FROM public.refunds
WHERE merchant_id = $1 AND payment_id = $2 AND (requested_at, id) < ($3, $4)
ORDER BY requested_at DESC, id DESC
LIMIT 20;
