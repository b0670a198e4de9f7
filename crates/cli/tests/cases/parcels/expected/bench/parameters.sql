-- What the scripts take their parameters from, a table for each: row n is one call. Scripts that
--   read choose among the first 1000 rows, a few of them most of the time; what can be written once
--   takes each row once.

CREATE SCHEMA underpin_bench;

CREATE TABLE underpin_bench.find_a_customer_by_email (
  n        bigint NOT NULL,
  p1_email text,
  CONSTRAINT find_a_customer_by_email_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.orders_of_a_customer (
  n              bigint NOT NULL,
  p1_customer_id uuid,
  CONSTRAINT orders_of_a_customer_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.parcels_of_an_order (
  n           bigint NOT NULL,
  p1_order_id uuid,
  CONSTRAINT parcels_of_an_order_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.parcels_of_a_courier_on_the_way (
  n             bigint NOT NULL,
  p1_courier_id uuid,
  CONSTRAINT parcels_of_a_courier_on_the_way_pkey PRIMARY KEY (n)
);
