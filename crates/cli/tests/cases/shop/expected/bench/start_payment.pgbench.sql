-- start_payment, 5 in a second, within 20 ms (p95).
WITH call AS (SELECT p1_merchant_id, p2_order_id, p3_idempotency_key, p4_method, p5_provider, p6_provider_reference, p7_amount, p8_refunded_amount, p9_currency, p10_failure_code FROM underpin_bench.start_payment WHERE n = (SELECT nextval('underpin_bench.start_payment_n')))
INSERT INTO public.payments (merchant_id, order_id, idempotency_key, method, provider, provider_reference, amount, refunded_amount, currency, failure_code)
SELECT p1_merchant_id, p2_order_id, p3_idempotency_key, p4_method, p5_provider, p6_provider_reference, p7_amount, p8_refunded_amount, p9_currency, p10_failure_code
FROM call
RETURNING id;
