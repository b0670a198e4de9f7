-- list_published_reviews_of_a_product, 150 in a second, within 20 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_merchant_id, p2_product_id FROM underpin_bench.list_published_reviews_of_a_product WHERE n = :n \gset
SELECT reviews.id, reviews.merchant_id, reviews.product_id, reviews.user_id, reviews.order_item_id, reviews.rating, reviews.title, reviews.body, reviews.status, reviews.published_at, reviews.created_at, reviews.updated_at, users.email AS users_email, users.full_name AS users_full_name, users.phone AS users_phone, users.role AS users_role, users.status AS users_status, users.email_verified_at AS users_email_verified_at, users.last_login_at AS users_last_login_at, users.created_at AS users_created_at, users.updated_at AS users_updated_at, users.deleted_at AS users_deleted_at, users.anonymised_at AS users_anonymised_at
FROM public.reviews
JOIN public.users ON users.merchant_id = reviews.merchant_id AND users.id = reviews.user_id
WHERE reviews.merchant_id = :p1_merchant_id AND reviews.product_id = :p2_product_id AND reviews.status = 'published'
ORDER BY reviews.published_at DESC, reviews.id DESC
LIMIT 10;
