-- invoices_of_a_subscription, 10 in a second, within 20 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_subscription_id FROM underpin_bench.invoices_of_a_subscription WHERE n = :n \gset
SELECT invoice_id, subscription_id, number, status, total_amount, total_currency, issued_on, due_on, paid_at
FROM billing.invoices
WHERE subscription_id = :p1_subscription_id
ORDER BY issued_on DESC, invoice_id DESC
LIMIT 24;
