-- list_order_history_of_a_user, 5 in a second, within 50 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_user_id, p2_order_date_from FROM underpin_bench.list_order_history_of_a_user WHERE n = :n \gset
SELECT id, user_id, order_number, order_date, status, total_amount, currency_code, created_at
FROM public.order_histories
WHERE user_id = :p1_user_id AND order_date >= :p2_order_date_from
ORDER BY order_date DESC, id DESC
LIMIT 50;
