-- find_a_customer_by_email, 20 in a second, within 10 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_email FROM underpin_bench.find_a_customer_by_email WHERE n = :n \gset
SELECT id, email, name
FROM sales.customers
WHERE lower(email) = lower(:p1_email)
LIMIT 1;
