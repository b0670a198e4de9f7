-- What the scripts take their parameters from, a table for each: row n is one call. Scripts that
--   read choose among the first 1000 rows, a few of them most of the time; what can be written once
--   takes each row once.

CREATE SCHEMA underpin_bench;

CREATE TABLE underpin_bench.readings_of_a_meter_in_a_span_of_time (
  n               bigint NOT NULL,
  p1_meter_id     uuid,
  p2_read_at_from timestamptz,
  p3_read_at_to   timestamptz,
  CONSTRAINT readings_of_a_meter_in_a_span_of_time_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.latest_readings_of_a_meter (
  n           bigint NOT NULL,
  p1_meter_id uuid,
  CONSTRAINT latest_readings_of_a_meter_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.add_a_reading (
  n            bigint NOT NULL,
  p1_meter_id  uuid,
  p2_read_at   timestamptz,
  p3_energy_wh bigint,
  p4_voltage   numeric(6,2),
  CONSTRAINT add_a_reading_pkey PRIMARY KEY (n)
);

CREATE SEQUENCE underpin_bench.add_a_reading_n;

CREATE TABLE underpin_bench.events_of_a_meter_in_a_span_of_time (
  n                   bigint NOT NULL,
  p1_meter_id         uuid,
  p2_occurred_at_from timestamptz,
  p3_occurred_at_to   timestamptz,
  CONSTRAINT events_of_a_meter_in_a_span_of_time_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.an_event_by_id (
  n     bigint NOT NULL,
  p1_id bigint,
  CONSTRAINT an_event_by_id_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.find_a_message_by_its_delivery_key (
  n               bigint NOT NULL,
  p1_delivery_key text,
  CONSTRAINT find_a_message_by_its_delivery_key_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.meters_of_a_site (
  n          bigint NOT NULL,
  p1_site_id uuid,
  CONSTRAINT meters_of_a_site_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.bills_of_a_site (
  n          bigint NOT NULL,
  p1_site_id uuid,
  CONSTRAINT bills_of_a_site_pkey PRIMARY KEY (n)
);
