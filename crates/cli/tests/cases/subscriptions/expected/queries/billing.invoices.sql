-- What the application asks of invoices: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: invoices_of_a_subscription :many
-- Invoices of a subscription.
-- Stated in domain-model.md:89.
-- $1 subscription_id: uuid
SELECT invoice_id, subscription_id, number, status, total_amount, total_currency, issued_on, due_on, paid_at
FROM billing.invoices
WHERE subscription_id = $1
ORDER BY issued_on DESC, invoice_id DESC
LIMIT 24;

-- name: invoices_of_a_subscription_next :many
-- The page of invoices_of_a_subscription that follows the row whose values are given.
-- $1 subscription_id: uuid
-- $2 issued_on_after: date
-- $3 invoice_id_after: uuid
SELECT invoice_id, subscription_id, number, status, total_amount, total_currency, issued_on, due_on, paid_at
FROM billing.invoices
WHERE subscription_id = $1 AND (issued_on, invoice_id) < ($2, $3)
ORDER BY issued_on DESC, invoice_id DESC
LIMIT 24;

-- name: open_invoices_by_due_date :many
-- Open invoices by due date.
-- Stated in domain-model.md:90.
SELECT invoice_id, subscription_id, number, status, total_amount, total_currency, issued_on, due_on, paid_at
FROM billing.invoices
WHERE status = 'open'
ORDER BY due_on, invoice_id
LIMIT 100;

-- name: open_invoices_by_due_date_next :many
-- The page of open_invoices_by_due_date that follows the row whose values are given.
-- $1 due_on_after: date
-- $2 invoice_id_after: uuid
SELECT invoice_id, subscription_id, number, status, total_amount, total_currency, issued_on, due_on, paid_at
FROM billing.invoices
WHERE status = 'open' AND (due_on, invoice_id) > ($1, $2)
ORDER BY due_on, invoice_id
LIMIT 100;

-- name: pay_an_invoice :execrows
-- Pay an invoice.
-- Stated in domain-model.md:91.
-- $1 status: text
-- $2 paid_at: timestamp with time zone
-- $3 invoice_id: uuid
-- Note: Its first parameter is `paid`; what the new state asks for is set with it; a parameter
--   within coalesce leaves its column as it is where it is NULL.
UPDATE billing.invoices
SET status = $1, paid_at = coalesce($2, paid_at)
WHERE invoice_id = $3;
