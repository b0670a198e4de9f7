-- reserve_stock, 12 in a second, within 10 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
WITH call AS (SELECT p1_quantity_on_hand, p2_quantity_reserved, p3_merchant_id, p4_product_id FROM underpin_bench.reserve_stock WHERE n = :n)
UPDATE public.stock_items
SET quantity_on_hand = (SELECT p1_quantity_on_hand FROM call), quantity_reserved = (SELECT p2_quantity_reserved FROM call)
WHERE merchant_id = (SELECT p3_merchant_id FROM call) AND product_id = (SELECT p4_product_id FROM call);
