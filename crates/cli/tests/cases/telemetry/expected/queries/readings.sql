-- What the application asks of readings: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: latest_reading_of_a_device_per_metric :many
-- Latest reading of a device per metric.
-- Stated in data-model.md:53.
-- $1 device_id: uuid
-- Note: It looks into each of the about 106 partitions; planning alone takes time for so many.
SELECT picked.id, picked.device_id, picked.recorded_at, picked.metric, picked.value
FROM unnest(ARRAY['temperature', 'humidity', 'pressure', 'battery']::text[]) AS each_one (metric)
CROSS JOIN LATERAL (
  SELECT id, device_id, recorded_at, metric, value
  FROM public.readings
  WHERE device_id = $1 AND metric = each_one.metric
  ORDER BY recorded_at DESC
  LIMIT 1
) AS picked;

-- name: readings_of_a_device_in_a_time_range_oldest_first :many
-- Readings of a device in a time range, oldest first.
-- Stated in data-model.md:54.
-- $1 device_id: uuid
-- $2 recorded_at_from: timestamp with time zone
-- $3 recorded_at_to: timestamp with time zone
SELECT id, device_id, recorded_at, metric, value
FROM public.readings
WHERE device_id = $1 AND recorded_at >= $2 AND recorded_at < $3
ORDER BY recorded_at;

-- name: reading_of_a_device_nearest_to_a_given_time :many
-- Reading of a device nearest to a given time.
-- Stated in data-model.md:55.
-- $1 device_id: uuid
-- $2 recorded_at: timestamp with time zone
-- Note: It looks into each of the about 106 partitions; planning alone takes time for so many.
SELECT id, device_id, recorded_at, metric, value
FROM (
  (SELECT id, device_id, recorded_at, metric, value
  FROM public.readings
  WHERE device_id = $1 AND recorded_at <= $2
  ORDER BY recorded_at DESC
  LIMIT 1)
  UNION ALL
  (SELECT id, device_id, recorded_at, metric, value
  FROM public.readings
  WHERE device_id = $1 AND recorded_at > $2
  ORDER BY recorded_at
  LIMIT 1)
) AS near
ORDER BY abs(extract(epoch FROM recorded_at - $2))
LIMIT 1;

-- name: insert_readings_in_bulk :many
-- Insert readings in bulk.
-- Stated in data-model.md:56.
-- $1 device_id_list: uuid[]
-- $2 recorded_at_list: timestamp with time zone[]
-- $3 metric_list: text[]
-- $4 value_list: numeric(12,4)[]
-- Note: Each list has a value for each row; from some thousand rows on, COPY is faster.
INSERT INTO public.readings (device_id, recorded_at, metric, value)
SELECT *
FROM unnest($1::uuid[], $2::timestamp with time zone[], $3::text[], $4::numeric(12,4)[])
RETURNING id;

-- name: average_value_per_metric_per_day_for_a_device_over_the_last_30_days :many
-- Average value per metric per day for a device over the last 30 days.
-- Stated in data-model.md:62.
-- $1 device_id: uuid
-- Note: Days begin in UTC.
SELECT metric, date_trunc('day', recorded_at, 'UTC') AS day, avg(value) AS avg_value
FROM public.readings
WHERE device_id = $1 AND recorded_at >= now() - '30 days'::interval AND recorded_at <= now()
GROUP BY metric, date_trunc('day', recorded_at, 'UTC')
ORDER BY date_trunc('day', recorded_at, 'UTC');

-- name: top_10_devices_by_number_of_readings_in_the_last_day :many
-- Top 10 devices by number of readings in the last day.
-- Stated in data-model.md:63.
SELECT device_id, count(*) AS count
FROM public.readings
WHERE recorded_at >= now() - '1 day'::interval AND recorded_at <= now()
GROUP BY device_id
ORDER BY count(*) DESC, device_id
LIMIT 10;

-- name: latest_reading_of_each_device :many
-- Latest reading of each device.
-- Stated in data-model.md:69.
-- Note: It looks into each of the about 106 partitions; planning alone takes time for so many.
SELECT picked.id, picked.device_id, picked.recorded_at, picked.metric, picked.value
FROM public.devices AS each_one
CROSS JOIN LATERAL (
  SELECT id, device_id, recorded_at, metric, value
  FROM public.readings
  WHERE device_id = each_one.id
  ORDER BY recorded_at DESC
  LIMIT 1
) AS picked;
