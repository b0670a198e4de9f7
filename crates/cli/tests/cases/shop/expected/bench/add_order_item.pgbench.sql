-- add_order_item, 12 in a second, within 10 ms (p95).
WITH call AS (SELECT p1_merchant_id, p2_order_id, p3_product_id, p4_line_number, p5_sku, p6_product_name, p7_unit_price_amount, p8_tax_rate, p9_quantity, p10_line_total_amount FROM underpin_bench.add_order_item WHERE n = (SELECT nextval('underpin_bench.add_order_item_n')))
INSERT INTO public.order_items (merchant_id, order_id, product_id, line_number, sku, product_name, unit_price_amount, tax_rate, quantity, line_total_amount)
SELECT p1_merchant_id, p2_order_id, p3_product_id, p4_line_number, p5_sku, p6_product_name, p7_unit_price_amount, p8_tax_rate, p9_quantity, p10_line_total_amount
FROM call
RETURNING id;
