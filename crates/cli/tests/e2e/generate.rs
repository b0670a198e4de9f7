//! `underpin generate`: rows that PostgreSQL takes with every constraint, into a database and into files.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use underpin_testkit::{Ran, temp_dir, temp_dir_with};

use crate::shared_server::Shared;
use crate::{USER, root, underpin};

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

fn cases() -> Vec<PathBuf> {
    let cases = fs::read_dir(root().join("crates/cli/tests/cases")).unwrap();
    let mut cases: Vec<PathBuf> = cases
        .map(|entry| entry.unwrap().path())
        .map(|case| match fs::read_to_string(case.join("arguments")) {
            Ok(arguments) => root().join(arguments.trim()),
            Err(_) => case,
        })
        .collect();
    cases.sort();
    cases
}

fn into(shared: &Shared, documents: &Path, database: &str, rows: &str) -> Value {
    let ran = underpin()
        .args(["generate", "--rows", rows, "--format", "json", "--to", &shared.url("postgres")])
        .args(["--database", database])
        .arg(documents)
        .run();
    assert_eq!(ran.code, Some(0), "{}: {ran:?}", documents.display());
    json(&ran)
}

/// The only value of a query.
fn ask(shared: &Shared, database: &str, sql: &str) -> String {
    let mut session = shared.server.connect(database).unwrap();
    session.text(sql).unwrap().rows.remove(0).remove(0).unwrap_or_default()
}

#[test]
fn every_design_is_filled_and_keeps_its_constraints() {
    let shared = Shared::start();
    for (number, documents) in cases().iter().enumerate() {
        let filled = into(&shared, documents, &format!("case_{number}"), "20000");
        let tables = filled["tables"].as_array().unwrap();
        let mut all = 0;
        for table in tables {
            let (rows, wanted) =
                (table["rows"].as_u64().unwrap(), table["wanted"].as_u64().unwrap());
            all += rows;
            assert!(rows > 0, "{}: {table}", documents.display());
            assert!(
                rows >= wanted || table["reason"].is_string(),
                "{}: {table}",
                documents.display()
            );
            let name = table["table"].as_str().unwrap();
            let there =
                ask(&shared, &format!("case_{number}"), &format!("SELECT count(*) FROM {name}"));
            assert_eq!(there, rows.to_string(), "{}: {name}", documents.display());
        }
        assert!(all > 15_000, "{}: {filled}", documents.display());
        let open = "SELECT count(*) FROM pg_constraint WHERE NOT convalidated";
        assert_eq!(ask(&shared, &format!("case_{number}"), open), "0", "{}", documents.display());
    }
}

#[test]
fn the_shop_is_as_a_shop_would_be() {
    let shared = Shared::start();
    into(&shared, &root().join("examples/shop"), "shop", "60000");
    let ask = |sql: &str| ask(&shared, "shop", sql);
    // No constraint says so of these, since the item names its product beside its order.
    let mixed = "SELECT count(*) FROM order_items AS i JOIN orders AS o ON o.id = i.order_id \
                 JOIN products AS p ON p.id = i.product_id \
                 WHERE o.merchant_id <> i.merchant_id OR p.merchant_id <> o.merchant_id";
    assert_eq!(ask(mixed), "0");
    let early = "SELECT count(*) FROM orders AS o JOIN users AS u ON u.id = o.user_id WHERE o.placed_at < u.created_at";
    assert_eq!(ask(early), "0");
    let circles = "WITH RECURSIVE up (id, top, depth) AS (SELECT id, parent_id, 0 FROM categories UNION ALL \
                   SELECT up.id, c.parent_id, depth + 1 FROM up JOIN categories AS c ON c.id = up.top \
                   WHERE depth < 100) SELECT max(depth) < 99 FROM up";
    assert_eq!(ask(circles), "t");
    // The first tenth of the users by orders has much more than a tenth of the orders.
    let hot = "WITH n AS (SELECT count(*) AS orders, percent_rank() OVER (ORDER BY count(*) DESC) AS place \
               FROM orders GROUP BY user_id) \
               SELECT sum(orders) FILTER (WHERE place <= 0.1) > 0.2 * sum(orders) FROM n";
    assert_eq!(ask(hot), "t");
    let recent = "SELECT count(*) FILTER (WHERE placed_at > m.middle) > 0.6 * count(*) FROM orders, \
                  (SELECT min(placed_at) + (max(placed_at) - min(placed_at)) / 2 AS middle FROM orders) AS m";
    assert_eq!(ask(recent), "t");
    let states = "SELECT count(*) FILTER (WHERE status IN ('completed', 'returned', 'cancelled')) > 0.5 * count(*) \
                  FROM orders";
    assert_eq!(ask(states), "t");
    // Whoever comes after the load works on: keys count on, triggers are there.
    assert_eq!(ask("SELECT count(*) > 3 FROM pg_trigger WHERE NOT tgisinternal"), "t");
}

