-- What the application asks of audit_logs: a statement for each access pattern, in the form that
--   sqlc reads.

-- name: list_changes_of_a_record :many
-- List changes of a record.
-- Stated in data-model.md:195.
-- $1 table_name: text
-- $2 record_id: text
SELECT id, table_name, record_id, action, old_values, new_values, user_id, ip_address, created_at
FROM public.audit_logs
WHERE table_name = $1 AND record_id = $2
ORDER BY created_at DESC, id DESC
LIMIT 100;

-- name: list_changes_of_a_record_next :many
-- The page of list_changes_of_a_record that follows the row whose values are given.
-- $1 table_name: text
-- $2 record_id: text
-- $3 created_at_after: timestamp with time zone
-- $4 id_after: uuid
SELECT id, table_name, record_id, action, old_values, new_values, user_id, ip_address, created_at
FROM public.audit_logs
WHERE table_name = $1 AND record_id = $2 AND (created_at, id) < ($3, $4)
ORDER BY created_at DESC, id DESC
LIMIT 100;
