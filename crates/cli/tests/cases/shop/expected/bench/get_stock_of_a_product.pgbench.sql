-- get_stock_of_a_product, 100 in a second, within 5 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_merchant_id, p2_product_id FROM underpin_bench.get_stock_of_a_product WHERE n = :n \gset
SELECT id, merchant_id, product_id, quantity_on_hand, quantity_reserved, updated_at
FROM public.stock_items
WHERE merchant_id = :p1_merchant_id AND product_id = :p2_product_id
LIMIT 1;
