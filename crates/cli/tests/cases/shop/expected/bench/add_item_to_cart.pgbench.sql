-- add_item_to_cart, 20 in a second, within 10 ms (p95).
WITH call AS (SELECT p1_merchant_id, p2_cart_id, p3_product_id, p4_quantity, p5_added_at FROM underpin_bench.add_item_to_cart WHERE n = (SELECT nextval('underpin_bench.add_item_to_cart_n')))
INSERT INTO public.cart_items (merchant_id, cart_id, product_id, quantity, added_at)
SELECT p1_merchant_id, p2_cart_id, p3_product_id, p4_quantity, p5_added_at
FROM call
RETURNING id;
