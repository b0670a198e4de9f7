-- What the application asks of merchants: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: get_merchant_by_slug :one
-- Get merchant by slug.
-- Stated in 05-data-structure.md:397.
-- $1 slug: text
SELECT id, slug, name, contact_email, default_currency, status, created_at, updated_at
FROM public.merchants
WHERE slug = $1
LIMIT 1;
