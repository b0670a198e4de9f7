-- list_payments_of_an_order, 40 in a second, within 10 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_merchant_id, p2_order_id FROM underpin_bench.list_payments_of_an_order WHERE n = :n \gset
SELECT id, merchant_id, order_id, idempotency_key, method, provider, provider_reference, status, amount, refunded_amount, currency, failure_code, authorized_at, captured_at, failed_at, voided_at, created_at, updated_at
FROM public.payments
WHERE merchant_id = :p1_merchant_id AND order_id = :p2_order_id
ORDER BY created_at DESC, id DESC
LIMIT 20;
