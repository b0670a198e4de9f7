-- What the application asks of orders: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: orders_of_a_customer :many
-- Orders of a customer.
-- Stated in domain.md:72.
-- $1 customer_id: uuid
SELECT id, customer_id, number, status, placed_at, created_at
FROM sales.orders
WHERE customer_id = $1
ORDER BY created_at DESC, id DESC
LIMIT 20;

-- name: orders_of_a_customer_next :many
-- The page of orders_of_a_customer that follows the row whose values are given.
-- $1 customer_id: uuid
-- $2 created_at_after: timestamp with time zone
-- $3 id_after: uuid
SELECT id, customer_id, number, status, placed_at, created_at
FROM sales.orders
WHERE customer_id = $1 AND (created_at, id) < ($2, $3)
ORDER BY created_at DESC, id DESC
LIMIT 20;
