-- list_items_of_a_cart, 120 in a second, within 10 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_merchant_id, p2_cart_id FROM underpin_bench.list_items_of_a_cart WHERE n = :n \gset
SELECT cart_items.id, cart_items.merchant_id, cart_items.cart_id, cart_items.product_id, cart_items.quantity, cart_items.added_at, products.sku AS products_sku, products.name AS products_name, products.description AS products_description, products.status AS products_status, products.price_amount AS products_price_amount, products.currency AS products_currency, products.tax_rate AS products_tax_rate, products.weight_grams AS products_weight_grams, products.attributes AS products_attributes, products.created_at AS products_created_at, products.updated_at AS products_updated_at, products.deleted_at AS products_deleted_at
FROM public.cart_items
JOIN public.products ON products.merchant_id = cart_items.merchant_id AND products.id = cart_items.product_id
WHERE cart_items.merchant_id = :p1_merchant_id AND cart_items.cart_id = :p2_cart_id
ORDER BY cart_items.added_at, cart_items.id
LIMIT 100;
