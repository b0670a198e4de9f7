-- What the application asks of claims: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: list_the_claims_of_a_policy_newest_first :many
-- List the claims of a policy, newest first.
-- Stated in insurance.md:79.
-- $1 policy_id: uuid
SELECT id, policy_id, reported_at, amount_claimed, state, paid_at
FROM public.claims
WHERE policy_id = $1
ORDER BY reported_at DESC;
