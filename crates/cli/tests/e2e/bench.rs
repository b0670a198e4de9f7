//! `underpin bench`: the stated mix on generated rows, and what it says where there is nothing to run or to run it with.

use std::os::unix::fs::symlink;

use serde_json::Value;
use underpin_testkit::{Ran, temp_dir, temp_dir_with};

use crate::shared_server::Shared;
use crate::{USER, underpin};

/// Tickets: read, opened, and closed once.
const TICKETS: &str = "# Tickets\n\n## Ticket\n\n| Field | Type | Key | Required |\n| --- | --- | --- | --- |\n\
    | id | uuid | PK | yes |\n| code | string(20) | unique | yes |\n| state | enum | | yes, one of `open`, `closed` |\n\
    | opened_at | timestamp | | yes |\n\n## Life cycle of Ticket\n\n```mermaid\nstateDiagram-v2\n    [*] --> open\n    \
    open --> closed\n```\n\n## Access patterns\n\n\
    | Query | Kind | Entity | Filter | Sort | Limit | Frequency | Latency |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n\
    | get ticket by code | read | Ticket | code | | 1 | 100/s | < 900 ms (p95) |\n\
    | list tickets by state | read | Ticket | state | opened_at desc | 20 | 50/s | < 900 ms (p95) |\n\
    | open ticket | write | Ticket | | | | 50/s | < 900 ms (p95) |\n\
    | change state | write | Ticket | id | | 1 | 20/s | < 900 ms (p95) |\n\
    | list all tickets of a day | read | Ticket | opened_at between | opened_at | 100 | 1/day | < 900 ms (p95) |\n";

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

/// The claim on the whole mix, and those on its queries.
fn claims(found: &Value) -> (Value, Vec<Value>) {
    let claims = found["claims"].as_array().unwrap();
    let (whole, queries): (Vec<_>, Vec<_>) =
        claims.iter().cloned().partition(|claim| claim["id"] == "load");
    (whole[0].clone(), queries)
}

#[test]
fn a_server_that_was_given_runs_the_mix_in_a_database_that_is_dropped_or_kept() {
    let shared = Shared::start();
    let folder = temp_dir_with(&[("docs/tickets.md", TICKETS)]);
    let bench = |more: &[&str]| {
        let url = shared.url("postgres");
        let words = ["bench", "docs", "--scale", "3000", "--seconds", "1", "--clients", "3"];
        let words = [&words[..], &["--format", "json", "--database-url", &url], more].concat();
        underpin().args(words).current_dir(folder.path()).run()
    };
    let databases = || {
        let mut session = shared.server.connect("postgres").unwrap();
        let all = "SELECT datname FROM pg_database WHERE datname LIKE 'underpin%'";
        session.text(all).unwrap().rows.into_iter().flatten().flatten().collect::<Vec<String>>()
    };
    let before = databases();
    let (whole, queries) = claims(&json(&bench(&[])));
    assert_eq!(databases(), before, "its database is gone");
    assert_eq!(queries.len(), 5, "{queries:?}");
    let measured = &whole["measured"];
    assert_eq!((&measured["clients"], &measured["seconds"]), (&3.into(), &1.into()), "{whole}");
    assert_eq!(measured["deadlocks"], 0, "{whole}");
    assert!(measured["calls"].as_u64().unwrap() > 0, "{whole}");
    let note = whole["note"].as_str().unwrap_or_default();
    assert!(!note.contains("refused"), "{whole}");
    let of = |name: &str| {
        let found = queries.iter().find(|it| it["id"].as_str().unwrap().ends_with(name));
        found.unwrap_or_else(|| panic!("{name}: {queries:?}"))
    };
    for name in ["get_ticket_by_code", "open_ticket", "change_state"] {
        assert!(of(name)["measured"]["calls"].as_u64().unwrap() > 0, "{}", of(name));
    }
    let rare = of("list_all_tickets_of_a_day");
    assert_eq!(rare["verdict"], "not_run", "{rare}");
    assert!(rare["note"].as_str().unwrap().contains("too seldom"), "{rare}");

    let kept = json(&bench(&["--keep", "--rate", "60"]));
    let (whole, _) = claims(&kept);
    assert_eq!(whole["threshold"]["per_second"], 60.0, "{whole}");
    let left = whole["measured"]["left_in"].as_str().unwrap();
    let name = left.split("dbname=").nth(1).unwrap();
    let mut session = shared.server.connect(name).unwrap();
    let there = session.text("SELECT count(*) FROM underpin_bench.get_ticket_by_code").unwrap();
    assert_eq!(there.rows[0][0].as_deref(), Some("1000"));
}

