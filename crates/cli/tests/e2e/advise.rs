//! `underpin advise`: what it chooses, what it says of it, and what it says of bad input.

use serde_json::Value;
use underpin_testkit::{Ran, temp_dir_with};

use crate::shared_server::Shared;
use crate::underpin;

/// Tables with rows enough that an index matters.
const SHOP: &str = "
CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL, country text NOT NULL);
CREATE TABLE orders (
  id bigint PRIMARY KEY,
  customer_id bigint NOT NULL REFERENCES customers,
  status text NOT NULL,
  note text NOT NULL,
  seen_at timestamptz,
  placed_at timestamptz NOT NULL
);
INSERT INTO customers SELECT n, 'c' || n || '@example.com', (ARRAY['de', 'fr', 'it'])[1 + n % 3]
  FROM generate_series(1, 2000) AS n;
INSERT INTO orders SELECT n, 1 + n % 2000, CASE WHEN n % 50 = 0 THEN 'pending' ELSE 'done' END,
  repeat('x', 100), NULL, timestamptz '2026-01-01' + n * interval '1 minute'
  FROM generate_series(1, 20000) AS n;
";

const READS: &str = "
-- name: of_customer :many
SELECT id, placed_at FROM orders WHERE customer_id = $1 ORDER BY placed_at DESC LIMIT $2;
-- name: pending :many
SELECT id FROM orders WHERE status = 'pending' ORDER BY placed_at LIMIT 100;
-- name: by_email :one
SELECT id FROM customers WHERE lower(email) = lower(:email);
";

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

fn texts(value: &Value) -> Vec<String> {
    let items = value.as_array().into_iter().flatten();
    items.map(|it| it.as_str().unwrap_or_default().to_owned()).collect()
}

/// The first columns of the chosen indexes with what they serve.
fn leading(advice: &Value) -> Vec<(String, Vec<String>)> {
    let indexes = advice["indexes"].as_array().unwrap();
    indexes.iter().map(|it| (texts(&it["columns"])[0].clone(), texts(&it["serves"]))).collect()
}

