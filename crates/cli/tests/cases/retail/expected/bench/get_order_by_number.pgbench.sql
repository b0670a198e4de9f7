-- get_order_by_number, 15 in a second, within 5 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_order_number FROM underpin_bench.get_order_by_number WHERE n = :n \gset
SELECT id, user_id, order_number, status, total_amount, currency_code, shipping_address_id, billing_address_id, payment_method_id, notes, created_at, updated_at, shipped_at, delivered_at
FROM public.orders
WHERE order_number = :p1_order_number
LIMIT 1;