#[test]
fn the_same_seed_makes_the_same_bytes_and_psql_can_load_them() {
    let shared = Shared::start();
    let folder = temp_dir();
    let files = |to: &str, seed: &str| {
        let target = format!("{}/{to}", folder.path().display());
        let (form, name) = to.split_once('/').unwrap();
        let target = format!("{form}:{}", target.replace(&format!("{form}/"), &format!("{form}-")));
        let ran = underpin()
            .args(["generate", "--rows", "3000", "--seed", seed, "--to", &target])
            .arg(root().join("crates/cli/tests/cases/rooms/docs"))
            .run();
        assert_eq!(ran.code, Some(0), "{ran:?}");
        let there = folder.path().join(format!("{form}-{name}"));
        let mut files: Vec<(PathBuf, Vec<u8>)> = fs::read_dir(&there)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| (PathBuf::from(path.file_name().unwrap()), fs::read(&path).unwrap()))
            .collect();
        files.sort();
        files
    };
    let first = files("csv/a", "1");
    assert_eq!(first, files("csv/b", "1"));
    assert_ne!(first, files("csv/c", "2"));
    files("copy/d", "1");
    let words = shared.server.connection_string("postgres");
    for form in ["csv-a", "copy-d"] {
        let load = |sql: &str, database: &str| {
            let connection = words.replace("dbname=postgres", &format!("dbname={database}"));
            let ran = underpin_testkit::Binary::at(&psql())
                .args(["-q", "-v", "ON_ERROR_STOP=1", "-d", &connection])
                .args(if sql.is_empty() { ["-f", "load.sql"] } else { ["-c", sql] })
                .current_dir(folder.path().join(form))
                .run();
            assert_eq!(ran.code, Some(0), "{form}: {ran:?}");
        };
        let database = form.replace('-', "_");
        load(&format!("CREATE DATABASE {database}"), "postgres");
        load("", &database);
        let lines = fs::read_to_string(folder.path().join("csv-a/public.bookings.csv")).unwrap();
        let there = ask(&shared, &database, "SELECT count(*) FROM bookings");
        assert_eq!(there, (lines.lines().count() - 1).to_string(), "{form}");
    }
    let same = "SELECT md5(string_agg(b::text, ',' ORDER BY b::text)) FROM bookings AS b";
    assert_eq!(ask(&shared, "csv_a", same), ask(&shared, "copy_d", same));
}

fn psql() -> String {
    let installation = underpin_server::Search::on_this_machine(None).find().unwrap();
    installation.program("psql").display().to_string()
}

#[test]
fn what_is_there_is_never_written_to() {
    let shared = Shared::start();
    let folder = temp_dir_with(&[("docs/a.md", USER), ("held/file", "mine")]);
    let generate = |more: &[&str]| {
        let words = [&["generate", "docs", "--rows", "10"], more].concat();
        underpin().args(words).current_dir(folder.path()).run()
    };
    let url = shared.url("postgres");
    let again = ["--to", &url, "--database", "twice"];
    assert_eq!(generate(&again).code, Some(0));
    let ran = generate(&again);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("error[I112]") && ran.stderr.contains("users"), "{}", ran.stderr);
    assert_eq!(ask(&shared, "twice", "SELECT count(*) FROM users"), "10");

    let ran = generate(&["--to", "csv:held"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("error[I111]"), "{}", ran.stderr);
    assert_eq!(fs::read_dir(folder.path().join("held")).unwrap().count(), 1);

    for target in ["mysql://me:geheim@host/x", "parquet:x", "csv:", ""] {
        let ran = generate(&["--to", target]);
        assert_eq!(ran.code, Some(2), "{target}: {ran:?}");
        assert!(
            ran.stderr.contains("error[I110]") && !ran.stderr.contains("geheim"),
            "{}",
            ran.stderr
        );
    }
    let ran = generate(&["--to", "postgres://me:geheim@127.0.0.1:1/x"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(!ran.stderr.contains("geheim"), "{}", ran.stderr);
}

/// A table whose key has fewer values than rows are wanted.
#[test]
fn a_key_without_room_ends_its_table_with_the_reason() {
    let shared = Shared::start();
    let country = "# Notes\n\n## Country\n\n| Field | Type | Constraints |\n|---|---|---|\n\
                   | code | string | primary key |\n| name | string | required |\n\n\
                   ### Rules\n\n- `code` matches `^[A-Z]{2}$`.\n";
    let folder = temp_dir_with(&[("docs/a.md", country)]);
    let filled = into(&shared, &folder.path().join("docs"), "few", "5000");
    let table = &filled["tables"][0];
    assert_eq!(table["rows"], 676, "{filled}");
    assert!(table["reason"].as_str().unwrap().contains("code"), "{filled}");
}

/// How queries grow is judged where a size is named, and again by what the folder recorded.
#[test]
fn growth_is_claimed_where_a_size_is_named() {
    let notes = "# Notes\n\n## Note\n\n| Field | Type | Constraints |\n|---|---|---|\n| id | uuid | primary key |\n\
                 | author | string | required |\n| written_at | timestamp | required |\n\n## Access patterns\n\n\
                 | Query | Entity | Filter | Sort | Limit |\n|---|---|---|---|---|\n\
                 | list notes of an author | Note | author | written_at desc | 20 |\n";
    let folder = temp_dir_with(&[("docs/a.md", notes)]);
    let run = |words: &[&str]| underpin().args(words).current_dir(folder.path()).run();
    let ran = run(&["design", "docs", "--scale", "50000"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let evidence = fs::read(folder.path().join("persistence/evidence.json")).unwrap();
    let evidence: Value = serde_json::from_slice(&evidence).unwrap();
    assert_eq!(evidence["input"]["scale"], 50_000);
    let claims = evidence["claims"].as_array().unwrap();
    let growth: Vec<&Value> = claims.iter().filter(|it| it["family"] == "growth").collect();
    assert!(!growth.is_empty() && growth.iter().all(|it| it["verdict"] == "proven"), "{growth:?}");
    assert_eq!(growth[0]["measured"]["rows_of_sizes"], serde_json::json!([500, 5_000, 50_000]));
    let id = growth[0]["id"].as_str().unwrap();
    let ran = run(&["verify", "persistence", "--claim", id]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("1 proven"), "{}", ran.stdout);
}
