-- What the application asks of stock_items: a statement for each access pattern, in the form that
--   sqlc reads.

-- name: get_stock_of_a_product :one
-- Get stock of a product.
-- Stated in 05-data-structure.md:410.
-- $1 merchant_id: uuid
-- $2 product_id: uuid
SELECT id, merchant_id, product_id, quantity_on_hand, quantity_reserved, updated_at
FROM public.stock_items
WHERE merchant_id = $1 AND product_id = $2
LIMIT 1;

-- name: list_products_low_in_stock :many
-- List products low in stock.
-- Stated in 05-data-structure.md:411.
-- $1 merchant_id: uuid
-- $2 quantity_on_hand_to: integer
SELECT stock_items.id, stock_items.merchant_id, stock_items.product_id, stock_items.quantity_on_hand, stock_items.quantity_reserved, stock_items.updated_at, products.sku AS products_sku, products.name AS products_name, products.description AS products_description, products.status AS products_status, products.price_amount AS products_price_amount, products.currency AS products_currency, products.tax_rate AS products_tax_rate, products.weight_grams AS products_weight_grams, products.attributes AS products_attributes, products.created_at AS products_created_at, products.updated_at AS products_updated_at, products.deleted_at AS products_deleted_at
FROM public.stock_items
JOIN public.products ON products.merchant_id = stock_items.merchant_id AND products.id = stock_items.product_id
WHERE stock_items.merchant_id = $1 AND stock_items.quantity_on_hand <= $2
ORDER BY stock_items.quantity_on_hand, stock_items.id
LIMIT 100;

-- name: list_products_low_in_stock_next :many
-- The page of list_products_low_in_stock that follows the row whose values are given.
-- $1 merchant_id: uuid
-- $2 quantity_on_hand_to: integer
-- $3 quantity_on_hand_after: integer
-- $4 id_after: uuid
SELECT stock_items.id, stock_items.merchant_id, stock_items.product_id, stock_items.quantity_on_hand, stock_items.quantity_reserved, stock_items.updated_at, products.sku AS products_sku, products.name AS products_name, products.description AS products_description, products.status AS products_status, products.price_amount AS products_price_amount, products.currency AS products_currency, products.tax_rate AS products_tax_rate, products.weight_grams AS products_weight_grams, products.attributes AS products_attributes, products.created_at AS products_created_at, products.updated_at AS products_updated_at, products.deleted_at AS products_deleted_at
FROM public.stock_items
JOIN public.products ON products.merchant_id = stock_items.merchant_id AND products.id = stock_items.product_id
WHERE stock_items.merchant_id = $1 AND stock_items.quantity_on_hand <= $2 AND (stock_items.quantity_on_hand, stock_items.id) > ($3, $4)
ORDER BY stock_items.quantity_on_hand, stock_items.id
LIMIT 100;

-- name: reserve_stock :execrows
-- Reserve stock.
-- Stated in 05-data-structure.md:442.
-- $1 quantity_on_hand: integer
-- $2 quantity_reserved: integer
-- $3 merchant_id: uuid
-- $4 product_id: uuid
-- Note: Its name says of no field that it changes: all that are neither keys, references nor times
--   are set.
UPDATE public.stock_items
SET quantity_on_hand = $1, quantity_reserved = $2
WHERE merchant_id = $3 AND product_id = $4;
