//! The tests that are emitted for pgTAP, run for real: on the schema that they were written for, and on one that
//! lacks something.

use std::fs;
use std::path::Path;
use std::process::Command;

use underpin_server::Server;

use crate::shared_server::Shared;
use crate::{root, underpin};
use underpin_testkit::temp_dir;

const INSTALL: &str = "sudo apt-get install postgresql-NN-pgtap libtap-parser-sourcehandler-pgtap-perl \
    (NN is the version of PostgreSQL; ./test does it)";

/// Runs the emitted tests of a design in a database with its schema, after `change`; whether all passed, and what
/// was printed.
fn prove(server: &Server, design: &Path, files: &[&str], change: &str) -> (bool, String) {
    let database = server.create_database("tap").unwrap();
    let mut session = database.connect().unwrap();
    session.batch(&fs::read_to_string(design.join("schema.sql")).unwrap()).unwrap();
    session
        .batch("CREATE EXTENSION pgtap")
        .unwrap_or_else(|error| panic!("this test needs pgTAP: {INSTALL}: {error}"));
    session.batch(change).unwrap();
    let files: Vec<_> = match files {
        [] => fs::read_dir(design.join("tests")).unwrap().map(|it| it.unwrap().path()).collect(),
        named => named.iter().map(|name| design.join("tests").join(name)).collect(),
    };
    assert!(!files.is_empty());
    // Debian's psql finds a cluster of its own unless the environment names the server.
    let names =
        [("host=", "PGHOST"), ("port=", "PGPORT"), ("user=", "PGUSER"), ("dbname=", "PGDATABASE")];
    let parts = database.connection_string();
    let named = parts.split(' ').filter_map(|part| {
        let (prefix, variable) = names.iter().find(|(prefix, _)| part.starts_with(prefix))?;
        Some((*variable, part[prefix.len()..].trim_matches('\'').to_owned()))
    });
    let ran = Command::new("pg_prove")
        .arg("--verbose")
        .args(files)
        .envs(named)
        .output()
        .unwrap_or_else(|error| panic!("this test needs pg_prove: {INSTALL}: {error}"));
    let said =
        [ran.stdout, ran.stderr].map(|it| String::from_utf8_lossy(&it).into_owned()).concat();
    (ran.status.success() && said.contains("Result: PASS"), said)
}

fn designed(example: &str) -> tempfile::TempDir {
    let out = temp_dir();
    let _ = underpin()
        .args(["design", example, "--no-verify", "--out"])
        .arg(out.path().join("out"))
        .current_dir(root())
        .run()
        .expect_code(0);
    out
}

/// Those of the examples are among them.
#[test]
fn the_emitted_tests_of_the_golden_designs_pass() {
    let server = Shared::start().server;
    let mut seen = 0;
    for case in fs::read_dir(root().join("crates/cli/tests/cases")).unwrap() {
        let design = case.unwrap().path().join("expected");
        let (passed, said) = prove(&server, &design, &[], "");
        let failed: Vec<&str> = said
            .lines()
            .filter(|line| line.starts_with("not ok") || line.starts_with('#'))
            .collect();
        assert!(passed, "{}: {}\n{said}", design.display(), failed.join("\n"));
        seen += 1;
    }
    assert!(seen >= 10, "only {seen} golden designs were found");
}

#[test]
fn each_thing_that_is_missing_fails_a_test() {
    let server = Shared::start().server;
    let out = designed("examples/shop");
    for (file, change, says) in [
        (
            "users.sql",
            "ALTER TABLE public.users ALTER COLUMN full_name DROP NOT NULL",
            "full_name refuses NULL",
        ),
        (
            "users.sql",
            "ALTER TABLE public.users DROP CONSTRAINT users_merchant_id_email_key",
            "a second row with the same merchant_id, email is refused",
        ),
        (
            "users.sql",
            "ALTER TABLE public.users DROP CONSTRAINT users_role_check",
            "is refused by users_role_check",
        ),
        (
            "order_events.sql",
            "ALTER TABLE public.order_events DROP CONSTRAINT order_events_order_id_fkey",
            "of a row of public.orders that is not there is refused",
        ),
        (
            "orders.sql",
            "ALTER TABLE public.orders DISABLE TRIGGER orders_status_guard",
            "status cannot go from pending to shipped",
        ),
        (
            "orders.sql",
            "ALTER TABLE public.orders ADD CHECK (status <> 'shipped')",
            "status goes from processing to shipped",
        ),
    ] {
        let (passed, said) = prove(&server, &out.path().join("out"), &[file], change);
        assert!(!passed, "{change}");
        let failed = said.lines().filter(|line| line.starts_with("not ok"));
        let failed: Vec<&str> = failed.collect();
        assert!(failed.iter().any(|line| line.contains(says)), "{change}: {}", failed.join("\n"));
    }
}

/// The limits of a rule over two columns are tried with the same first value each time, which a key of some of the rows
/// takes for one of its own.
#[test]
fn rows_at_a_limit_do_not_stand_in_each_others_way() {
    let folder = temp_dir();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write(
        "data-model.md",
        "# Lanes of a bowling alley\n\n## Lane\n\n| Field | Type | Constraints |\n|---|---|---|\n\
         | id | uuid | PK |\n| label | text | NOT NULL |\n\n## Hire\n\n\
         | Field | Type | Constraints |\n|---|---|---|\n| id | uuid | PK |\n\
         | lane_id | uuid | NOT NULL, FK → lanes.id |\n| begins_at | timestamptz | NOT NULL |\n\
         | ends_at | timestamptz | NOT NULL |\n\
         | status | text | NOT NULL, default 'asked', one of: asked, agreed, refused |\n\n\
         ```sql\nCREATE UNIQUE INDEX hires_begin_key ON hires (lane_id, begins_at) \
         WHERE status IN ('asked', 'agreed');\n```\n\n## Life cycle of a hire\n\n\
         ```mermaid\nstateDiagram-v2\n    [*] --> asked\n    asked --> agreed\n    asked --> refused\n```\n",
    );
    let out = designed(&folder.path().display().to_string());
    let (passed, said) = prove(&Shared::start().server, &out.path().join("out"), &[], "");
    assert!(said.contains("ends_at = ") && said.contains("is accepted"), "{said}");
    assert!(passed, "{said}");
}

/// A trigger speaks before a foreign key does: that a row is never deleted is not told by the key that refers to it.
#[test]
fn rows_that_a_trigger_keeps_are_not_deleted_to_hear_the_foreign_key() {
    let folder = temp_dir();
    let text = "# Tolls\n\n### Passage\n- id: uuid, primary key\n- amount: decimal(10,2), required, > 0\n\n\
                ### Gate\n- id: uuid, primary key\n- label: text, required\n\n\
                ### Remark\n- id: uuid, primary key\n- passage_id: uuid, required, FK → Passage.id\n\
                - note: text, required\n\n\
                ### Repair\n- id: uuid, primary key\n- gate_id: uuid, required, FK → Gate.id\n\n\
                Passages are append-only.\n";
    fs::write(folder.path().join("data-model.md"), text).unwrap();
    let out = designed(&folder.path().display().to_string());
    let (passed, said) = prove(&Shared::start().server, &out.path().join("out"), &[], "");
    assert!(passed, "{said}");
    assert!(said.contains("the row of public.gates cannot be deleted then"), "{said}");
    assert!(!said.contains("the row of public.passages cannot be deleted then"), "{said}");
}
