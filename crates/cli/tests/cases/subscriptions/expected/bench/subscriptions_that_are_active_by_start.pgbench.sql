-- subscriptions_that_are_active_by_start, 1 in a second, within 50 ms (p95).
SELECT subscription_id, customer_email, status, price_amount, price_currency, street, city, postal_code, country, starts_on, paused_at, cancelled_at, version
FROM ordering.subscriptions
WHERE status = 'active'
ORDER BY starts_on, subscription_id
LIMIT 100;
