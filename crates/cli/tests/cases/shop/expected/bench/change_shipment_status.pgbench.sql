-- change_shipment_status, 8 in a second, within 20 ms (p95).
WITH call AS (SELECT p1_status, p2_merchant_id, p3_id FROM underpin_bench.change_shipment_status WHERE n = (SELECT nextval('underpin_bench.change_shipment_status_n')))
UPDATE public.shipments
SET status = (SELECT p1_status FROM call)
WHERE merchant_id = (SELECT p2_merchant_id FROM call) AND id = (SELECT p3_id FROM call);