#[test]
fn the_scripts_that_are_written_are_those_that_run() {
    let folder = temp_dir_with(&[("docs/tickets.md", TICKETS)]);
    let ran = underpin().args(["design", "docs", "--no-verify"]).current_dir(folder.path()).run();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let there = folder.path().join("persistence/bench");
    let read = |name: &str| std::fs::read_to_string(there.join(name)).unwrap();
    assert!(read("open_ticket.pgbench.sql").contains("INSERT INTO public.tickets"));
    // A server takes the tables of parameters, and the README names each script with its weight.
    let shared = Shared::start();
    let mut session = shared.server.connect("postgres").unwrap();
    session.batch(&read("parameters.sql")).unwrap();
    let readme = read("README.md");
    for script in ["get_ticket_by_code", "list_tickets_by_state", "open_ticket", "change_state"] {
        assert!(readme.contains(&format!("-f {script}.pgbench.sql@")), "{readme}");
    }
}

#[test]
fn what_cannot_be_run_is_one_diagnostic() {
    let unrated =
        TICKETS.replace("100/s", "").replace("50/s", "").replace("20/s", "").replace("1/day", "");
    let folder = temp_dir_with(&[
        ("rated/a.md", TICKETS),
        ("unrated/a.md", &unrated),
        ("silent/a.md", USER),
    ]);
    let bench = |words: &[&str]| {
        underpin().arg("bench").args(words.iter().copied()).current_dir(folder.path()).run()
    };
    let cases: [(&[&str], i32, &str); 7] = [
        (&["unrated"], 1, "error[I120]"),
        (&["silent"], 1, "error[I120]"),
        (&["rated", "--rate", "0"], 2, "--rate"),
        (&["rated", "--seconds", "0"], 2, "--seconds"),
        (&["rated", "--scale", "10000000000000"], 3, "error[I122]"),
        (&["rated", "--database-url", "postgres://me@127.0.0.1:1/x"], 3, "error[I030]"),
        (&["nowhere"], 1, "error[I001]"),
    ];
    for (words, code, said) in cases {
        let ran = bench(words);
        assert_eq!(ran.code, Some(code), "{words:?}: {ran:?}");
        let errors = ran.stderr.lines().filter(|line| line.starts_with("error")).count();
        assert_eq!(errors, 1, "{words:?}: {ran:?}");
        assert!(ran.stderr.contains(said) && ran.stdout.is_empty(), "{words:?}: {ran:?}");
    }
}

#[test]
fn without_pgbench_the_command_that_installs_it_is_named() {
    let folder = temp_dir_with(&[("docs/a.md", TICKETS)]);
    let programs = temp_dir();
    let installation = underpin_server::Search::on_this_machine(None).find().unwrap();
    for entry in std::fs::read_dir(&installation.bin_dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        if name != "pgbench" {
            symlink(&path, programs.path().join(name)).unwrap();
        }
    }
    // A server that is started by root runs as another account.
    let open: std::fs::Permissions = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(programs.path(), open).unwrap();
    let ran = underpin()
        .args(["bench", "docs", "--scale", "1000"])
        .env("UNDERPIN_PG_BIN", programs.path())
        .env("PATH", "")
        .current_dir(folder.path())
        .run();
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.stderr.contains("error[I121]") && ran.stderr.contains("install"), "{ran:?}");
}
