-- get_payment_by_provider_reference, 20 in a second, within 5 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_provider, p2_provider_reference FROM underpin_bench.get_payment_by_provider_reference WHERE n = :n \gset
SELECT id, merchant_id, order_id, idempotency_key, method, provider, provider_reference, status, amount, refunded_amount, currency, failure_code, authorized_at, captured_at, failed_at, voided_at, created_at, updated_at
FROM public.payments
WHERE provider = :p1_provider AND provider_reference = :p2_provider_reference
LIMIT 1;
