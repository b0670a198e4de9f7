-- What the application asks of devices: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: devices_whose_labels_contain_a_given_key_and_value :many
-- Devices whose labels contain a given key and value.
-- Stated in data-model.md:59.
-- $1 labels: jsonb
SELECT id, tenant_id, serial, model, parent_id, labels, description, last_seen_at
FROM public.devices
WHERE labels @> $1;

-- name: search_devices_by_words_in_the_description :many
-- Search devices by words in the description.
-- Stated in data-model.md:60.
-- $1 description_words: text
SELECT id, tenant_id, serial, model, parent_id, labels, description, last_seen_at
FROM public.devices
WHERE to_tsvector('simple', description) @@ plainto_tsquery('simple', $1);

-- name: all_devices_below_a_gateway_recursive :many
-- All devices below a gateway (recursive).
-- Stated in data-model.md:61.
-- $1 id: uuid
WITH RECURSIVE below AS (
  SELECT own.id, own.parent_id, own.tenant_id, own.serial, own.model, own.labels, own.description, own.last_seen_at, 1 AS distance
  FROM public.devices AS own
  WHERE own.parent_id = $1
  UNION ALL
  SELECT own.id, own.parent_id, own.tenant_id, own.serial, own.model, own.labels, own.description, own.last_seen_at, below.distance + 1
  FROM public.devices AS own
  JOIN below ON own.parent_id = below.id
)
SELECT id, parent_id, tenant_id, serial, model, labels, description, last_seen_at, distance
FROM below
ORDER BY distance;

-- name: devices_of_a_tenant_by_serial_prefix :many
-- Devices of a tenant by serial prefix.
-- Stated in data-model.md:64.
-- $1 serial_beginning: text
-- $2 tenant_id: uuid
SELECT id, tenant_id, serial, model, parent_id, labels, description, last_seen_at
FROM public.devices
WHERE lower(serial) ~>=~ lower($1) AND lower(serial) ~<~ (lower($1) || chr(1114111)) AND tenant_id = $2;

-- name: page_through_devices_of_a_tenant_by_offset_and_page_number_sorted_by_serial :many
-- Page through devices of a tenant by offset and page number, sorted by serial.
-- Stated in data-model.md:65.
-- $1 tenant_id: uuid
-- $2 rows_before: bigint
-- Note: A page has 20 rows, since no document says how many; all rows before the page ($2 of them)
--   are read and thrown away, and a row that is added meanwhile shifts each page behind it.
SELECT id, tenant_id, serial, model, parent_id, labels, description, last_seen_at
FROM public.devices
WHERE tenant_id = $1
ORDER BY serial, id
LIMIT 20
OFFSET $2;

-- name: devices_not_seen_for_7_days :many
-- Devices not seen for 7 days.
-- Stated in data-model.md:67.
-- $1 last_seen_at_to: timestamp with time zone
SELECT id, tenant_id, serial, model, parent_id, labels, description, last_seen_at
FROM public.devices
WHERE last_seen_at IS NULL OR last_seen_at < $1;

-- name: ancestors_of_a_device :many
-- Ancestors of a device.
-- Stated in data-model.md:70.
-- $1 id: uuid
WITH RECURSIVE above AS (
  SELECT own.id, own.parent_id, own.tenant_id, own.serial, own.model, own.labels, own.description, own.last_seen_at, 1 AS distance
  FROM public.devices AS own
  WHERE own.id = $1
  UNION ALL
  SELECT own.id, own.parent_id, own.tenant_id, own.serial, own.model, own.labels, own.description, own.last_seen_at, above.distance + 1
  FROM public.devices AS own
  JOIN above ON own.id = above.parent_id
)
SELECT id, parent_id, tenant_id, serial, model, labels, description, last_seen_at, distance
FROM above
ORDER BY distance DESC;
