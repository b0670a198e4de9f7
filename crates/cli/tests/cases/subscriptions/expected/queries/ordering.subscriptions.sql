-- What the application asks of subscriptions: a statement for each access pattern, in the form that
--   sqlc reads.

-- name: subscriptions_that_are_active_by_start :many
-- Subscriptions that are active by start.
-- Stated in domain-model.md:88.
SELECT subscription_id, customer_email, status, price_amount, price_currency, street, city, postal_code, country, starts_on, paused_at, cancelled_at, version
FROM ordering.subscriptions
WHERE status = 'active'
ORDER BY starts_on, subscription_id
LIMIT 100;

-- name: subscriptions_that_are_active_by_start_next :many
-- The page of subscriptions_that_are_active_by_start that follows the row whose values are given.
-- $1 starts_on_after: date
-- $2 subscription_id_after: uuid
SELECT subscription_id, customer_email, status, price_amount, price_currency, street, city, postal_code, country, starts_on, paused_at, cancelled_at, version
FROM ordering.subscriptions
WHERE status = 'active' AND (starts_on, subscription_id) > ($1, $2)
ORDER BY starts_on, subscription_id
LIMIT 100;
