-- list_parcels_to_hand_over, 1 in a second, within 30 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_merchant_id FROM underpin_bench.list_parcels_to_hand_over WHERE n = :n \gset
SELECT shipments.id, shipments.merchant_id, shipments.order_id, shipments.carrier, shipments.service_level, shipments.tracking_number, shipments.status, shipments.estimated_delivery_on, shipments.packed_at, shipments.shipped_at, shipments.delivered_at, shipments.lost_at, shipments.cancelled_at, shipments.created_at, shipments.updated_at, orders.order_number AS orders_order_number, orders.checkout_key AS orders_checkout_key, orders.status AS orders_status, orders.currency AS orders_currency, orders.subtotal_amount AS orders_subtotal_amount, orders.discount_amount AS orders_discount_amount, orders.shipping_amount AS orders_shipping_amount, orders.tax_amount AS orders_tax_amount, orders.total_amount AS orders_total_amount, orders.shipping_address AS orders_shipping_address, orders.billing_address AS orders_billing_address, orders.customer_note AS orders_customer_note, orders.cancellation_reason AS orders_cancellation_reason, orders.placed_at AS orders_placed_at, orders.paid_at AS orders_paid_at, orders.shipped_at AS orders_shipped_at, orders.delivered_at AS orders_delivered_at, orders.completed_at AS orders_completed_at, orders.returned_at AS orders_returned_at, orders.cancelled_at AS orders_cancelled_at, orders.updated_at AS orders_updated_at
FROM public.shipments
JOIN public.orders ON orders.merchant_id = shipments.merchant_id AND orders.id = shipments.order_id
WHERE shipments.merchant_id = :p1_merchant_id AND shipments.status = 'packed'
ORDER BY shipments.packed_at, shipments.id
LIMIT 100;
