-- list_addresses_of_a_user, 20 in a second, within 10 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_merchant_id, p2_user_id FROM underpin_bench.list_addresses_of_a_user WHERE n = :n \gset
SELECT id, merchant_id, user_id, label, recipient_name, line1, line2, postal_code, city, country_code, is_default_shipping, is_default_billing, created_at, updated_at
FROM public.addresses
WHERE merchant_id = :p1_merchant_id AND user_id = :p2_user_id
ORDER BY created_at DESC, id DESC
LIMIT 20;
