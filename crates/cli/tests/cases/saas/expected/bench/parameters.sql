-- What the scripts take their parameters from, a table for each: row n is one call. Scripts that
--   read choose among the first 1000 rows, a few of them most of the time; what can be written once
--   takes each row once.

CREATE SCHEMA underpin_bench;

CREATE TABLE underpin_bench.sign_in_a_member (
  n            bigint NOT NULL,
  p1_tenant_id uuid,
  p2_email     text,
  CONSTRAINT sign_in_a_member_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.tickets_of_an_assignee (
  n              bigint NOT NULL,
  p1_tenant_id   uuid,
  p2_assignee_id uuid,
  CONSTRAINT tickets_of_an_assignee_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.recent_audit_entries (
  n            bigint NOT NULL,
  p1_tenant_id uuid,
  CONSTRAINT recent_audit_entries_pkey PRIMARY KEY (n)
);
