-- What the application asks of categories: a statement for each access pattern, in the form that
--   sqlc reads.

-- name: list_all_descendants_of_a_category :many
-- List all descendants of a category.
-- Stated in schema.md:103.
-- $1 id: uuid
WITH RECURSIVE below AS (
  SELECT own.id, own.parent_id, own.slug, own."position", 1 AS distance
  FROM public.categories AS own
  WHERE own.parent_id = $1
  UNION ALL
  SELECT own.id, own.parent_id, own.slug, own."position", below.distance + 1
  FROM public.categories AS own
  JOIN below ON own.parent_id = below.id
)
SELECT id, parent_id, slug, "position", distance
FROM below
ORDER BY distance;
