-- place_order, 5 in a second, within 50 ms (p95).
WITH call AS (SELECT p1_merchant_id, p2_user_id, p3_order_number, p4_checkout_key, p5_currency, p6_subtotal_amount, p7_discount_amount, p8_shipping_amount, p9_tax_amount, p10_total_amount, p11_shipping_address, p12_billing_address, p13_customer_note, p14_cancellation_reason, p15_placed_at FROM underpin_bench.place_order WHERE n = (SELECT nextval('underpin_bench.place_order_n')))
INSERT INTO public.orders (merchant_id, user_id, order_number, checkout_key, currency, subtotal_amount, discount_amount, shipping_amount, tax_amount, total_amount, shipping_address, billing_address, customer_note, cancellation_reason, placed_at)
SELECT p1_merchant_id, p2_user_id, p3_order_number, p4_checkout_key, p5_currency, p6_subtotal_amount, p7_discount_amount, p8_shipping_amount, p9_tax_amount, p10_total_amount, p11_shipping_address, p12_billing_address, p13_customer_note, p14_cancellation_reason, p15_placed_at
FROM call
RETURNING id;
