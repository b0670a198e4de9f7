-- all_devices_below_a_gateway_recursive, 2 in a second, within 100 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_id FROM underpin_bench.all_devices_below_a_gateway_recursive WHERE n = :n \gset
WITH RECURSIVE below AS (
  SELECT own.id, own.parent_id, own.tenant_id, own.serial, own.model, own.labels, own.description, own.last_seen_at, 1 AS distance
  FROM public.devices AS own
  WHERE own.parent_id = :p1_id
  UNION ALL
  SELECT own.id, own.parent_id, own.tenant_id, own.serial, own.model, own.labels, own.description, own.last_seen_at, below.distance + 1
  FROM public.devices AS own
  JOIN below ON own.parent_id = below.id
)
SELECT id, parent_id, tenant_id, serial, model, labels, description, last_seen_at, distance
FROM below
ORDER BY distance;
