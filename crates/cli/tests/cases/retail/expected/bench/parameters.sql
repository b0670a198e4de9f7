-- What the scripts take their parameters from, a table for each: row n is one call. Scripts that
--   read choose among the first 1000 rows, a few of them most of the time; what can be written once
--   takes each row once.

CREATE SCHEMA underpin_bench;

CREATE TABLE underpin_bench.get_user_by_email (
  n        bigint NOT NULL,
  p1_email text,
  CONSTRAINT get_user_by_email_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_open_orders_of_a_user (
  n          bigint NOT NULL,
  p1_user_id uuid,
  CONSTRAINT list_open_orders_of_a_user_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_orders_of_a_user (
  n          bigint NOT NULL,
  p1_user_id uuid,
  CONSTRAINT list_orders_of_a_user_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.get_order_by_number (
  n               bigint NOT NULL,
  p1_order_number text,
  CONSTRAINT get_order_by_number_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.get_product_by_sku (
  n      bigint NOT NULL,
  p1_sku text,
  CONSTRAINT get_product_by_sku_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_products_in_stock_of_a_category (
  n                          bigint NOT NULL,
  p1_category_id             uuid,
  p2_inventory_quantity_from integer,
  CONSTRAINT list_products_in_stock_of_a_category_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_products_of_a_category_by_price (
  n              bigint NOT NULL,
  p1_category_id uuid,
  CONSTRAINT list_products_of_a_category_by_price_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_products_with_an_attribute (
  n           bigint NOT NULL,
  p1_metadata jsonb,
  CONSTRAINT list_products_with_an_attribute_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_order_history_of_a_user (
  n                  bigint NOT NULL,
  p1_user_id         uuid,
  p2_order_date_from date,
  CONSTRAINT list_order_history_of_a_user_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_order_history_of_a_month (
  n                  bigint NOT NULL,
  p1_order_date_from date,
  p2_order_date_to   date,
  CONSTRAINT list_order_history_of_a_month_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_latest_activities_of_a_user (
  n          bigint NOT NULL,
  p1_user_id uuid,
  CONSTRAINT list_latest_activities_of_a_user_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_changes_of_a_record (
  n             bigint NOT NULL,
  p1_table_name text,
  p2_record_id  text,
  CONSTRAINT list_changes_of_a_record_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.register_user (
  n                    bigint NOT NULL,
  p1_email             text,
  p2_password_hash     text,
  p3_first_name        text,
  p4_last_name         text,
  p5_phone             text,
  p6_email_verified_at timestamptz,
  p7_last_login_at     timestamptz,
  CONSTRAINT register_user_pkey PRIMARY KEY (n)
);

CREATE SEQUENCE underpin_bench.register_user_n;

CREATE TABLE underpin_bench.place_order (
  n                      bigint NOT NULL,
  p1_user_id             uuid,
  p2_order_number        text,
  p3_total_amount        numeric(10,2),
  p4_shipping_address_id uuid,
  p5_billing_address_id  uuid,
  p6_payment_method_id   uuid,
  p7_notes               text,
  CONSTRAINT place_order_pkey PRIMARY KEY (n)
);

CREATE SEQUENCE underpin_bench.place_order_n;

CREATE TABLE underpin_bench.change_order_status (
  n               bigint NOT NULL,
  p1_status       text,
  p2_shipped_at   timestamptz,
  p3_delivered_at timestamptz,
  p4_id           uuid,
  CONSTRAINT change_order_status_pkey PRIMARY KEY (n)
);

CREATE SEQUENCE underpin_bench.change_order_status_n;

CREATE TABLE underpin_bench.change_stock_of_a_product (
  n                     bigint NOT NULL,
  p1_name               text,
  p2_description        text,
  p3_price              numeric(10,2),
  p4_cost               numeric(10,2),
  p5_currency_code      text,
  p6_inventory_quantity integer,
  p7_status             text,
  p8_weight_kg          numeric(8,3),
  p9_dimensions         jsonb,
  p10_metadata          jsonb,
  p11_id                uuid,
  CONSTRAINT change_stock_of_a_product_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.record_activity (
  n                bigint NOT NULL,
  p1_user_id       uuid,
  p2_activity_type text,
  CONSTRAINT record_activity_pkey PRIMARY KEY (n)
);

CREATE SEQUENCE underpin_bench.record_activity_n;
