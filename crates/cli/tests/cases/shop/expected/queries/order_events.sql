-- What the application asks of order_events: a statement for each access pattern, in the form that
--   sqlc reads.

-- name: list_events_of_an_order :many
-- List events of an order.
-- Stated in 05-data-structure.md:430.
-- $1 merchant_id: uuid
-- $2 order_id: uuid
-- Note: It looks into each of the about 43 partitions.
SELECT id, merchant_id, order_id, actor_user_id, event_type, details, occurred_at
FROM public.order_events
WHERE merchant_id = $1 AND order_id = $2
ORDER BY occurred_at, id
LIMIT 200;

-- name: list_events_of_an_order_next :many
-- The page of list_events_of_an_order that follows the row whose values are given.
-- $1 merchant_id: uuid
-- $2 order_id: uuid
-- $3 occurred_at_after: timestamp with time zone
-- $4 id_after: bigint
-- Note: It looks into each of the about 43 partitions.
SELECT id, merchant_id, order_id, actor_user_id, event_type, details, occurred_at
FROM public.order_events
WHERE merchant_id = $1 AND order_id = $2 AND (occurred_at, id) > ($3, $4)
ORDER BY occurred_at, id
LIMIT 200;

-- name: record_order_event :one
-- Record order event.
-- Stated in 05-data-structure.md:449.
-- $1 merchant_id: uuid
-- $2 order_id: uuid
-- $3 actor_user_id: uuid
-- $4 event_type: text
-- $5 occurred_at: timestamp with time zone
INSERT INTO public.order_events (merchant_id, order_id, actor_user_id, event_type, occurred_at)
VALUES ($1, $2, $3, $4, $5)
RETURNING id;
