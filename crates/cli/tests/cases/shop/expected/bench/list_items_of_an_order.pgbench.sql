-- list_items_of_an_order, 100 in a second, within 10 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_merchant_id, p2_order_id FROM underpin_bench.list_items_of_an_order WHERE n = :n \gset
SELECT id, merchant_id, order_id, product_id, line_number, sku, product_name, unit_price_amount, tax_rate, quantity, line_total_amount
FROM public.order_items
WHERE merchant_id = :p1_merchant_id AND order_id = :p2_order_id
ORDER BY line_number, id
LIMIT 200;
