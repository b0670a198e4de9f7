-- change_order_status, 20 in a second, within 20 ms (p95).
WITH call AS (SELECT p1_status, p2_id FROM underpin_bench.change_order_status WHERE n = (SELECT nextval('underpin_bench.change_order_status_n')))
UPDATE public.orders
SET status = (SELECT p1_status FROM call)
WHERE id = (SELECT p2_id FROM call);
