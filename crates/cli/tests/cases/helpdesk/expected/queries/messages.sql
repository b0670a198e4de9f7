-- What the application asks of messages: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: messages_of_a_conversation :many
-- Messages of a conversation.
-- Stated in data-model.md:77.
-- $1 conversation_id: uuid
SELECT id, conversation_id, body, sent_at
FROM public.messages
WHERE conversation_id = $1
ORDER BY sent_at DESC, id DESC
LIMIT 20;

-- name: messages_of_a_conversation_next :many
-- The page of messages_of_a_conversation that follows the row whose values are given.
-- $1 conversation_id: uuid
-- $2 sent_at_after: timestamp with time zone
-- $3 id_after: bigint
SELECT id, conversation_id, body, sent_at
FROM public.messages
WHERE conversation_id = $1 AND (sent_at, id) < ($2, $3)
ORDER BY sent_at DESC, id DESC
LIMIT 20;
