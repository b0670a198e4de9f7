-- What the application asks of categories: a statement for each access pattern, in the form that
--   sqlc reads.

-- name: get_category_by_slug :one
-- Get category by slug.
-- Stated in 05-data-structure.md:401.
-- $1 merchant_id: uuid
-- $2 slug: text
SELECT id, merchant_id, parent_id, slug, name, "position", created_at, updated_at
FROM public.categories
WHERE merchant_id = $1 AND slug = $2
LIMIT 1;

-- name: list_categories_of_a_merchant :many
-- List categories of a merchant.
-- Stated in 05-data-structure.md:402.
-- $1 merchant_id: uuid
SELECT id, merchant_id, parent_id, slug, name, "position", created_at, updated_at
FROM public.categories
WHERE merchant_id = $1
ORDER BY "position", id
LIMIT 500;

-- name: list_categories_of_a_merchant_next :many
-- The page of list_categories_of_a_merchant that follows the row whose values are given.
-- $1 merchant_id: uuid
-- $2 position_after: integer
-- $3 id_after: uuid
SELECT id, merchant_id, parent_id, slug, name, "position", created_at, updated_at
FROM public.categories
WHERE merchant_id = $1 AND ("position", id) > ($2, $3)
ORDER BY "position", id
LIMIT 500;

-- name: list_subcategories :many
-- List subcategories.
-- Stated in 05-data-structure.md:403.
-- $1 merchant_id: uuid
-- $2 parent_id: uuid
SELECT id, merchant_id, parent_id, slug, name, "position", created_at, updated_at
FROM public.categories
WHERE merchant_id = $1 AND parent_id = $2
ORDER BY "position", id
LIMIT 100;

-- name: list_subcategories_next :many
-- The page of list_subcategories that follows the row whose values are given.
-- $1 merchant_id: uuid
-- $2 parent_id: uuid
-- $3 position_after: integer
-- $4 id_after: uuid
SELECT id, merchant_id, parent_id, slug, name, "position", created_at, updated_at
FROM public.categories
WHERE merchant_id = $1 AND parent_id = $2 AND ("position", id) > ($3, $4)
ORDER BY "position", id
LIMIT 100;
