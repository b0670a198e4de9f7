-- change_stock_of_a_product, 15 in a second, within 20 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
WITH call AS (SELECT p1_name, p2_description, p3_price, p4_cost, p5_currency_code, p6_inventory_quantity, p7_status, p8_weight_kg, p9_dimensions, p10_metadata, p11_id FROM underpin_bench.change_stock_of_a_product WHERE n = :n)
UPDATE public.products
SET name = (SELECT p1_name FROM call), description = (SELECT p2_description FROM call), price = (SELECT p3_price FROM call), cost = (SELECT p4_cost FROM call), currency_code = (SELECT p5_currency_code FROM call), inventory_quantity = (SELECT p6_inventory_quantity FROM call), status = (SELECT p7_status FROM call), weight_kg = (SELECT p8_weight_kg FROM call), dimensions = (SELECT p9_dimensions FROM call), metadata = (SELECT p10_metadata FROM call)
WHERE id = (SELECT p11_id FROM call);
