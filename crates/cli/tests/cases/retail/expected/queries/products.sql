-- What the application asks of products: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: get_product_by_sku :one
-- Get product by SKU.
-- Stated in data-model.md:188.
-- $1 sku: text
SELECT products.id, products.category_id, products.sku, products.name, products.description, products.price, products.cost, products.currency_code, products.inventory_quantity, products.status, products.weight_kg, products.dimensions, products.metadata, products.created_at, products.updated_at, product_categories.name AS product_categories_name, product_categories.description AS product_categories_description, product_categories.created_at AS product_categories_created_at
FROM public.products
JOIN public.product_categories ON product_categories.id = products.category_id
WHERE products.sku = $1
LIMIT 1;

-- name: list_products_in_stock_of_a_category :many
-- List products in stock of a category.
-- Stated in data-model.md:189.
-- $1 category_id: uuid
-- $2 inventory_quantity_from: integer
SELECT products.id, products.category_id, products.sku, products.name, products.description, products.price, products.cost, products.currency_code, products.inventory_quantity, products.status, products.weight_kg, products.dimensions, products.metadata, products.created_at, products.updated_at, product_categories.name AS product_categories_name, product_categories.description AS product_categories_description, product_categories.created_at AS product_categories_created_at
FROM public.products
JOIN public.product_categories ON product_categories.id = products.category_id
WHERE products.category_id = $1 AND products.status = 'active' AND products.inventory_quantity > $2
ORDER BY products.name, products.id
LIMIT 20;

-- name: list_products_in_stock_of_a_category_next :many
-- The page of list_products_in_stock_of_a_category that follows the row whose values are given.
-- $1 category_id: uuid
-- $2 inventory_quantity_from: integer
-- $3 name_after: text
-- $4 id_after: uuid
SELECT products.id, products.category_id, products.sku, products.name, products.description, products.price, products.cost, products.currency_code, products.inventory_quantity, products.status, products.weight_kg, products.dimensions, products.metadata, products.created_at, products.updated_at, product_categories.name AS product_categories_name, product_categories.description AS product_categories_description, product_categories.created_at AS product_categories_created_at
FROM public.products
JOIN public.product_categories ON product_categories.id = products.category_id
WHERE products.category_id = $1 AND products.status = 'active' AND products.inventory_quantity > $2 AND (products.name, products.id) > ($3, $4)
ORDER BY products.name, products.id
LIMIT 20;

-- name: list_products_of_a_category_by_price :many
-- List products of a category by price.
-- Stated in data-model.md:190.
-- $1 category_id: uuid
SELECT id, category_id, sku, name, description, price, cost, currency_code, inventory_quantity, status, weight_kg, dimensions, metadata, created_at, updated_at
FROM public.products
WHERE category_id = $1 AND status = 'active'
ORDER BY price, id
LIMIT 20;

-- name: list_products_of_a_category_by_price_next :many
-- The page of list_products_of_a_category_by_price that follows the row whose values are given.
-- $1 category_id: uuid
-- $2 price_after: numeric(10,2)
-- $3 id_after: uuid
SELECT id, category_id, sku, name, description, price, cost, currency_code, inventory_quantity, status, weight_kg, dimensions, metadata, created_at, updated_at
FROM public.products
WHERE category_id = $1 AND status = 'active' AND (price, id) > ($2, $3)
ORDER BY price, id
LIMIT 20;

-- name: list_products_with_an_attribute :many
-- List products with an attribute.
-- Stated in data-model.md:191.
-- $1 metadata: jsonb
SELECT id, category_id, sku, name, description, price, cost, currency_code, inventory_quantity, status, weight_kg, dimensions, metadata, created_at, updated_at
FROM public.products
WHERE metadata @> $1
LIMIT 20;

-- name: change_stock_of_a_product :execrows
-- Change stock of a product.
-- Stated in data-model.md:199.
-- $1 name: text
-- $2 description: text
-- $3 price: numeric(10,2)
-- $4 cost: numeric(10,2)
-- $5 currency_code: text
-- $6 inventory_quantity: integer
-- $7 status: text
-- $8 weight_kg: numeric(8,3)
-- $9 dimensions: jsonb
-- $10 metadata: jsonb
-- $11 id: uuid
-- Note: Its name says of no field that it changes: all that are neither keys, references nor times
--   are set.
UPDATE public.products
SET name = $1, description = $2, price = $3, cost = $4, currency_code = $5, inventory_quantity = $6, status = $7, weight_kg = $8, dimensions = $9, metadata = $10
WHERE id = $11;
