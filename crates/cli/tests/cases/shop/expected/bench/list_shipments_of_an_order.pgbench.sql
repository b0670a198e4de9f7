-- list_shipments_of_an_order, 30 in a second, within 10 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_merchant_id, p2_order_id FROM underpin_bench.list_shipments_of_an_order WHERE n = :n \gset
SELECT id, merchant_id, order_id, carrier, service_level, tracking_number, status, estimated_delivery_on, packed_at, shipped_at, delivered_at, lost_at, cancelled_at, created_at, updated_at
FROM public.shipments
WHERE merchant_id = :p1_merchant_id AND order_id = :p2_order_id
ORDER BY created_at DESC, id DESC
LIMIT 20;
