-- change_shipment_status, 8 in a second, within 20 ms (p95).
WITH call AS (SELECT p1_status, p2_tracking_number, p3_packed_at, p4_shipped_at, p5_delivered_at, p6_lost_at, p7_cancelled_at, p8_merchant_id, p9_id FROM underpin_bench.change_shipment_status WHERE n = (SELECT nextval('underpin_bench.change_shipment_status_n')))
UPDATE public.shipments
SET status = (SELECT p1_status FROM call), tracking_number = coalesce((SELECT p2_tracking_number FROM call), tracking_number), packed_at = coalesce((SELECT p3_packed_at FROM call), packed_at), shipped_at = coalesce((SELECT p4_shipped_at FROM call), shipped_at), delivered_at = coalesce((SELECT p5_delivered_at FROM call), delivered_at), lost_at = coalesce((SELECT p6_lost_at FROM call), lost_at), cancelled_at = coalesce((SELECT p7_cancelled_at FROM call), cancelled_at)
WHERE merchant_id = (SELECT p8_merchant_id FROM call) AND id = (SELECT p9_id FROM call);
