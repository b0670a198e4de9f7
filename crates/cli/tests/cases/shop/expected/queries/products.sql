-- What the application asks of products: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: get_product_page :one
-- Get product page.
-- Stated in 05-data-structure.md:404.
-- $1 merchant_id: uuid
-- $2 id: uuid
SELECT products.id, products.merchant_id, products.category_id, products.sku, products.name, products.description, products.status, products.price_amount, products.currency, products.tax_rate, products.weight_grams, products.attributes, products.created_at, products.updated_at, products.deleted_at, categories.slug AS categories_slug, categories.name AS categories_name, categories."position" AS categories_position, categories.created_at AS categories_created_at, categories.updated_at AS categories_updated_at, stock_items.quantity_on_hand AS stock_items_quantity_on_hand, stock_items.quantity_reserved AS stock_items_quantity_reserved, stock_items.updated_at AS stock_items_updated_at
FROM public.products
JOIN public.categories ON categories.merchant_id = products.merchant_id AND categories.id = products.category_id
LEFT JOIN public.stock_items ON products.merchant_id = stock_items.merchant_id AND products.id = stock_items.product_id
WHERE products.merchant_id = $1 AND products.id = $2 AND products.deleted_at IS NULL
LIMIT 1;

-- name: get_product_by_sku :one
-- Get product by SKU.
-- Stated in 05-data-structure.md:405.
-- $1 merchant_id: uuid
-- $2 sku: text
SELECT products.id, products.merchant_id, products.category_id, products.sku, products.name, products.description, products.status, products.price_amount, products.currency, products.tax_rate, products.weight_grams, products.attributes, products.created_at, products.updated_at, products.deleted_at, stock_items.quantity_on_hand AS stock_items_quantity_on_hand, stock_items.quantity_reserved AS stock_items_quantity_reserved, stock_items.updated_at AS stock_items_updated_at
FROM public.products
LEFT JOIN public.stock_items ON products.merchant_id = stock_items.merchant_id AND products.id = stock_items.product_id
WHERE products.merchant_id = $1 AND products.sku = $2 AND products.deleted_at IS NULL
LIMIT 1;

-- name: list_active_products_of_a_category :many
-- List active products of a category.
-- Stated in 05-data-structure.md:406.
-- $1 merchant_id: uuid
-- $2 category_id: uuid
SELECT products.id, products.merchant_id, products.category_id, products.sku, products.name, products.description, products.status, products.price_amount, products.currency, products.tax_rate, products.weight_grams, products.attributes, products.created_at, products.updated_at, products.deleted_at, stock_items.quantity_on_hand AS stock_items_quantity_on_hand, stock_items.quantity_reserved AS stock_items_quantity_reserved, stock_items.updated_at AS stock_items_updated_at
FROM public.products
LEFT JOIN public.stock_items ON products.merchant_id = stock_items.merchant_id AND products.id = stock_items.product_id
WHERE products.merchant_id = $1 AND products.category_id = $2 AND products.status = 'active' AND products.deleted_at IS NULL
ORDER BY products.created_at DESC, products.id DESC
LIMIT 24;

-- name: list_active_products_of_a_category_next :many
-- The page of list_active_products_of_a_category that follows the row whose values are given.
-- $1 merchant_id: uuid
-- $2 category_id: uuid
-- $3 created_at_after: timestamp with time zone
-- $4 id_after: uuid
SELECT products.id, products.merchant_id, products.category_id, products.sku, products.name, products.description, products.status, products.price_amount, products.currency, products.tax_rate, products.weight_grams, products.attributes, products.created_at, products.updated_at, products.deleted_at, stock_items.quantity_on_hand AS stock_items_quantity_on_hand, stock_items.quantity_reserved AS stock_items_quantity_reserved, stock_items.updated_at AS stock_items_updated_at
FROM public.products
LEFT JOIN public.stock_items ON products.merchant_id = stock_items.merchant_id AND products.id = stock_items.product_id
WHERE products.merchant_id = $1 AND products.category_id = $2 AND products.status = 'active' AND products.deleted_at IS NULL AND (products.created_at, products.id) < ($3, $4)
ORDER BY products.created_at DESC, products.id DESC
LIMIT 24;

