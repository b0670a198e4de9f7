-- What the application asks of cart_items: a statement for each access pattern, in the form that
--   sqlc reads.

-- name: list_items_of_a_cart :many
-- List items of a cart.
-- Stated in 05-data-structure.md:413.
-- $1 merchant_id: uuid
-- $2 cart_id: uuid
SELECT cart_items.id, cart_items.merchant_id, cart_items.cart_id, cart_items.product_id, cart_items.quantity, cart_items.added_at, products.sku AS products_sku, products.name AS products_name, products.description AS products_description, products.status AS products_status, products.price_amount AS products_price_amount, products.currency AS products_currency, products.tax_rate AS products_tax_rate, products.weight_grams AS products_weight_grams, products.attributes AS products_attributes, products.created_at AS products_created_at, products.updated_at AS products_updated_at, products.deleted_at AS products_deleted_at
FROM public.cart_items
JOIN public.products ON products.merchant_id = cart_items.merchant_id AND products.id = cart_items.product_id
WHERE cart_items.merchant_id = $1 AND cart_items.cart_id = $2
ORDER BY cart_items.added_at, cart_items.id
LIMIT 100;

-- name: list_items_of_a_cart_next :many
-- The page of list_items_of_a_cart that follows the row whose values are given.
-- $1 merchant_id: uuid
-- $2 cart_id: uuid
-- $3 added_at_after: timestamp with time zone
-- $4 id_after: uuid
SELECT cart_items.id, cart_items.merchant_id, cart_items.cart_id, cart_items.product_id, cart_items.quantity, cart_items.added_at, products.sku AS products_sku, products.name AS products_name, products.description AS products_description, products.status AS products_status, products.price_amount AS products_price_amount, products.currency AS products_currency, products.tax_rate AS products_tax_rate, products.weight_grams AS products_weight_grams, products.attributes AS products_attributes, products.created_at AS products_created_at, products.updated_at AS products_updated_at, products.deleted_at AS products_deleted_at
FROM public.cart_items
JOIN public.products ON products.merchant_id = cart_items.merchant_id AND products.id = cart_items.product_id
WHERE cart_items.merchant_id = $1 AND cart_items.cart_id = $2 AND (cart_items.added_at, cart_items.id) > ($3, $4)
ORDER BY cart_items.added_at, cart_items.id
LIMIT 100;

-- name: add_item_to_cart :one
-- Add item to cart.
-- Stated in 05-data-structure.md:440.
-- $1 merchant_id: uuid
-- $2 cart_id: uuid
-- $3 product_id: uuid
-- $4 quantity: integer
-- $5 added_at: timestamp with time zone
INSERT INTO public.cart_items (merchant_id, cart_id, product_id, quantity, added_at)
VALUES ($1, $2, $3, $4, $5)
RETURNING id;

-- name: change_quantity_in_cart :execrows
-- Change quantity in cart.
-- Stated in 05-data-structure.md:441.
-- $1 quantity: integer
-- $2 merchant_id: uuid
-- $3 cart_id: uuid
-- $4 product_id: uuid
UPDATE public.cart_items
SET quantity = $1
WHERE merchant_id = $2 AND cart_id = $3 AND product_id = $4;
