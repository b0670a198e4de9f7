-- change_quantity_in_cart, 5 in a second, within 10 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
WITH call AS (SELECT p1_quantity, p2_merchant_id, p3_cart_id, p4_product_id FROM underpin_bench.change_quantity_in_cart WHERE n = :n)
UPDATE public.cart_items
SET quantity = (SELECT p1_quantity FROM call)
WHERE merchant_id = (SELECT p2_merchant_id FROM call) AND cart_id = (SELECT p3_cart_id FROM call) AND product_id = (SELECT p4_product_id FROM call);
