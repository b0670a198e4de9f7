-- open_invoices_by_due_date, 0.0167 in a second, within 100 ms (p95).
SELECT invoice_id, subscription_id, number, status, total_amount, total_currency, issued_on, due_on, paid_at
FROM billing.invoices
WHERE status = 'open'
ORDER BY due_on, invoice_id
LIMIT 100;
