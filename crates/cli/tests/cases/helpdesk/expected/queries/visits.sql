-- What the application asks of visits: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: visits_of_a_region :many
-- Visits of a region.
-- Stated in data-model.md:78.
-- $1 region: text
-- $2 visited_at_from: timestamp with time zone
-- $3 visited_at_to: timestamp with time zone
SELECT id, region, visited_at
FROM public.visits
WHERE region = $1 AND visited_at >= $2 AND visited_at < $3
ORDER BY visited_at DESC, id DESC
LIMIT 20;

-- name: visits_of_a_region_next :many
-- The page of visits_of_a_region that follows the row whose values are given.
-- $1 region: text
-- $2 visited_at_from: timestamp with time zone
-- $3 visited_at_to: timestamp with time zone
-- $4 visited_at_after: timestamp with time zone
-- $5 id_after: bigint
SELECT id, region, visited_at
FROM public.visits
WHERE region = $1 AND visited_at >= $2 AND visited_at < $3 AND (visited_at, id) < ($4, $5)
ORDER BY visited_at DESC, id DESC
LIMIT 20;
