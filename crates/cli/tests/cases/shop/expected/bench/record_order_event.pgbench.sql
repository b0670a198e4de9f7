-- record_order_event, 30 in a second, within 10 ms (p95).
WITH call AS (SELECT p1_merchant_id, p2_order_id, p3_actor_user_id, p4_event_type, p5_occurred_at FROM underpin_bench.record_order_event WHERE n = (SELECT nextval('underpin_bench.record_order_event_n')))
INSERT INTO public.order_events (merchant_id, order_id, actor_user_id, event_type, occurred_at)
SELECT p1_merchant_id, p2_order_id, p3_actor_user_id, p4_event_type, p5_occurred_at
FROM call
RETURNING id;
