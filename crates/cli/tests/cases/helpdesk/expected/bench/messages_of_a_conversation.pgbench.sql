-- messages_of_a_conversation, 50 in a second, within 50 ms (p95).
\set n random_zipfian(1, 1000, 1.07)
SELECT p1_conversation_id FROM underpin_bench.messages_of_a_conversation WHERE n = :n \gset
SELECT id, conversation_id, body, sent_at
FROM public.messages
WHERE conversation_id = :p1_conversation_id
ORDER BY sent_at DESC, id DESC
LIMIT 20;
