-- What the application asks of meter_events: a statement for each access pattern, in the form that
--   sqlc reads.

-- name: events_of_a_meter_in_a_span_of_time :many
-- Events of a meter in a span of time.
-- Stated in data-model.md:100.
-- $1 meter_id: uuid
-- $2 occurred_at_from: timestamp with time zone
-- $3 occurred_at_to: timestamp with time zone
SELECT id, meter_id, occurred_at, kind, details
FROM public.meter_events
WHERE meter_id = $1 AND occurred_at >= $2 AND occurred_at < $3
ORDER BY occurred_at DESC, id DESC
LIMIT 100;

-- name: events_of_a_meter_in_a_span_of_time_next :many
-- The page of events_of_a_meter_in_a_span_of_time that follows the row whose values are given.
-- $1 meter_id: uuid
-- $2 occurred_at_from: timestamp with time zone
-- $3 occurred_at_to: timestamp with time zone
-- $4 occurred_at_after: timestamp with time zone
-- $5 id_after: bigint
SELECT id, meter_id, occurred_at, kind, details
FROM public.meter_events
WHERE meter_id = $1 AND occurred_at >= $2 AND occurred_at < $3 AND (occurred_at, id) < ($4, $5)
ORDER BY occurred_at DESC, id DESC
LIMIT 100;

-- name: an_event_by_id :one
-- An event by id.
-- Stated in data-model.md:101.
-- $1 id: bigint
-- Note: It looks into each of the about 16 partitions.
SELECT id, meter_id, occurred_at, kind, details
FROM public.meter_events
WHERE id = $1
LIMIT 1;
