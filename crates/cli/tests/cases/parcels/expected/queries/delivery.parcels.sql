-- What the application asks of parcels: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: parcels_of_an_order :many
-- Parcels of an order.
-- Stated in domain.md:73.
-- $1 order_id: uuid
SELECT id, order_id, courier_id, weight_grams, state
FROM delivery.parcels
WHERE order_id = $1;

-- name: parcels_of_a_courier_on_the_way :many
-- Parcels of a courier on the way.
-- Stated in domain.md:74.
-- $1 courier_id: uuid
SELECT id, order_id, courier_id, weight_grams, state
FROM delivery.parcels
WHERE courier_id = $1 AND state = 'on_the_way'
LIMIT 50;
