-- list_refunds_of_a_payment, 5 in a second, within 10 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_merchant_id, p2_payment_id FROM underpin_bench.list_refunds_of_a_payment WHERE n = :n \gset
SELECT id, merchant_id, payment_id, requested_by_user_id, idempotency_key, status, reason, note, amount, currency, provider_reference, requested_at, completed_at
FROM public.refunds
WHERE merchant_id = :p1_merchant_id AND payment_id = :p2_payment_id
ORDER BY requested_at DESC, id DESC
LIMIT 20;
