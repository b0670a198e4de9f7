-- list_orders_by_status, 5 in a second, within 30 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_merchant_id, p2_status FROM underpin_bench.list_orders_by_status WHERE n = :n \gset
SELECT orders.id, orders.merchant_id, orders.user_id, orders.order_number, orders.checkout_key, orders.status, orders.currency, orders.subtotal_amount, orders.discount_amount, orders.shipping_amount, orders.tax_amount, orders.total_amount, orders.shipping_address, orders.billing_address, orders.customer_note, orders.cancellation_reason, orders.placed_at, orders.paid_at, orders.shipped_at, orders.delivered_at, orders.completed_at, orders.returned_at, orders.cancelled_at, orders.updated_at, users.email AS users_email, users.full_name AS users_full_name, users.phone AS users_phone, users.role AS users_role, users.status AS users_status, users.email_verified_at AS users_email_verified_at, users.last_login_at AS users_last_login_at, users.created_at AS users_created_at, users.updated_at AS users_updated_at, users.deleted_at AS users_deleted_at, users.anonymised_at AS users_anonymised_at
FROM public.orders
JOIN public.users ON users.merchant_id = orders.merchant_id AND users.id = orders.user_id
WHERE orders.merchant_id = :p1_merchant_id AND orders.status = :p2_status
ORDER BY orders.placed_at, orders.id
LIMIT 50;
