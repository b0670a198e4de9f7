-- list_order_history_of_a_month, 0.0012 in a second, within 500 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_order_date_from, p2_order_date_to FROM underpin_bench.list_order_history_of_a_month WHERE n = :n \gset
SELECT id, user_id, order_number, order_date, status, total_amount, currency_code, created_at
FROM public.order_histories
WHERE order_date >= :p1_order_date_from AND order_date < :p2_order_date_to
ORDER BY order_date, id
LIMIT 1000;
