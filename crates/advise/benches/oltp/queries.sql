-- name: next_job :one
SELECT id FROM jobs WHERE state = 'waiting' ORDER BY priority, run_at LIMIT 1 FOR UPDATE SKIP LOCKED;
-- name: jobs_of_account :many
SELECT id, state, run_at FROM jobs WHERE account_id = $1 ORDER BY run_at DESC LIMIT $2;
-- name: finish_job :exec
UPDATE jobs SET state = 'done' WHERE id = $1;
-- name: retry_job :exec
UPDATE jobs SET attempts = attempts + 1 WHERE id = $1;
-- name: add_job :exec
INSERT INTO jobs VALUES ($1, $2, $3, 'waiting', $4, 0, now(), $5);
-- name: shelf :many
SELECT sku, amount FROM stock WHERE shelf = $1;
-- name: nearly_out :many
SELECT sku FROM stock WHERE amount < 5 ORDER BY amount;
-- name: take :exec
UPDATE stock SET amount = amount - $2 WHERE id = $1;
-- name: log_in :one
SELECT id FROM accounts WHERE lower(email) = lower($1);
-- name: idle_accounts :many
SELECT id FROM accounts WHERE seen_at < $1;
-- name: see :exec
UPDATE accounts SET seen_at = now() WHERE id = $1;
-- name: close_account :exec
DELETE FROM accounts WHERE id = $1;
