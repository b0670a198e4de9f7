-- ancestors_of_a_device, 2 in a second, within 20 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_id FROM underpin_bench.ancestors_of_a_device WHERE n = :n \gset
WITH RECURSIVE above AS (
  SELECT own.id, own.parent_id, own.tenant_id, own.serial, own.model, own.labels, own.description, own.last_seen_at, 1 AS distance
  FROM public.devices AS own
  WHERE own.id = :p1_id
  UNION ALL
  SELECT own.id, own.parent_id, own.tenant_id, own.serial, own.model, own.labels, own.description, own.last_seen_at, above.distance + 1
  FROM public.devices AS own
  JOIN above ON own.id = above.parent_id
)
SELECT id, parent_id, tenant_id, serial, model, labels, description, last_seen_at, distance
FROM above
ORDER BY distance DESC;
