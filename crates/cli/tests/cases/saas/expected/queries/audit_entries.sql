-- What the application asks of audit_entries: a statement for each access pattern, in the form that
--   sqlc reads.

-- name: recent_audit_entries :many
-- Recent audit entries.
-- Stated in data-model.md:97.
-- $1 tenant_id: uuid
SELECT id, tenant_id, actor_id, action, details, created_at
FROM public.audit_entries
WHERE tenant_id = $1
ORDER BY created_at DESC, id DESC
LIMIT 100;

-- name: recent_audit_entries_next :many
-- The page of recent_audit_entries that follows the row whose values are given.
-- $1 tenant_id: uuid
-- $2 created_at_after: timestamp with time zone
-- $3 id_after: bigint
SELECT id, tenant_id, actor_id, action, details, created_at
FROM public.audit_entries
WHERE tenant_id = $1 AND (created_at, id) < ($2, $3)
ORDER BY created_at DESC, id DESC
LIMIT 100;
