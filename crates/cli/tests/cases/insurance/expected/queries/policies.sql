-- What the application asks of policies: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: list_the_policies_of_a_customer :many
-- List the policies of a customer.
-- Stated in insurance.md:78.
-- $1 customer_id: uuid
SELECT id, policy_number, customer_id, status, starts_on, ends_on, kind
FROM public.policies
WHERE customer_id = $1;
