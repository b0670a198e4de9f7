-- change_order_status, 20 in a second, within 20 ms (p95).
WITH call AS (SELECT p1_status, p2_shipped_at, p3_delivered_at, p4_id FROM underpin_bench.change_order_status WHERE n = (SELECT nextval('underpin_bench.change_order_status_n')))
UPDATE public.orders
SET status = (SELECT p1_status FROM call), shipped_at = coalesce((SELECT p2_shipped_at FROM call), shipped_at), delivered_at = coalesce((SELECT p3_delivered_at FROM call), delivered_at)
WHERE id = (SELECT p4_id FROM call);
