-- What the application asks of order_items: a statement for each access pattern, in the form that
--   sqlc reads.

-- name: list_items_of_an_order :many
-- List items of an order.
-- Stated in 05-data-structure.md:417.
-- $1 merchant_id: uuid
-- $2 order_id: uuid
SELECT id, merchant_id, order_id, product_id, line_number, sku, product_name, unit_price_amount, tax_rate, quantity, line_total_amount
FROM public.order_items
WHERE merchant_id = $1 AND order_id = $2
ORDER BY line_number, id
LIMIT 200;

-- name: list_items_of_an_order_next :many
-- The page of list_items_of_an_order that follows the row whose values are given.
-- $1 merchant_id: uuid
-- $2 order_id: uuid
-- $3 line_number_after: integer
-- $4 id_after: uuid
SELECT id, merchant_id, order_id, product_id, line_number, sku, product_name, unit_price_amount, tax_rate, quantity, line_total_amount
FROM public.order_items
WHERE merchant_id = $1 AND order_id = $2 AND (line_number, id) > ($3, $4)
ORDER BY line_number, id
LIMIT 200;

-- name: add_order_item :one
-- Add order item.
-- Stated in 05-data-structure.md:444.
-- $1 merchant_id: uuid
-- $2 order_id: uuid
-- $3 product_id: uuid
-- $4 line_number: integer
-- $5 sku: text
-- $6 product_name: text
-- $7 unit_price_amount: numeric(12,2)
-- $8 tax_rate: numeric(5,4)
-- $9 quantity: integer
-- $10 line_total_amount: numeric(12,2)
INSERT INTO public.order_items (merchant_id, order_id, product_id, line_number, sku, product_name, unit_price_amount, tax_rate, quantity, line_total_amount)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
RETURNING id;
