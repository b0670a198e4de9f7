-- get_order_by_number, 40 in a second, within 5 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_merchant_id, p2_order_number FROM underpin_bench.get_order_by_number WHERE n = :n \gset
SELECT id, merchant_id, user_id, order_number, checkout_key, status, currency, subtotal_amount, discount_amount, shipping_amount, tax_amount, total_amount, shipping_address, billing_address, customer_note, cancellation_reason, placed_at, paid_at, shipped_at, delivered_at, completed_at, returned_at, cancelled_at, updated_at
FROM public.orders
WHERE merchant_id = :p1_merchant_id AND order_number = :p2_order_number
LIMIT 1;
