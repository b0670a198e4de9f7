-- write_review, 0.5 in a second, within 20 ms (p95).
WITH call AS (SELECT p1_merchant_id, p2_product_id, p3_user_id, p4_order_item_id, p5_rating, p6_title, p7_body, p8_published_at FROM underpin_bench.write_review WHERE n = (SELECT nextval('underpin_bench.write_review_n')))
INSERT INTO public.reviews (merchant_id, product_id, user_id, order_item_id, rating, title, body, published_at)
SELECT p1_merchant_id, p2_product_id, p3_user_id, p4_order_item_id, p5_rating, p6_title, p7_body, p8_published_at
FROM call
RETURNING id;
