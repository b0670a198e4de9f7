//! `underpin check` on schemas: places, suppressions, baselines, and what documents ask of a schema.

use serde_json::Value;

use crate::shared_server::Shared;
use crate::{root, underpin};
use underpin_testkit::{temp_dir, temp_dir_with};

/// Codes of checks with their lines.
fn codes(json: &str) -> Vec<(String, u64)> {
    let all: Vec<Value> = serde_json::from_str(json).unwrap();
    all.iter()
        .map(|it| (it["code"].as_str().unwrap().to_owned(), it["line"].as_u64().unwrap_or(0)))
        .filter(|(code, _)| code.starts_with('C'))
        .collect()
}

#[test]
fn a_script_is_run_and_its_lines_are_named_unless_a_reason_lets_them_stand() {
    let script = "CREATE TABLE visits (\n  page char(2) NOT NULL\n);\n\
                  -- underpin: allow C001 visits: filled once, by COPY\n\
                  -- underpin: allow C021 visits: gone\n";
    let folder = temp_dir_with(&[("schema.sql", script)]);
    let check = |more: &[&str]| {
        let words = [&["check", "schema.sql", "--format", "json"], more].concat();
        underpin().args(&words).current_dir(folder.path()).run()
    };
    let ran = check(&[]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let of = |code: &str, line| (code.to_owned(), line);
    assert_eq!(codes(&ran.stdout), [of("C090", 5), of("C020", 2)]);

    assert_eq!(codes(&check(&["--write-baseline", "base.txt"]).stdout), [of("C090", 5)]);
    let written = std::fs::read_to_string(folder.path().join("base.txt")).unwrap();
    assert!(written.contains("\nC020 visits.page: "), "{written}");
    assert_eq!(codes(&check(&["--baseline", "base.txt"]).stdout), [of("C090", 5)]);
}

#[test]
fn a_statement_that_the_server_refuses_is_named_with_its_line() {
    let script = "CREATE TABLE a (id bigint PRIMARY KEY);\nCREATE TABLE b (\n  id nope\n);\n";
    let folder = temp_dir_with(&[("schema.sql", script)]);
    let ran = underpin()
        .args(["check", "schema.sql", "--format", "github"])
        .current_dir(folder.path())
        .run();
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stdout.contains("line=3") && ran.stdout.contains("nope"), "{ran:?}");
}

#[test]
fn our_own_design_is_clean_and_each_breach_of_the_documents_is_named() {
    let folder = temp_dir();
    let shop = root().join("examples/shop");
    let shop = shop.to_str().unwrap();
    let designed = underpin()
        .args(["design", shop, "--no-verify", "--out", "out"])
        .current_dir(folder.path())
        .run();
    assert_eq!(designed.code, Some(0), "{designed:?}");
    let own = std::fs::read_to_string(folder.path().join("out/schema.sql")).unwrap();
    let check = |script: &str| {
        std::fs::write(folder.path().join("schema.sql"), script).unwrap();
        let ran = underpin()
            .args(["check", shop, "schema.sql", "--format", "json"])
            .current_dir(folder.path())
            .run();
        codes(&ran.stdout).into_iter().map(|(code, _)| code).collect::<Vec<_>>()
    };
    assert_eq!(check(&own), [""; 0]);
    let broken = "
        ALTER TABLE public.users ADD CONSTRAINT users_email_everywhere_key UNIQUE (email);
        ALTER TABLE public.reviews ADD CONSTRAINT reviews_user_everywhere_fkey
          FOREIGN KEY (user_id) REFERENCES public.users (id);
        ALTER TABLE public.orders DROP CONSTRAINT orders_status_check;
        ALTER TABLE public.orders ADD CONSTRAINT orders_status_check CHECK (status IN ('pending', 'bogus'));
        DROP TRIGGER orders_status_guard ON public.orders;
        CREATE INDEX users_password_hash_idx ON public.users (password_hash);";
    assert_eq!(
        check(&format!("{own}\n{broken}")),
        ["C100", "C100", "C101", "C103", "C102", "C106"]
    );
    let ran = underpin().args(["check", shop, "--format", "json"]).current_dir(folder.path()).run();
    assert_eq!(codes(&ran.stdout), []);
}

#[test]
fn a_live_database_is_looked_at_and_left_as_it_is() {
    let shared = Shared::start();
    let database = shared.server.create_database("live").unwrap();
    let mut session = database.connect().unwrap();
    session.batch("CREATE TABLE visits (page char(2) NOT NULL)").unwrap();
    let before = underpin_server::catalog::read(&mut session).unwrap();
    let ran = underpin()
        .args(["check", "--database-url", &shared.url(database.name()), "--format", "sarif"])
        .run()
        .expect_code(0);
    let log: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let known: Vec<&str> = run["tool"]["driver"]["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| rule["id"].as_str().unwrap())
        .collect();
    let results: Vec<&str> = run["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| result["ruleId"].as_str().unwrap())
        .collect();
    assert_eq!(results, ["C001", "C020"]);
    assert!(results.iter().all(|code| known.contains(code)), "{known:?}");
    assert_eq!(underpin_server::catalog::read(&mut session).unwrap(), before);
}

#[test]
fn a_script_and_a_live_database_are_not_checked_together() {
    let folder = temp_dir_with(&[("schema.sql", "CREATE TABLE a (id bigint PRIMARY KEY);")]);
    let ran = underpin()
        .args(["check", "schema.sql", "--database-url", "postgresql://localhost/x"])
        .current_dir(folder.path())
        .run()
        .expect_code(2);
    assert!(ran.stderr.contains("one schema is checked at a time"), "{}", ran.stderr);
}
