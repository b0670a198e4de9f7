-- What the application asks of usage_messages: a statement for each access pattern, in the form that
--   sqlc reads.

-- name: find_a_message_by_its_key :one
-- Find a message by its key.
-- Stated in data-model.md:102.
-- $1 message_key: text
SELECT id, message_key, meter_id, received_at, payload
FROM public.usage_messages
WHERE message_key = $1
LIMIT 1;
