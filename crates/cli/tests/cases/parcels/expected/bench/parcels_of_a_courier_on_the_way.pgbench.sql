-- parcels_of_a_courier_on_the_way, 5 in a second, within 50 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_courier_id FROM underpin_bench.parcels_of_a_courier_on_the_way WHERE n = :n \gset
SELECT id, order_id, courier_id, weight_grams, state
FROM delivery.parcels
WHERE courier_id = :p1_courier_id AND state = 'on_the_way'
LIMIT 50;
