-- get_shipment_by_tracking_number, 10 in a second, within 5 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_carrier, p2_tracking_number FROM underpin_bench.get_shipment_by_tracking_number WHERE n = :n \gset
SELECT id, merchant_id, order_id, carrier, service_level, tracking_number, status, estimated_delivery_on, packed_at, shipped_at, delivered_at, lost_at, cancelled_at, created_at, updated_at
FROM public.shipments
WHERE carrier = :p1_carrier AND tracking_number = :p2_tracking_number
LIMIT 1;
