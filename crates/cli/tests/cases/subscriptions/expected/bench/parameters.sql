-- What the scripts take their parameters from, a table for each: row n is one call. Scripts that
--   read choose among the first 1000 rows, a few of them most of the time; what can be written once
--   takes each row once.

CREATE SCHEMA underpin_bench;

CREATE TABLE underpin_bench.invoices_of_a_subscription (
  n                  bigint NOT NULL,
  p1_subscription_id uuid,
  CONSTRAINT invoices_of_a_subscription_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.pay_an_invoice (
  n             bigint NOT NULL,
  p1_status     text,
  p2_paid_at    timestamptz,
  p3_invoice_id uuid,
  CONSTRAINT pay_an_invoice_pkey PRIMARY KEY (n)
);

CREATE SEQUENCE underpin_bench.pay_an_invoice_n;
