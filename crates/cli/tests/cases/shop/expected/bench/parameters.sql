-- What the scripts take their parameters from, a table for each: row n is one call. Scripts that
--   read choose among the first 1000 rows, a few of them most of the time; what can be written once
--   takes each row once.

CREATE SCHEMA underpin_bench;

CREATE TABLE underpin_bench.get_merchant_by_slug (
  n       bigint NOT NULL,
  p1_slug text,
  CONSTRAINT get_merchant_by_slug_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.get_user_by_email (
  n              bigint NOT NULL,
  p1_merchant_id uuid,
  p2_email       text,
  CONSTRAINT get_user_by_email_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.get_user_by_id (
  n              bigint NOT NULL,
  p1_merchant_id uuid,
  p2_id          uuid,
  CONSTRAINT get_user_by_id_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_addresses_of_a_user (
  n              bigint NOT NULL,
  p1_merchant_id uuid,
  p2_user_id     uuid,
  CONSTRAINT list_addresses_of_a_user_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.get_category_by_slug (
  n              bigint NOT NULL,
  p1_merchant_id uuid,
  p2_slug        text,
  CONSTRAINT get_category_by_slug_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_categories_of_a_merchant (
  n              bigint NOT NULL,
  p1_merchant_id uuid,
  CONSTRAINT list_categories_of_a_merchant_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_subcategories (
  n              bigint NOT NULL,
  p1_merchant_id uuid,
  p2_parent_id   uuid,
  CONSTRAINT list_subcategories_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.get_product_page (
  n              bigint NOT NULL,
  p1_merchant_id uuid,
  p2_id          uuid,
  CONSTRAINT get_product_page_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.get_product_by_sku (
  n              bigint NOT NULL,
  p1_merchant_id uuid,
  p2_sku         text,
  CONSTRAINT get_product_by_sku_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_active_products_of_a_category (
  n              bigint NOT NULL,
  p1_merchant_id uuid,
  p2_category_id uuid,
  CONSTRAINT list_active_products_of_a_category_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_active_products_of_a_category_by_price (
  n              bigint NOT NULL,
  p1_merchant_id uuid,
  p2_category_id uuid,
  CONSTRAINT list_active_products_of_a_category_by_price_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_newest_products (
  n              bigint NOT NULL,
  p1_merchant_id uuid,
  CONSTRAINT list_newest_products_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_products_with_an_attribute (
  n              bigint NOT NULL,
  p1_merchant_id uuid,
  p2_attributes  jsonb,
  CONSTRAINT list_products_with_an_attribute_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.get_stock_of_a_product (
  n              bigint NOT NULL,
  p1_merchant_id uuid,
  p2_product_id  uuid,
  CONSTRAINT get_stock_of_a_product_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_products_low_in_stock (
  n                      bigint NOT NULL,
  p1_merchant_id         uuid,
  p2_quantity_on_hand_to integer,
  CONSTRAINT list_products_low_in_stock_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.get_active_cart_of_a_user (
  n              bigint NOT NULL,
  p1_merchant_id uuid,
  p2_user_id     uuid,
  CONSTRAINT get_active_cart_of_a_user_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_items_of_a_cart (
  n              bigint NOT NULL,
  p1_merchant_id uuid,
  p2_cart_id     uuid,
  CONSTRAINT list_items_of_a_cart_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_expired_carts (
  n                bigint NOT NULL,
  p1_expires_at_to timestamptz,
  CONSTRAINT list_expired_carts_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_orders_of_a_user (
  n              bigint NOT NULL,
  p1_merchant_id uuid,
  p2_user_id     uuid,
  CONSTRAINT list_orders_of_a_user_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.get_order_by_number (
  n               bigint NOT NULL,
  p1_merchant_id  uuid,
  p2_order_number text,
  CONSTRAINT get_order_by_number_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_items_of_an_order (
  n              bigint NOT NULL,
  p1_merchant_id uuid,
  p2_order_id    uuid,
  CONSTRAINT list_items_of_an_order_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_orders_by_status (
  n              bigint NOT NULL,
  p1_merchant_id uuid,
  p2_status      text,
  CONSTRAINT list_orders_by_status_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_orders_of_a_period (
  n                 bigint NOT NULL,
  p1_merchant_id    uuid,
  p2_placed_at_from timestamptz,
  p3_placed_at_to   timestamptz,
  CONSTRAINT list_orders_of_a_period_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_unpaid_orders_past_their_time (
  n               bigint NOT NULL,
  p1_placed_at_to timestamptz,
  CONSTRAINT list_unpaid_orders_past_their_time_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_payments_of_an_order (
  n              bigint NOT NULL,
  p1_merchant_id uuid,
  p2_order_id    uuid,
  CONSTRAINT list_payments_of_an_order_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.get_payment_by_idempotency_key (
  n                  bigint NOT NULL,
  p1_merchant_id     uuid,
  p2_idempotency_key text,
  CONSTRAINT get_payment_by_idempotency_key_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.get_payment_by_provider_reference (
  n                     bigint NOT NULL,
  p1_provider           text,
  p2_provider_reference text,
  CONSTRAINT get_payment_by_provider_reference_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_refunds_of_a_payment (
  n              bigint NOT NULL,
  p1_merchant_id uuid,
  p2_payment_id  uuid,
  CONSTRAINT list_refunds_of_a_payment_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_shipments_of_an_order (
  n              bigint NOT NULL,
  p1_merchant_id uuid,
  p2_order_id    uuid,
  CONSTRAINT list_shipments_of_an_order_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.get_shipment_by_tracking_number (
  n                  bigint NOT NULL,
  p1_carrier         text,
  p2_tracking_number text,
  CONSTRAINT get_shipment_by_tracking_number_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_parcels_to_hand_over (
  n              bigint NOT NULL,
  p1_merchant_id uuid,
  CONSTRAINT list_parcels_to_hand_over_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_published_reviews_of_a_product (
  n              bigint NOT NULL,
  p1_merchant_id uuid,
  p2_product_id  uuid,
  CONSTRAINT list_published_reviews_of_a_product_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_reviews_to_check (
  n              bigint NOT NULL,
  p1_merchant_id uuid,
  CONSTRAINT list_reviews_to_check_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.list_events_of_an_order (
  n              bigint NOT NULL,
  p1_merchant_id uuid,
  p2_order_id    uuid,
  CONSTRAINT list_events_of_an_order_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.register_user (
  n                    bigint NOT NULL,
  p1_merchant_id       uuid,
  p2_email             text,
  p3_password_hash     text,
  p4_full_name         text,
  p5_phone             text,
  p6_email_verified_at timestamptz,
  p7_last_login_at     timestamptz,
  p8_anonymised_at     timestamptz,
  CONSTRAINT register_user_pkey PRIMARY KEY (n)
);

CREATE SEQUENCE underpin_bench.register_user_n;

CREATE TABLE underpin_bench.add_item_to_cart (
  n              bigint NOT NULL,
  p1_merchant_id uuid,
  p2_cart_id     uuid,
  p3_product_id  uuid,
  p4_quantity    integer,
  p5_added_at    timestamptz,
  CONSTRAINT add_item_to_cart_pkey PRIMARY KEY (n)
);

CREATE SEQUENCE underpin_bench.add_item_to_cart_n;

CREATE TABLE underpin_bench.change_quantity_in_cart (
  n              bigint NOT NULL,
  p1_quantity    integer,
  p2_merchant_id uuid,
  p3_cart_id     uuid,
  p4_product_id  uuid,
  CONSTRAINT change_quantity_in_cart_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.reserve_stock (
  n                    bigint NOT NULL,
  p1_quantity_on_hand  integer,
  p2_quantity_reserved integer,
  p3_merchant_id       uuid,
  p4_product_id        uuid,
  CONSTRAINT reserve_stock_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.place_order (
  n                       bigint NOT NULL,
  p1_merchant_id          uuid,
  p2_user_id              uuid,
  p3_order_number         text,
  p4_checkout_key         text,
  p5_currency             text,
  p6_subtotal_amount      numeric(12,2),
  p7_discount_amount      numeric(12,2),
  p8_shipping_amount      numeric(12,2),
  p9_tax_amount           numeric(12,2),
  p10_total_amount        numeric(12,2),
  p11_shipping_address    jsonb,
  p12_billing_address     jsonb,
  p13_customer_note       text,
  p14_cancellation_reason text,
  p15_placed_at           timestamptz,
  CONSTRAINT place_order_pkey PRIMARY KEY (n)
);

CREATE SEQUENCE underpin_bench.place_order_n;

CREATE TABLE underpin_bench.add_order_item (
  n                     bigint NOT NULL,
  p1_merchant_id        uuid,
  p2_order_id           uuid,
  p3_product_id         uuid,
  p4_line_number        integer,
  p5_sku                text,
  p6_product_name       text,
  p7_unit_price_amount  numeric(12,2),
  p8_tax_rate           numeric(5,4),
  p9_quantity           integer,
  p10_line_total_amount numeric(12,2),
  CONSTRAINT add_order_item_pkey PRIMARY KEY (n)
);

CREATE SEQUENCE underpin_bench.add_order_item_n;

CREATE TABLE underpin_bench.change_order_status (
  n                      bigint NOT NULL,
  p1_status              text,
  p2_cancellation_reason text,
  p3_paid_at             timestamptz,
  p4_shipped_at          timestamptz,
  p5_delivered_at        timestamptz,
  p6_completed_at        timestamptz,
  p7_returned_at         timestamptz,
  p8_cancelled_at        timestamptz,
  p9_merchant_id         uuid,
  p10_id                 uuid,
  CONSTRAINT change_order_status_pkey PRIMARY KEY (n)
);

CREATE SEQUENCE underpin_bench.change_order_status_n;

CREATE TABLE underpin_bench.start_payment (
  n                     bigint NOT NULL,
  p1_merchant_id        uuid,
  p2_order_id           uuid,
  p3_idempotency_key    text,
  p4_method             text,
  p5_provider           text,
  p6_provider_reference text,
  p7_amount             numeric(12,2),
  p8_refunded_amount    numeric(12,2),
  p9_currency           text,
  p10_failure_code      text,
  CONSTRAINT start_payment_pkey PRIMARY KEY (n)
);

CREATE SEQUENCE underpin_bench.start_payment_n;

CREATE TABLE underpin_bench.change_payment_status (
  n                     bigint NOT NULL,
  p1_status             text,
  p2_provider_reference text,
  p3_refunded_amount    numeric(12,2),
  p4_failure_code       text,
  p5_authorized_at      timestamptz,
  p6_captured_at        timestamptz,
  p7_failed_at          timestamptz,
  p8_voided_at          timestamptz,
  p9_merchant_id        uuid,
  p10_id                uuid,
  CONSTRAINT change_payment_status_pkey PRIMARY KEY (n)
);

CREATE SEQUENCE underpin_bench.change_payment_status_n;

CREATE TABLE underpin_bench.change_shipment_status (
  n                  bigint NOT NULL,
  p1_status          text,
  p2_tracking_number text,
  p3_packed_at       timestamptz,
  p4_shipped_at      timestamptz,
  p5_delivered_at    timestamptz,
  p6_lost_at         timestamptz,
  p7_cancelled_at    timestamptz,
  p8_merchant_id     uuid,
  p9_id              uuid,
  CONSTRAINT change_shipment_status_pkey PRIMARY KEY (n)
);

CREATE SEQUENCE underpin_bench.change_shipment_status_n;

CREATE TABLE underpin_bench.record_order_event (
  n                bigint NOT NULL,
  p1_merchant_id   uuid,
  p2_order_id      uuid,
  p3_actor_user_id uuid,
  p4_event_type    text,
  p5_occurred_at   timestamptz,
  CONSTRAINT record_order_event_pkey PRIMARY KEY (n)
);

CREATE SEQUENCE underpin_bench.record_order_event_n;

CREATE TABLE underpin_bench.write_review (
  n                bigint NOT NULL,
  p1_merchant_id   uuid,
  p2_product_id    uuid,
  p3_user_id       uuid,
  p4_order_item_id uuid,
  p5_rating        smallint,
  p6_title         text,
  p7_body          text,
  p8_published_at  timestamptz,
  CONSTRAINT write_review_pkey PRIMARY KEY (n)
);

CREATE SEQUENCE underpin_bench.write_review_n;
