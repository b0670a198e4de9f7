-- What the application asks of article_tags: a statement for each access pattern, in the form that
--   sqlc reads.

-- name: list_article_tags_by_tag_id_sorted_by_weight_desc :many
-- List article tags by tagId, sorted by weight desc.
-- Stated in schema.md:101.
-- $1 tag_id: uuid
SELECT article_id, tag_id, weight, added_at
FROM public.article_tags
WHERE tag_id = $1
ORDER BY weight DESC;
