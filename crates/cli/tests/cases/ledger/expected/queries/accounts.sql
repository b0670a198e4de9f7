-- What the application asks of accounts: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: look_up_an_account :many
-- Look up an account.
-- Stated in schema.md:72.
-- $1 number: text
SELECT id, title, kind, currency FROM accounts WHERE number = $1;
