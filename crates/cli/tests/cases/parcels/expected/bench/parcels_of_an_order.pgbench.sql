-- parcels_of_an_order, 30 in a second, within 20 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_order_id FROM underpin_bench.parcels_of_an_order WHERE n = :n \gset
SELECT id, order_id, courier_id, weight_grams, state
FROM delivery.parcels
WHERE order_id = :p1_order_id;
