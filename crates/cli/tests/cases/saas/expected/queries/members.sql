-- What the application asks of members: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: sign_in_a_member :one
-- Sign in a member.
-- Stated in data-model.md:95.
-- $1 tenant_id: uuid
-- $2 email: text
SELECT id, tenant_id, email, display_name, role, created_at, updated_at, deleted_at
FROM public.members
WHERE tenant_id = $1 AND lower(email) = lower($2) AND deleted_at IS NULL
LIMIT 1;
