-- orders_of_a_customer, 30 in a second, within 20 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_customer_id FROM underpin_bench.orders_of_a_customer WHERE n = :n \gset
SELECT id, customer_id, number, status, placed_at, created_at
FROM sales.orders
WHERE customer_id = :p1_customer_id
ORDER BY created_at DESC, id DESC
LIMIT 20;
