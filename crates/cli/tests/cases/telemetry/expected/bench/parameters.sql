-- What the scripts take their parameters from, a table for each: row n is one call. Scripts that
--   read choose among the first 1000 rows, a few of them most of the time; what can be written once
--   takes each row once.

CREATE SCHEMA underpin_bench;

CREATE TABLE underpin_bench.latest_reading_of_a_device_per_metric (
  n            bigint NOT NULL,
  p1_device_id uuid,
  CONSTRAINT latest_reading_of_a_device_per_metric_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.readings_of_a_device_in_a_time_range_oldest_first (
  n                   bigint NOT NULL,
  p1_device_id        uuid,
  p2_recorded_at_from timestamptz,
  p3_recorded_at_to   timestamptz,
  CONSTRAINT readings_of_a_device_in_a_time_range_oldest_first_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.reading_of_a_device_nearest_to_a_given_time (
  n              bigint NOT NULL,
  p1_device_id   uuid,
  p2_recorded_at timestamptz,
  CONSTRAINT reading_of_a_device_nearest_to_a_given_time_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.insert_readings_in_bulk (
  n                   bigint NOT NULL,
  p1_device_id_list   uuid[],
  p2_recorded_at_list timestamptz[],
  p3_metric_list      text[],
  p4_value_list       numeric(12,4)[],
  CONSTRAINT insert_readings_in_bulk_pkey PRIMARY KEY (n)
);

CREATE SEQUENCE underpin_bench.insert_readings_in_bulk_n;

CREATE TABLE underpin_bench.take_the_next_queued_job_oldest_run_at_first_skipping__c8454681 (
  n         bigint NOT NULL,
  p1_status text,
  CONSTRAINT take_the_next_queued_job_oldest_run_at_first_skip_dbb18296_pkey PRIMARY KEY (n)
);

CREATE SEQUENCE underpin_bench.take_the_next_queued_job_oldest_run_at_first_skippin_230b97d1_n;

CREATE TABLE underpin_bench.upsert_daily_usage_of_a_device_and_day (
  n                 bigint NOT NULL,
  p1_device_id      uuid,
  p2_day            date,
  p3_readings_count integer,
  CONSTRAINT upsert_daily_usage_of_a_device_and_day_pkey PRIMARY KEY (n)
);

CREATE SEQUENCE underpin_bench.upsert_daily_usage_of_a_device_and_day_n;

CREATE TABLE underpin_bench.devices_whose_labels_contain_a_given_key_and_value (
  n         bigint NOT NULL,
  p1_labels jsonb,
  CONSTRAINT devices_whose_labels_contain_a_given_key_and_value_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.search_devices_by_words_in_the_description (
  n                    bigint NOT NULL,
  p1_description_words text,
  CONSTRAINT search_devices_by_words_in_the_description_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.all_devices_below_a_gateway_recursive (
  n     bigint NOT NULL,
  p1_id uuid,
  CONSTRAINT all_devices_below_a_gateway_recursive_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.average_value_per_metric_per_day_for_a_device_over_the_1db5d119 (
  n            bigint NOT NULL,
  p1_device_id uuid,
  CONSTRAINT average_value_per_metric_per_day_for_a_device_ove_079d55c6_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.devices_of_a_tenant_by_serial_prefix (
  n                   bigint NOT NULL,
  p1_serial_beginning text,
  p2_tenant_id        uuid,
  CONSTRAINT devices_of_a_tenant_by_serial_prefix_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.page_through_devices_of_a_tenant_by_offset_and_page_nu_26ba571c (
  n              bigint NOT NULL,
  p1_tenant_id   uuid,
  p2_rows_before bigint,
  CONSTRAINT page_through_devices_of_a_tenant_by_offset_and_pa_63d249b5_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.devices_not_seen_for_7_days (
  n                  bigint NOT NULL,
  p1_last_seen_at_to timestamptz,
  CONSTRAINT devices_not_seen_for_7_days_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.ancestors_of_a_device (
  n     bigint NOT NULL,
  p1_id uuid,
  CONSTRAINT ancestors_of_a_device_pkey PRIMARY KEY (n)
);
