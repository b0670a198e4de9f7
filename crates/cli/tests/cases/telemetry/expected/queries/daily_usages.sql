-- What the application asks of daily_usages: a statement for each access pattern, in the form that
--   sqlc reads.

-- name: upsert_daily_usage_of_a_device_and_day :many
-- Upsert daily usage of a device and day.
-- Stated in data-model.md:58.
-- $1 device_id: uuid
-- $2 day: date
-- $3 readings_count: integer
INSERT INTO public.daily_usages (device_id, day, readings_count)
VALUES ($1, $2, $3)
ON CONFLICT (device_id, day)
DO UPDATE SET readings_count = excluded.readings_count
RETURNING id;
