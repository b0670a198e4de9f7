-- What the application asks of user_activities: a statement for each access pattern, in the form
--   that sqlc reads.

-- name: list_latest_activities_of_a_user :many
-- List latest activities of a user.
-- Stated in data-model.md:194.
-- $1 user_id: uuid
SELECT id, user_id, activity_type, activity_data, created_at
FROM public.user_activities
WHERE user_id = $1
ORDER BY created_at DESC, id DESC
LIMIT 50;

-- name: list_latest_activities_of_a_user_next :many
-- The page of list_latest_activities_of_a_user that follows the row whose values are given.
-- $1 user_id: uuid
-- $2 created_at_after: timestamp with time zone
-- $3 id_after: uuid
SELECT id, user_id, activity_type, activity_data, created_at
FROM public.user_activities
WHERE user_id = $1 AND (created_at, id) < ($2, $3)
ORDER BY created_at DESC, id DESC
LIMIT 50;

-- name: record_activity :one
-- Record activity.
-- Stated in data-model.md:200.
-- $1 user_id: uuid
-- $2 activity_type: text
INSERT INTO public.user_activities (user_id, activity_type)
VALUES ($1, $2)
RETURNING id;
