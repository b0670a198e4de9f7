-- What the scripts take their parameters from, a table for each: row n is one call. Scripts that
--   read choose among the first 1000 rows, a few of them most of the time; what can be written once
--   takes each row once.

CREATE SCHEMA underpin_bench;

CREATE TABLE underpin_bench.messages_of_a_conversation (
  n                  bigint NOT NULL,
  p1_conversation_id uuid,
  CONSTRAINT messages_of_a_conversation_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.visits_of_a_region (
  n                  bigint NOT NULL,
  p1_region          text,
  p2_visited_at_from timestamptz,
  p3_visited_at_to   timestamptz,
  CONSTRAINT visits_of_a_region_pkey PRIMARY KEY (n)
);

CREATE TABLE underpin_bench.a_survey (
  n     bigint NOT NULL,
  p1_id bigint,
  CONSTRAINT a_survey_pkey PRIMARY KEY (n)
);
