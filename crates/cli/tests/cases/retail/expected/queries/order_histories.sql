-- What the application asks of order_histories: a statement for each access pattern, in the form
--   that sqlc reads.

-- name: list_order_history_of_a_user :many
-- List order history of a user.
-- Stated in data-model.md:192.
-- $1 user_id: uuid
-- $2 order_date_from: date
SELECT id, user_id, order_number, order_date, status, total_amount, currency_code, created_at
FROM public.order_histories
WHERE user_id = $1 AND order_date >= $2
ORDER BY order_date DESC, id DESC
LIMIT 50;

-- name: list_order_history_of_a_user_next :many
-- The page of list_order_history_of_a_user that follows the row whose values are given.
-- $1 user_id: uuid
-- $2 order_date_from: date
-- $3 order_date_after: date
-- $4 id_after: uuid
SELECT id, user_id, order_number, order_date, status, total_amount, currency_code, created_at
FROM public.order_histories
WHERE user_id = $1 AND order_date >= $2 AND (order_date, id) < ($3, $4)
ORDER BY order_date DESC, id DESC
LIMIT 50;

-- name: list_order_history_of_a_month :many
-- List order history of a month.
-- Stated in data-model.md:193.
-- $1 order_date_from: date
-- $2 order_date_to: date
SELECT id, user_id, order_number, order_date, status, total_amount, currency_code, created_at
FROM public.order_histories
WHERE order_date >= $1 AND order_date < $2
ORDER BY order_date, id
LIMIT 1000;

-- name: list_order_history_of_a_month_next :many
-- The page of list_order_history_of_a_month that follows the row whose values are given.
-- $1 order_date_from: date
-- $2 order_date_to: date
-- $3 order_date_after: date
-- $4 id_after: uuid
SELECT id, user_id, order_number, order_date, status, total_amount, currency_code, created_at
FROM public.order_histories
WHERE order_date >= $1 AND order_date < $2 AND (order_date, id) > ($3, $4)
ORDER BY order_date, id
LIMIT 1000;
