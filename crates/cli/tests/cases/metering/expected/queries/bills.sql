-- What the application asks of bills: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: bills_of_a_site :many
-- Bills of a site.
-- Stated in data-model.md:104.
-- $1 site_id: uuid
SELECT id, site_id, month, total
FROM public.bills
WHERE site_id = $1
ORDER BY month DESC, id DESC
LIMIT 12;

-- name: bills_of_a_site_next :many
-- The page of bills_of_a_site that follows the row whose values are given.
-- $1 site_id: uuid
-- $2 month_after: date
-- $3 id_after: uuid
SELECT id, site_id, month, total
FROM public.bills
WHERE site_id = $1 AND (month, id) < ($2, $3)
ORDER BY month DESC, id DESC
LIMIT 12;
