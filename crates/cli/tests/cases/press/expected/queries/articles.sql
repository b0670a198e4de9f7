-- What the application asks of articles: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: list_articles_by_category_id_sorted_by_published_at_desc :many
-- List articles by categoryId, sorted by publishedAt desc, 20 per page.
-- Stated in schema.md:100.
-- $1 category_id: uuid
-- Note: No statement gives the next page, since `published_at` can be missing, and no row comes
--   after a missing value.
SELECT id, author_id, category_id, status, published_at, created_at, updated_at
FROM public.articles
WHERE category_id = $1
ORDER BY published_at DESC, id DESC
LIMIT 20;
