-- list_unpaid_orders_past_their_time, 0.0167 in a second, within 200 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_placed_at_to FROM underpin_bench.list_unpaid_orders_past_their_time WHERE n = :n \gset
SELECT id, merchant_id, user_id, order_number, checkout_key, status, currency, subtotal_amount, discount_amount, shipping_amount, tax_amount, total_amount, shipping_address, billing_address, customer_note, cancellation_reason, placed_at, paid_at, shipped_at, delivered_at, completed_at, returned_at, cancelled_at, updated_at
FROM public.orders
WHERE status = 'pending' AND placed_at < :p1_placed_at_to
ORDER BY placed_at, id
LIMIT 500;
