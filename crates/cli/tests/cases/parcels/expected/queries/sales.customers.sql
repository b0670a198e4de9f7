-- What the application asks of customers: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: find_a_customer_by_email :one
-- Find a customer by email.
-- Stated in domain.md:71.
-- $1 email: text
SELECT id, email, name
FROM sales.customers
WHERE lower(email) = lower($1)
LIMIT 1;
