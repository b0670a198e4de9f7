-- What the application asks of meters: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: meters_of_a_site :many
-- Meters of a site.
-- Stated in data-model.md:103.
-- $1 site_id: uuid
SELECT id, site_id, serial_number, state, installed_on
FROM public.meters
WHERE site_id = $1
LIMIT 100;
