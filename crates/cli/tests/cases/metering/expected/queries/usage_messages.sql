-- What the application asks of usage_messages: a statement for each access pattern, in the form that
--   sqlc reads.

-- name: find_a_message_by_its_delivery_key :one
-- Find a message by its delivery key.
-- Stated in data-model.md:102.
-- $1 delivery_key: text
SELECT id, delivery_key, meter_id, received_at, payload
FROM public.usage_messages
WHERE delivery_key = $1
LIMIT 1;
