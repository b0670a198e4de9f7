-- place_order, 8 in a second, within 30 ms (p95).
WITH call AS (SELECT p1_user_id, p2_order_number, p3_total_amount, p4_shipping_address_id, p5_billing_address_id, p6_payment_method_id, p7_notes FROM underpin_bench.place_order WHERE n = (SELECT nextval('underpin_bench.place_order_n')))
INSERT INTO public.orders (user_id, order_number, total_amount, shipping_address_id, billing_address_id, payment_method_id, notes)
SELECT p1_user_id, p2_order_number, p3_total_amount, p4_shipping_address_id, p5_billing_address_id, p6_payment_method_id, p7_notes
FROM call
RETURNING id;
