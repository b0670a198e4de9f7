-- What the application asks of shipments: a statement for each access pattern, in the form that sqlc
--   reads.

-- name: list_shipments_of_an_order :many
-- List shipments of an order.
-- Stated in 05-data-structure.md:425.
-- $1 merchant_id: uuid
-- $2 order_id: uuid
SELECT id, merchant_id, order_id, carrier, service_level, tracking_number, status, estimated_delivery_on, packed_at, shipped_at, delivered_at, lost_at, cancelled_at, created_at, updated_at
FROM public.shipments
WHERE merchant_id = $1 AND order_id = $2
ORDER BY created_at DESC, id DESC
LIMIT 20;

-- name: list_shipments_of_an_order_next :many
-- The page of list_shipments_of_an_order that follows the row whose values are given.
-- $1 merchant_id: uuid
-- $2 order_id: uuid
-- $3 created_at_after: timestamp with time zone
-- $4 id_after: uuid
SELECT id, merchant_id, order_id, carrier, service_level, tracking_number, status, estimated_delivery_on, packed_at, shipped_at, delivered_at, lost_at, cancelled_at, created_at, updated_at
FROM public.shipments
WHERE merchant_id = $1 AND order_id = $2 AND (created_at, id) < ($3, $4)
ORDER BY created_at DESC, id DESC
LIMIT 20;

-- name: get_shipment_by_tracking_number :one
-- Get shipment by tracking number.
-- Stated in 05-data-structure.md:426.
-- $1 carrier: text
-- $2 tracking_number: text
SELECT id, merchant_id, order_id, carrier, service_level, tracking_number, status, estimated_delivery_on, packed_at, shipped_at, delivered_at, lost_at, cancelled_at, created_at, updated_at
FROM public.shipments
WHERE carrier = $1 AND tracking_number = $2
LIMIT 1;

-- name: list_parcels_to_hand_over :many
-- List parcels to hand over.
-- Stated in 05-data-structure.md:427.
-- $1 merchant_id: uuid
-- Note: No statement gives the next page, since `packed_at` can be missing, and no row comes after a
--   missing value.
SELECT shipments.id, shipments.merchant_id, shipments.order_id, shipments.carrier, shipments.service_level, shipments.tracking_number, shipments.status, shipments.estimated_delivery_on, shipments.packed_at, shipments.shipped_at, shipments.delivered_at, shipments.lost_at, shipments.cancelled_at, shipments.created_at, shipments.updated_at, orders.order_number AS orders_order_number, orders.checkout_key AS orders_checkout_key, orders.status AS orders_status, orders.currency AS orders_currency, orders.subtotal_amount AS orders_subtotal_amount, orders.discount_amount AS orders_discount_amount, orders.shipping_amount AS orders_shipping_amount, orders.tax_amount AS orders_tax_amount, orders.total_amount AS orders_total_amount, orders.shipping_address AS orders_shipping_address, orders.billing_address AS orders_billing_address, orders.customer_note AS orders_customer_note, orders.cancellation_reason AS orders_cancellation_reason, orders.placed_at AS orders_placed_at, orders.paid_at AS orders_paid_at, orders.shipped_at AS orders_shipped_at, orders.delivered_at AS orders_delivered_at, orders.completed_at AS orders_completed_at, orders.returned_at AS orders_returned_at, orders.cancelled_at AS orders_cancelled_at, orders.updated_at AS orders_updated_at
FROM public.shipments
JOIN public.orders ON orders.merchant_id = shipments.merchant_id AND orders.id = shipments.order_id
WHERE shipments.merchant_id = $1 AND shipments.status = 'packed'
ORDER BY shipments.packed_at, shipments.id
LIMIT 100;

-- name: change_shipment_status :execrows
-- Change shipment status.
-- Stated in 05-data-structure.md:448.
-- $1 status: text
-- $2 tracking_number: text
-- $3 packed_at: timestamp with time zone
-- $4 shipped_at: timestamp with time zone
-- $5 delivered_at: timestamp with time zone
-- $6 lost_at: timestamp with time zone
-- $7 cancelled_at: timestamp with time zone
-- $8 merchant_id: uuid
-- $9 id: uuid
-- Note: What the new state asks for is set with it; a parameter within coalesce leaves its column as
--   it is where it is NULL.
UPDATE public.shipments
SET status = $1, tracking_number = coalesce($2, tracking_number), packed_at = coalesce($3, packed_at), shipped_at = coalesce($4, shipped_at), delivered_at = coalesce($5, delivered_at), lost_at = coalesce($6, lost_at), cancelled_at = coalesce($7, cancelled_at)
WHERE merchant_id = $8 AND id = $9;
