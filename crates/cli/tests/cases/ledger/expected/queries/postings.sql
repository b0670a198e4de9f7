-- What the application asks of postings: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: postings_of_an_account_newest_first_30_per_second :many
-- Postings of an account, newest first (30 per second).
-- Stated in schema.md:66.
-- $1 account_id: bigint
SELECT id, entry_id, side, amount FROM postings WHERE account_id = $1 ORDER BY id DESC LIMIT 100;

-- name: the_lines_of_an_entry :many
-- The lines of an entry.
-- Stated in schema.md:69.
-- $1 entry_id: bigint
SELECT line_no, account_id, side, amount FROM postings WHERE entry_id = $1 ORDER BY line_no;
