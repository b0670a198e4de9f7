-- pay_an_invoice, 1 in a second, within 50 ms (p95).
WITH call AS (SELECT p1_status, p2_paid_at, p3_invoice_id FROM underpin_bench.pay_an_invoice WHERE n = (SELECT nextval('underpin_bench.pay_an_invoice_n')))
UPDATE billing.invoices
SET status = (SELECT p1_status FROM call), paid_at = coalesce((SELECT p2_paid_at FROM call), paid_at)
WHERE invoice_id = (SELECT p3_invoice_id FROM call);
