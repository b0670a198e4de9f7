-- What the application asks of readings: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: readings_of_a_meter_in_a_span_of_time :many
-- Readings of a meter in a span of time.
-- Stated in data-model.md:97.
-- $1 meter_id: uuid
-- $2 read_at_from: timestamp with time zone
-- $3 read_at_to: timestamp with time zone
SELECT meter_id, read_at, energy_wh, voltage, quality
FROM public.readings
WHERE meter_id = $1 AND read_at >= $2 AND read_at < $3
ORDER BY read_at, meter_id
LIMIT 3000;

-- name: readings_of_a_meter_in_a_span_of_time_next :many
-- The page of readings_of_a_meter_in_a_span_of_time that follows the row whose values are given.
-- $1 meter_id: uuid
-- $2 read_at_from: timestamp with time zone
-- $3 read_at_to: timestamp with time zone
-- $4 read_at_after: timestamp with time zone
-- $5 meter_id_after: uuid
SELECT meter_id, read_at, energy_wh, voltage, quality
FROM public.readings
WHERE meter_id = $1 AND read_at >= $2 AND read_at < $3 AND (read_at, meter_id) > ($4, $5)
ORDER BY read_at, meter_id
LIMIT 3000;

-- name: latest_readings_of_a_meter :many
-- Latest readings of a meter.
-- Stated in data-model.md:98.
-- $1 meter_id: uuid
-- Note: It looks into each of the about 63 partitions.
SELECT meter_id, read_at, energy_wh, voltage, quality
FROM public.readings
WHERE meter_id = $1
ORDER BY read_at DESC, meter_id DESC
LIMIT 12;

-- name: latest_readings_of_a_meter_next :many
-- The page of latest_readings_of_a_meter that follows the row whose values are given.
-- $1 meter_id: uuid
-- $2 read_at_after: timestamp with time zone
-- $3 meter_id_after: uuid
-- Note: It looks into each of the about 63 partitions.
SELECT meter_id, read_at, energy_wh, voltage, quality
FROM public.readings
WHERE meter_id = $1 AND (read_at, meter_id) < ($2, $3)
ORDER BY read_at DESC, meter_id DESC
LIMIT 12;

-- name: add_a_reading :one
-- Add a reading.
-- Stated in data-model.md:99.
-- $1 meter_id: uuid
-- $2 read_at: timestamp with time zone
-- $3 energy_wh: bigint
-- $4 voltage: numeric(6,2)
INSERT INTO public.readings (meter_id, read_at, energy_wh, voltage)
VALUES ($1, $2, $3, $4)
RETURNING meter_id, read_at;
