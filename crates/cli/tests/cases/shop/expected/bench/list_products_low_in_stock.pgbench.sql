-- list_products_low_in_stock, 0.0058 in a second, within 100 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_merchant_id, p2_quantity_on_hand_to FROM underpin_bench.list_products_low_in_stock WHERE n = :n \gset
SELECT stock_items.id, stock_items.merchant_id, stock_items.product_id, stock_items.quantity_on_hand, stock_items.quantity_reserved, stock_items.updated_at, products.sku AS products_sku, products.name AS products_name, products.description AS products_description, products.status AS products_status, products.price_amount AS products_price_amount, products.currency AS products_currency, products.tax_rate AS products_tax_rate, products.weight_grams AS products_weight_grams, products.attributes AS products_attributes, products.created_at AS products_created_at, products.updated_at AS products_updated_at, products.deleted_at AS products_deleted_at
FROM public.stock_items
JOIN public.products ON products.merchant_id = stock_items.merchant_id AND products.id = stock_items.product_id
WHERE stock_items.merchant_id = :p1_merchant_id AND stock_items.quantity_on_hand <= :p2_quantity_on_hand_to
ORDER BY stock_items.quantity_on_hand, stock_items.id
LIMIT 100;
