-- A shop's queue of jobs and its stock: few statements that read, many that write.
CREATE TABLE accounts (id bigint PRIMARY KEY, email text NOT NULL, plan text NOT NULL, seen_at timestamptz);
CREATE TABLE jobs (
  id bigint PRIMARY KEY,
  account_id bigint NOT NULL REFERENCES accounts,
  kind text NOT NULL,
  state text NOT NULL,
  priority int NOT NULL,
  attempts int NOT NULL,
  run_at timestamptz NOT NULL,
  payload text NOT NULL
);
CREATE TABLE stock (id bigint PRIMARY KEY, sku text NOT NULL, shelf int NOT NULL, amount int NOT NULL, note text NOT NULL);
INSERT INTO accounts SELECT n, 'a' || n || '@example.com', (ARRAY['free', 'team', 'firm'])[1 + n % 3],
  timestamptz '2026-01-01' + (n * 7919 % 500000) * interval '1 minute' FROM generate_series(1, 20000) AS n;
INSERT INTO jobs SELECT n, 1 + n * 31 % 20000, (ARRAY['mail', 'export', 'sync', 'bill'])[1 + n % 4],
  CASE WHEN n % 100 = 0 THEN 'waiting' WHEN n % 100 = 1 THEN 'failed' ELSE 'done' END, n % 5, n % 3,
  timestamptz '2026-01-01' + n * interval '1 minute', repeat('x', 120) FROM generate_series(1, 100000) AS n;
INSERT INTO stock SELECT n, 'sku-' || n, n % 400, n * 37 % 1000, repeat('y', 60) FROM generate_series(1, 50000) AS n;
