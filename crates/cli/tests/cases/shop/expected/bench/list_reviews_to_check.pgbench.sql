-- list_reviews_to_check, 0.0058 in a second, within 50 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_merchant_id FROM underpin_bench.list_reviews_to_check WHERE n = :n \gset
SELECT reviews.id, reviews.merchant_id, reviews.product_id, reviews.user_id, reviews.order_item_id, reviews.rating, reviews.title, reviews.body, reviews.status, reviews.published_at, reviews.created_at, reviews.updated_at, products.sku AS products_sku, products.name AS products_name, products.description AS products_description, products.status AS products_status, products.price_amount AS products_price_amount, products.currency AS products_currency, products.tax_rate AS products_tax_rate, products.weight_grams AS products_weight_grams, products.attributes AS products_attributes, products.created_at AS products_created_at, products.updated_at AS products_updated_at, products.deleted_at AS products_deleted_at
FROM public.reviews
JOIN public.products ON products.merchant_id = reviews.merchant_id AND products.id = reviews.product_id
WHERE reviews.merchant_id = :p1_merchant_id AND reviews.status = 'pending'
ORDER BY reviews.created_at, reviews.id
LIMIT 50;
