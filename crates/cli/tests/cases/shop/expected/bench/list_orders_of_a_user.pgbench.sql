-- list_orders_of_a_user, 60 in a second, within 20 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_merchant_id, p2_user_id FROM underpin_bench.list_orders_of_a_user WHERE n = :n \gset
SELECT id, merchant_id, user_id, order_number, checkout_key, status, currency, subtotal_amount, discount_amount, shipping_amount, tax_amount, total_amount, shipping_address, billing_address, customer_note, cancellation_reason, placed_at, paid_at, shipped_at, delivered_at, completed_at, returned_at, cancelled_at, updated_at
FROM public.orders
WHERE merchant_id = :p1_merchant_id AND user_id = :p2_user_id
ORDER BY placed_at DESC, id DESC
LIMIT 20;