#[test]
fn a_schema_with_rows_gets_indexes_that_serve_its_queries() {
    let folder = temp_dir_with(&[("schema.sql", SHOP), ("reads.sql", READS)]);
    let advise = |more: &[&str]| {
        let words = [&["advise", "--schema", "schema.sql", "--queries", "reads.sql"], more];
        underpin().args(words.concat()).current_dir(folder.path()).run()
    };
    let ran = advise(&["--format", "json"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let advice = json(&ran);
    let leading = leading(&advice);
    let serves = |column: &str, query: &str| {
        leading.iter().any(|(first, serves)| first == column && serves.contains(&query.to_owned()))
    };
    assert!(serves("customer_id", "of_customer"), "{leading:?}");
    assert!(serves("(lower(email))", "by_email"), "{leading:?}");
    assert!(
        leading.iter().any(|(_, serves)| serves.contains(&"pending".to_owned())),
        "{leading:?}"
    );
    let cost = |key: &str| advice["workload"][key].as_f64().unwrap();
    assert!(cost("cost_after") < 0.5 * cost("cost_before"), "{advice:#}");
    // A partial index of the few that are pending; nothing else of the table is of its kind.
    let partial = advice["indexes"].as_array().unwrap().iter().find(|it| it["where"].is_string());
    assert!(partial.is_some_and(|it| it["ddl"].as_str().unwrap().contains("WHERE")), "{advice:#}");

    let ran = advise(&["--format", "json", "--budget", "300kB"]);
    let advice = json(&ran);
    assert!(advice["workload"]["bytes"].as_u64().unwrap() <= 300_000, "{advice:#}");
    assert!(!advice["indexes"].as_array().unwrap().is_empty(), "{advice:#}");
}

#[test]
fn writes_change_the_answer_and_weights_say_how_often() {
    let queries = "
        -- name: unseen
        SELECT id FROM orders WHERE seen_at > $1 ORDER BY seen_at LIMIT 50;
        -- name: see
        UPDATE orders SET seen_at = now() WHERE id = $1;";
    let folder = temp_dir_with(&[
        ("schema.sql", SHOP),
        ("queries.sql", queries),
        ("seldom.yaml", "unseen: 10\nsee: 1\n"),
        ("often.csv", "query,weight\nunseen,1\nsee,5000\n"),
    ]);
    let first_columns = |weights: &str| {
        let ran = underpin()
            .args(["advise", "--schema", "schema.sql", "--queries", "queries.sql"])
            .args(["--weights", weights, "--format", "json"])
            .current_dir(folder.path())
            .run();
        assert_eq!(ran.code, Some(0), "{ran:?}");
        leading(&json(&ran)).into_iter().map(|(first, _)| first).collect::<Vec<_>>()
    };
    assert_eq!(first_columns("seldom.yaml"), ["seen_at"]);
    assert!(first_columns("often.csv").is_empty());
}

#[test]
fn a_deletion_is_served_where_it_is_looked_for_what_refers() {
    let queries = "-- name: close_account\nDELETE FROM customers WHERE id = $1;";
    let folder = temp_dir_with(&[("schema.sql", SHOP), ("queries.sql", queries)]);
    let ran = underpin()
        .args(["advise", "--schema", "schema.sql", "--queries", "queries.sql", "--format", "json"])
        .current_dir(folder.path())
        .run();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let served = vec!["close_account: orders (customer_id)".to_owned()];
    assert_eq!(leading(&json(&ran)), [("customer_id".to_owned(), served)]);
}

#[test]
fn a_live_database_stays_as_it_was_and_its_idle_indexes_are_told() {
    let shared = Shared::start();
    let database = shared.server.create_database("advised").unwrap();
    let mut session = database.connect().unwrap();
    session.batch(SHOP).unwrap();
    session
        .batch(
            "CREATE INDEX by_customer ON orders (customer_id, id);
             CREATE INDEX twice ON orders (customer_id);
             CREATE INDEX idle ON orders (note); ANALYZE",
        )
        .unwrap();
    let url = shared.url(database.name());
    let folder = temp_dir_with(&[("reads.sql", READS)]);
    let advise = |format: &str| {
        underpin()
            .args(["advise", "--database-url", &url, "--queries", "reads.sql", "--format", format])
            .current_dir(folder.path())
            .run()
    };
    let ran = advise("json");
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let advice = json(&ran);
    let remarks: Vec<(String, String)> = advice["existing"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["name"].to_string(), it["remark"].to_string()))
        .collect();
    let is_there = |name: &str, remark: &str| {
        remarks.contains(&(format!("\"{name}\""), format!("\"{remark}\"")))
    };
    assert!(is_there("twice", "redundant") && is_there("idle", "unused"), "{remarks:?}");

    let script = advise("sql");
    assert!(script.stdout.contains("CREATE INDEX CONCURRENTLY "), "{script:?}");
    assert!(script.stdout.contains("-- DROP INDEX CONCURRENTLY public.twice;"), "{script:?}");
    let after = session
        .text("SELECT count(*) FROM pg_indexes WHERE schemaname = 'public'; SELECT count(*) FROM pg_extension WHERE extname = 'hypopg'; SELECT count(*) FROM pg_proc WHERE proname LIKE 'hypopg%' AND pronamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname LIKE 'pg_temp%')")
        .unwrap();
    let counts: Vec<_> = after.rows.into_iter().flatten().flatten().collect();
    assert_eq!(counts, ["5", "0", "0"]);
    // The script is one that PostgreSQL takes.
    for statement in script.stdout.lines().filter(|line| line.starts_with("CREATE INDEX")) {
        session.batch(statement.trim_end_matches(';')).unwrap();
    }
}

#[test]
fn bad_queries_are_named_with_their_lines_and_the_rest_is_advised() {
    let queries = "SELECT id FROM orders WHERE customer_id = $1;\n\
                   SELEC 1;\n\
                   SELECT id\nFROM orders WHERE nope = 1;\n\
                   SELECT id FROM nowhere;\n\
                   SELECT $1 IS NULL;\n\
                   DROP TABLE orders;\n";
    let folder = temp_dir_with(&[("schema.sql", SHOP), ("queries.sql", queries)]);
    let ran = underpin()
        .args(["advise", "--schema", "schema.sql", "--queries", "queries.sql", "--format", "json"])
        .current_dir(folder.path())
        .run();
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let advice = json(&ran);
    assert_eq!(leading(&advice)[0], ("customer_id".to_owned(), vec!["queries:1".to_owned()]));
    let named: Vec<(String, u64)> = advice["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["code"].as_str().unwrap().to_owned(), it["line"].as_u64().unwrap_or(0)))
        .collect();
    let expected = [("I101", 2), ("I101", 4), ("I101", 5), ("I102", 6), ("I101", 7)];
    assert_eq!(named, expected.map(|(code, line)| (code.to_owned(), line)), "{ran:?}");
    for word in ["queries:2", "nope", "nowhere", "$1::bigint"] {
        assert!(ran.stderr.contains(word), "{word}: {ran:?}");
    }
}

#[test]
fn what_cannot_be_advised_on_ends_with_a_reason() {
    let folder = temp_dir_with(&[
        ("schema.sql", "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL);"),
        ("queries.sql", "SELECT id FROM t WHERE a = 1;"),
        ("empty.sql", "-- nothing yet\n"),
    ]);
    let check = |words: &[&str], code: i32, said: &str| {
        let ran = underpin().arg("advise").args(words).current_dir(folder.path()).run();
        assert_eq!(ran.code, Some(code), "{ran:?}");
        assert!(ran.stderr.contains(said), "{said}: {ran:?}");
        ran
    };
    let schema = ["--schema", "schema.sql", "--queries"];
    let with = |more: &[&'static str]| [&schema[..], more].concat();
    check(&with(&["empty.sql"]), 1, "I100");
    check(&with(&["queries.sql", "--budget", "lots"]), 2, "I103");
    check(&with(&["queries.sql", "--weights", "nowhere.yaml"]), 2, "I104");
    check(&["--queries", "queries.sql"], 2, "I108");
    let nobody = "postgres://me@127.0.0.1:1/none";
    check(&["--database-url", nobody, "--queries", "queries.sql"], 3, "I090");
    // No rows: the planner's guesses are said to be guesses.
    check(&with(&["queries.sql"]), 0, "I105");
    let zero = check(&with(&["queries.sql", "--budget", "0", "--format", "json"]), 2, "I103");
    assert!(json(&zero)["indexes"].as_array().unwrap().is_empty(), "{zero:?}");
}

/// Notes with what a b-tree does not find: parts of arrays and of JSON, words, letters in the middle of a text.
const NOTES: &str = "
CREATE EXTENSION pg_trgm;
CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL, tags text[] NOT NULL, extra jsonb NOT NULL);
INSERT INTO notes SELECT n, 'note ' || md5(n::text), ARRAY['t' || n % 500, 'u' || n % 7], jsonb_build_object('k', n % 900)
  FROM generate_series(1, 8000) AS n;
";

const SEARCHES: &str = "
-- name: tagged :many
SELECT id FROM notes WHERE tags @> ARRAY['t5'];
-- name: with_key :many
SELECT id FROM notes WHERE extra @> '{\"k\": 5}';
-- name: containing :many
SELECT id FROM notes WHERE body ILIKE '%abc12%';
-- name: with_word :many
SELECT id FROM notes WHERE to_tsvector('simple', body) @@ to_tsquery('simple', 'abc');
";

#[test]
fn what_no_btree_finds_gets_an_index_that_was_made_to_be_tried() {
    let folder = temp_dir_with(&[("schema.sql", NOTES), ("searches.sql", SEARCHES)]);
    let advise = |more: &[&str]| {
        let words = ["advise", "--schema", "schema.sql", "--queries", "searches.sql"];
        let words = [&words[..], &["--format", "json", "--seconds", "60"], more].concat();
        underpin().args(words).current_dir(folder.path()).run()
    };
    let ran = advise(&[]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let advice = json(&ran);
    let of = |name: &str| {
        let all = advice["indexes"].as_array().unwrap().clone();
        let found = all.into_iter().find(|it| texts(&it["serves"]) == [name]);
        found.unwrap_or_else(|| panic!("no index for {name}: {advice}"))
    };
    for (name, ddl) in [
        ("tagged", "CREATE INDEX notes_tags_idx ON public.notes USING gin (tags)"),
        (
            "with_key",
            "CREATE INDEX notes_extra_idx ON public.notes USING gin (extra jsonb_path_ops)",
        ),
        ("containing", "CREATE INDEX notes_body_idx ON public.notes USING gin (body gin_trgm_ops)"),
    ] {
        let index = of(name);
        assert_eq!(
            (&index["method"], index["ddl"].as_str()),
            (&"gin".into(), Some(ddl)),
            "{advice}"
        );
        assert!(index["bytes"].as_u64().unwrap() > 0 && index["benefit"].as_f64().unwrap() > 0.0);
    }
    let words = of("with_word");
    assert!(words["ddl"].as_str().unwrap().contains("to_tsvector('simple'"), "{words}");
    let costs = &advice["workload"];
    let [before, after] = ["cost_before", "cost_after"].map(|it| costs[it].as_f64().unwrap());
    assert!(after < before / 3.0, "{costs}");
    // Nothing of the kind where nothing but columns is wanted, or where there is no room.
    for more in [&["--columns-only"][..], &["--budget", "10kB"]] {
        assert_eq!(json(&advise(more))["indexes"], serde_json::json!([]), "{more:?}");
    }
}

#[test]
fn a_database_without_hypopg_is_advised_on_by_a_sample_of_its_rows() {
    let shared = Shared::start();
    let mut session = shared.server.connect("postgres").unwrap();
    session.batch("CREATE ROLE reader LOGIN").unwrap();
    session.batch("CREATE DATABASE plain OWNER reader").unwrap();
    let many = SHOP.replace("20000)", "120000)");
    shared.server.connect("plain").unwrap().batch(&many).unwrap();
    let mut plain = shared.server.connect("plain").unwrap();
    plain.batch("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader; ANALYZE").unwrap();
    let folder = temp_dir_with(&[("reads.sql", READS)]);
    let url = shared.url("plain");
    let url = format!("postgres://reader@{}", url.split_once('@').unwrap().1);
    let ran = underpin()
        .args(["advise", "--database-url", &url, "--queries", "reads.sql", "--format", "json"])
        .args(["--seconds", "60"])
        .current_dir(folder.path())
        .run();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let advice = json(&ran);
    let notes = advice["diagnostics"].as_array().unwrap();
    assert_eq!(notes.len(), 1, "one note: {advice}");
    let note = notes[0]["message"].as_str().unwrap();
    assert!(note.contains("HypoPG") && note.contains("a sample of"), "{note}");
    let of_customer = ("customer_id".to_owned(), vec!["of_customer".to_owned()]);
    let place = leading(&advice).iter().position(|it| *it == of_customer);
    let place = place.unwrap_or_else(|| panic!("{advice}"));
    // As large as an index of all 120,000 rows, and not of the 50,000 that were looked at.
    let bytes = advice["indexes"][place]["bytes"].as_u64().unwrap();
    assert!(bytes > 2_000_000, "{advice}");
}

#[test]
fn what_a_sample_lacks_is_told() {
    let shared = Shared::start();
    let mut session = shared.server.connect("postgres").unwrap();
    session.batch("CREATE ROLE looker LOGIN").unwrap();
    session.batch("CREATE DATABASE at_home OWNER looker").unwrap();
    let mut home = shared.server.connect("at_home").unwrap();
    home.batch(SHOP).unwrap();
    // An index that can be made in this database only.
    home.batch(
        "CREATE FUNCTION here(note text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
           IF current_database() <> 'at_home' THEN RAISE EXCEPTION 'not at home'; END IF;
           RETURN note;
         END $$;
         CREATE INDEX noted ON orders (here(note));
         GRANT SELECT ON ALL TABLES IN SCHEMA public TO looker; ANALYZE",
    )
    .unwrap();
    let folder = temp_dir_with(&[("reads.sql", READS)]);
    let url = shared.url("at_home");
    let url = format!("postgres://looker@{}", url.split_once('@').unwrap().1);
    let ran = underpin()
        .args(["advise", "--database-url", &url, "--queries", "reads.sql", "--format", "json"])
        .current_dir(folder.path())
        .run();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let advice = json(&ran);
    let notes = advice["diagnostics"].as_array().unwrap();
    let notes: Vec<&str> = notes.iter().map(|it| it["message"].as_str().unwrap()).collect();
    let lacks = notes
        .iter()
        .find(|it| it.contains("not in the sample"))
        .unwrap_or_else(|| panic!("{notes:?}"));
    assert!(lacks.starts_with("one thing of the database is not in the sample"), "{lacks}");
    assert!(lacks.contains("CREATE INDEX noted") && lacks.contains("not at home"), "{lacks}");
}

#[test]
fn long_values_that_are_only_compared_get_a_hash_index() {
    let schema = "
        CREATE TABLE pages (id bigint PRIMARY KEY, address text NOT NULL, code text NOT NULL, title text NOT NULL);
        INSERT INTO pages SELECT n, 'https://example.com/' || repeat(md5(n::text), 5), md5(n::text), repeat('x', 40)
          FROM generate_series(1, 30000) AS n;";
    let by_address = "-- name: by_address :one\nSELECT id, title FROM pages WHERE address = $1;\n";
    let in_order =
        "-- name: in_order\nSELECT id FROM pages WHERE address > $1 ORDER BY address LIMIT 50;\n";
    let by_code = "-- name: by_code :one\nSELECT id, title FROM pages WHERE code = $1;\n";
    let both = format!("{by_address}{in_order}");
    let folder = temp_dir_with(&[
        ("schema.sql", schema),
        ("compared.sql", by_address),
        ("ordered.sql", &both),
        ("short.sql", by_code),
    ]);
    let made = |queries: &str| {
        let ran = underpin()
            .args(["advise", "--schema", "schema.sql", "--queries", queries, "--format", "json"])
            .current_dir(folder.path())
            .run();
        assert_eq!(ran.code, Some(0), "{ran:?}");
        let indexes = json(&ran)["indexes"].as_array().unwrap().clone();
        let ddl = indexes.iter().map(|it| it["ddl"].as_str().unwrap().to_owned());
        ddl.collect::<Vec<_>>()
    };
    assert_eq!(
        made("compared.sql"),
        ["CREATE INDEX pages_address_idx ON public.pages USING hash (address)"]
    );
    // One index serves both, and a hash has no order.
    assert_eq!(made("ordered.sql"), ["CREATE INDEX pages_address_idx ON public.pages (address)"]);
    // Of short values it would save nothing worth the name.
    assert_eq!(made("short.sql"), ["CREATE INDEX pages_code_idx ON public.pages (code)"]);
}

/// Rows that are only added, a minute apart; `order` is the minute of the n-th.
fn log_of(order: &str) -> String {
    format!(
        "CREATE TABLE readings (id bigint PRIMARY KEY, read_at timestamptz NOT NULL, value integer NOT NULL, \
         filler text NOT NULL);\nINSERT INTO readings SELECT n, timestamptz '2026-01-01' + {order} * interval '1 minute', \
         n % 100, repeat('x', 100) FROM generate_series(1, 100000) AS n;\n"
    )
}

#[test]
fn a_brin_index_is_chosen_where_its_size_and_writes_outweigh_a_btree_and_nowhere_else() {
    let queries = "
        -- name: span
        SELECT sum(value) FROM readings WHERE read_at >= '2026-01-20' AND read_at < '2026-02-05';
        -- name: moment
        SELECT value FROM readings WHERE read_at >= '2026-01-20' AND read_at < '2026-01-20 00:10:00';
        -- name: add
        INSERT INTO readings (id, read_at, value, filler) VALUES ($1, $2, $3, $4);";
    let folder = temp_dir_with(&[
        ("appended.sql", &log_of("n")),
        ("scattered.sql", &log_of("(n::bigint * 7919 % 100000)")),
        ("queries.sql", queries),
        ("reads.yaml", "span: 10\nmoment: 0\nadd: 1\n"),
        ("writes.yaml", "span: 1\nmoment: 0\nadd: 300\n"),
        ("moments.yaml", "span: 0\nmoment: 100\nadd: 100\n"),
    ]);
    let chosen = |schema: &str, weights: &str, more: &[&str]| {
        let ran = underpin()
            .args(["advise", "--schema", schema, "--queries", "queries.sql", "--format", "json"])
            .args(["--weights", weights])
            .args(more)
            .current_dir(folder.path())
            .run();
        assert_eq!(ran.code, Some(0), "{ran:?}");
        let advice = json(&ran);
        let indexes = advice["indexes"].as_array().unwrap();
        indexes.iter().map(|it| it["method"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    // A sixth of the rows, read ten times for each that is added: an index that costs more to keep and less to read.
    assert_eq!(chosen("appended.sql", "reads.yaml", &[]), ["btree"]);
    // The same where an entry for each of many new rows costs more than the pages read beside those asked for.
    assert_eq!(chosen("appended.sql", "writes.yaml", &[]), ["brin"]);
    // And where there is room for little.
    assert_eq!(chosen("appended.sql", "reads.yaml", &["--budget", "100kB"]), ["brin"]);
    // Ten rows are never worth the reading of 128 pages.
    assert_eq!(chosen("appended.sql", "moments.yaml", &[]), ["btree"]);
    // Rows that lie anywhere are in the ranges of all pages.
    assert_eq!(chosen("scattered.sql", "writes.yaml", &[]), Vec::<String>::new());
    assert_eq!(chosen("scattered.sql", "reads.yaml", &["--budget", "100kB"]), Vec::<String>::new());
}