-- name: list_active_products_of_a_category_by_price :many
-- List active products of a category by price.
-- Stated in 05-data-structure.md:407.
-- $1 merchant_id: uuid
-- $2 category_id: uuid
SELECT products.id, products.merchant_id, products.category_id, products.sku, products.name, products.description, products.status, products.price_amount, products.currency, products.tax_rate, products.weight_grams, products.attributes, products.created_at, products.updated_at, products.deleted_at, stock_items.quantity_on_hand AS stock_items_quantity_on_hand, stock_items.quantity_reserved AS stock_items_quantity_reserved, stock_items.updated_at AS stock_items_updated_at
FROM public.products
LEFT JOIN public.stock_items ON products.merchant_id = stock_items.merchant_id AND products.id = stock_items.product_id
WHERE products.merchant_id = $1 AND products.category_id = $2 AND products.status = 'active' AND products.deleted_at IS NULL
ORDER BY products.price_amount, products.id
LIMIT 24;

-- name: list_active_products_of_a_category_by_price_next :many
-- The page of list_active_products_of_a_category_by_price that follows the row whose values are
--   given.
-- $1 merchant_id: uuid
-- $2 category_id: uuid
-- $3 price_amount_after: numeric(12,2)
-- $4 id_after: uuid
SELECT products.id, products.merchant_id, products.category_id, products.sku, products.name, products.description, products.status, products.price_amount, products.currency, products.tax_rate, products.weight_grams, products.attributes, products.created_at, products.updated_at, products.deleted_at, stock_items.quantity_on_hand AS stock_items_quantity_on_hand, stock_items.quantity_reserved AS stock_items_quantity_reserved, stock_items.updated_at AS stock_items_updated_at
FROM public.products
LEFT JOIN public.stock_items ON products.merchant_id = stock_items.merchant_id AND products.id = stock_items.product_id
WHERE products.merchant_id = $1 AND products.category_id = $2 AND products.status = 'active' AND products.deleted_at IS NULL AND (products.price_amount, products.id) > ($3, $4)
ORDER BY products.price_amount, products.id
LIMIT 24;

-- name: list_newest_products :many
-- List newest products.
-- Stated in 05-data-structure.md:408.
-- $1 merchant_id: uuid
SELECT id, merchant_id, category_id, sku, name, description, status, price_amount, currency, tax_rate, weight_grams, attributes, created_at, updated_at, deleted_at
FROM public.products
WHERE merchant_id = $1 AND status = 'active' AND deleted_at IS NULL
ORDER BY created_at DESC, id DESC
LIMIT 24;

-- name: list_newest_products_next :many
-- The page of list_newest_products that follows the row whose values are given.
-- $1 merchant_id: uuid
-- $2 created_at_after: timestamp with time zone
-- $3 id_after: uuid
SELECT id, merchant_id, category_id, sku, name, description, status, price_amount, currency, tax_rate, weight_grams, attributes, created_at, updated_at, deleted_at
FROM public.products
WHERE merchant_id = $1 AND status = 'active' AND deleted_at IS NULL AND (created_at, id) < ($2, $3)
ORDER BY created_at DESC, id DESC
LIMIT 24;

-- name: list_products_with_an_attribute :many
-- List products with an attribute.
-- Stated in 05-data-structure.md:409.
-- $1 merchant_id: uuid
-- $2 attributes: jsonb
SELECT id, merchant_id, category_id, sku, name, description, status, price_amount, currency, tax_rate, weight_grams, attributes, created_at, updated_at, deleted_at
FROM public.products
WHERE merchant_id = $1 AND status = 'active' AND attributes @> $2 AND deleted_at IS NULL
LIMIT 24;
