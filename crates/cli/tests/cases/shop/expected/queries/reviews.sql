-- What the application asks of reviews: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: list_published_reviews_of_a_product :many
-- List published reviews of a product.
-- Stated in 05-data-structure.md:428.
-- $1 merchant_id: uuid
-- $2 product_id: uuid
-- Note: No statement gives the next page, since `published_at` can be missing, and no row comes
--   after a missing value.
SELECT reviews.id, reviews.merchant_id, reviews.product_id, reviews.user_id, reviews.order_item_id, reviews.rating, reviews.title, reviews.body, reviews.status, reviews.published_at, reviews.created_at, reviews.updated_at, users.email AS users_email, users.full_name AS users_full_name, users.phone AS users_phone, users.role AS users_role, users.status AS users_status, users.email_verified_at AS users_email_verified_at, users.last_login_at AS users_last_login_at, users.created_at AS users_created_at, users.updated_at AS users_updated_at, users.deleted_at AS users_deleted_at, users.anonymised_at AS users_anonymised_at
FROM public.reviews
JOIN public.users ON users.merchant_id = reviews.merchant_id AND users.id = reviews.user_id
WHERE reviews.merchant_id = $1 AND reviews.product_id = $2 AND reviews.status = 'published'
ORDER BY reviews.published_at DESC, reviews.id DESC
LIMIT 10;

-- name: list_reviews_to_check :many
-- List reviews to check.
-- Stated in 05-data-structure.md:429.
-- $1 merchant_id: uuid
SELECT reviews.id, reviews.merchant_id, reviews.product_id, reviews.user_id, reviews.order_item_id, reviews.rating, reviews.title, reviews.body, reviews.status, reviews.published_at, reviews.created_at, reviews.updated_at, products.sku AS products_sku, products.name AS products_name, products.description AS products_description, products.status AS products_status, products.price_amount AS products_price_amount, products.currency AS products_currency, products.tax_rate AS products_tax_rate, products.weight_grams AS products_weight_grams, products.attributes AS products_attributes, products.created_at AS products_created_at, products.updated_at AS products_updated_at, products.deleted_at AS products_deleted_at
FROM public.reviews
JOIN public.products ON products.merchant_id = reviews.merchant_id AND products.id = reviews.product_id
WHERE reviews.merchant_id = $1 AND reviews.status = 'pending'
ORDER BY reviews.created_at, reviews.id
LIMIT 50;

-- name: list_reviews_to_check_next :many
-- The page of list_reviews_to_check that follows the row whose values are given.
-- $1 merchant_id: uuid
-- $2 created_at_after: timestamp with time zone
-- $3 id_after: uuid
SELECT reviews.id, reviews.merchant_id, reviews.product_id, reviews.user_id, reviews.order_item_id, reviews.rating, reviews.title, reviews.body, reviews.status, reviews.published_at, reviews.created_at, reviews.updated_at, products.sku AS products_sku, products.name AS products_name, products.description AS products_description, products.status AS products_status, products.price_amount AS products_price_amount, products.currency AS products_currency, products.tax_rate AS products_tax_rate, products.weight_grams AS products_weight_grams, products.attributes AS products_attributes, products.created_at AS products_created_at, products.updated_at AS products_updated_at, products.deleted_at AS products_deleted_at
FROM public.reviews
JOIN public.products ON products.merchant_id = reviews.merchant_id AND products.id = reviews.product_id
WHERE reviews.merchant_id = $1 AND reviews.status = 'pending' AND (reviews.created_at, reviews.id) > ($2, $3)
ORDER BY reviews.created_at, reviews.id
LIMIT 50;

-- name: write_review :one
-- Write review.
-- Stated in 05-data-structure.md:450.
-- $1 merchant_id: uuid
-- $2 product_id: uuid
-- $3 user_id: uuid
-- $4 order_item_id: uuid
-- $5 rating: smallint
-- $6 title: text
-- $7 body: text
-- $8 published_at: timestamp with time zone
INSERT INTO public.reviews (merchant_id, product_id, user_id, order_item_id, rating, title, body, published_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
RETURNING id;
