-- What the application asks of tickets: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: tickets_of_an_assignee :many
-- Tickets of an assignee.
-- Stated in data-model.md:96.
-- $1 tenant_id: uuid
-- $2 assignee_id: uuid
SELECT id, tenant_id, number, subject, assignee_id, priority, version, created_at
FROM public.tickets
WHERE tenant_id = $1 AND assignee_id = $2
ORDER BY created_at DESC, id DESC
LIMIT 50;

-- name: tickets_of_an_assignee_next :many
-- The page of tickets_of_an_assignee that follows the row whose values are given.
-- $1 tenant_id: uuid
-- $2 assignee_id: uuid
-- $3 created_at_after: timestamp with time zone
-- $4 id_after: uuid
SELECT id, tenant_id, number, subject, assignee_id, priority, version, created_at
FROM public.tickets
WHERE tenant_id = $1 AND assignee_id = $2 AND (created_at, id) < ($3, $4)
ORDER BY created_at DESC, id DESC
LIMIT 50;
