-- list_open_orders_of_a_user, 40 in a second, within 20 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_user_id FROM underpin_bench.list_open_orders_of_a_user WHERE n = :n \gset
SELECT id, user_id, order_number, status, total_amount, currency_code, shipping_address_id, billing_address_id, payment_method_id, notes, created_at, updated_at, shipped_at, delivered_at
FROM public.orders
WHERE user_id = :p1_user_id AND status NOT IN ('delivered', 'cancelled')
ORDER BY created_at DESC, id DESC
LIMIT 20;
