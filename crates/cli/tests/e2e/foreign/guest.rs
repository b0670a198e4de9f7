//! What somebody else's schema may do on the machine: nothing, whoever runs what it left behind.

use underpin_testkit::temp_dir_with;

use super::{ALBUMS, ALBUMS_OF_USERS, SHOP, SHOP_TRIGGERS};
use crate::shared_server::Shared;
use crate::underpin;

/// What reaches the machine is refused by name, whichever command runs the file, and no statement of it takes effect.
#[test]
fn a_schema_file_reaches_nothing_on_the_machine() {
    let reaching = [
        ("COPY (SELECT 1) TO PROGRAM 'touch MARK'", "pg_execute_server_program"),
        ("GRANT pg_execute_server_program TO CURRENT_USER", "does not exist"),
        ("COPY (SELECT 1) TO 'MARK'", "pg_write_server_files"),
        ("SELECT pg_read_file('/etc/passwd')", "permission denied for function pg_read_file"),
        (
            "SELECT lo_export(lo_from_bytea(0, 'x'), 'MARK')",
            "permission denied for function lo_export",
        ),
        (
            "CREATE FUNCTION f() RETURNS text LANGUAGE internal AS 'pg_read_file'",
            "permission denied for language internal",
        ),
        ("SELECT pg_ls_dir('/')", "permission denied for function pg_ls_dir"),
        (
            "SET SESSION AUTHORIZATION underpin_superuser; COPY (SELECT 1) TO 'MARK'",
            "pg_write_server_files",
        ),
    ];
    for (statement, reason) in reaching {
        let folder = temp_dir_with(&[("docs/model.md", ALBUMS)]);
        let mark = std::env::temp_dir().join(format!("underpin_mark_{}", std::process::id()));
        let statement = statement.replace("MARK", &mark.to_string_lossy());
        std::fs::write(
            folder.path().join("mal.sql"),
            format!("CREATE TABLE albums (id int PRIMARY KEY);\n\n{statement};\n"),
        )
        .unwrap();
        let ran = underpin().args(["check", "mal.sql"]).current_dir(folder.path()).run();
        let ran = ran.expect_code(1);
        let said = ran.stdout + &ran.stderr;
        assert!(!mark.exists(), "{statement} wrote its file");
        assert!(said.contains(reason) && said.contains("mal.sql:3"), "{statement}\n{said}");
    }
}

/// A function that a schema leaves behind is called by whoever judges it, and that is no superuser either.
#[test]
fn what_a_schema_leaves_behind_runs_without_rights_too() {
    let mark = std::env::temp_dir().join(format!("underpin_later_{}", std::process::id()));
    let trap = format!(
        "CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         EXECUTE $q$COPY (SELECT 1) TO PROGRAM 'touch {}'$q$; RETURN NEW; \
         EXCEPTION WHEN insufficient_privilege THEN RETURN NEW; END $$;\n",
        mark.display()
    );
    let table = SHOP_TRIGGERS.split("CREATE TABLE ").nth(1).unwrap();
    let table = table.split([' ', '(']).next().unwrap();
    let schema = format!(
        "{SHOP_TRIGGERS}\n{trap}CREATE TRIGGER a_trap BEFORE INSERT ON {table} \
         FOR EACH ROW EXECUTE FUNCTION trap();\n"
    );
    let folder = temp_dir_with(&[("docs/model.md", SHOP), ("schema.sql", &schema)]);
    let _ = underpin()
        .args(["verify", "--schema", "schema.sql", "docs"])
        .current_dir(folder.path())
        .run()
        .expect_code(0);
    assert!(!mark.exists(), "the trigger ran a program");
}

/// What an ordinary schema asks of a superuser is done for it: roles, owners, extensions, what a dump sets.
#[test]
fn what_schemas_ask_of_a_superuser_works() {
    let schema = "BEGIN;\n\
         SET session_replication_role = replica;\n\
         CREATE EXTENSION IF NOT EXISTS postgres_fdw WITH SCHEMA public;\n\
         COMMENT ON EXTENSION postgres_fdw IS 'elsewhere';\n\
         CREATE EXTENSION pgcrypto;\n\
         DO $$ BEGIN CREATE ROLE app; EXCEPTION WHEN duplicate_object THEN NULL; END $$;\n\
         CREATE ROLE auditor LOGIN BYPASSRLS PASSWORD 'x';\n\
         CREATE SCHEMA hr AUTHORIZATION app;\n\
         CREATE TABLE things (id uuid PRIMARY KEY DEFAULT gen_random_uuid());\n\
         ALTER TABLE things OWNER TO app;\n\
         CREATE TABLE others (id int PRIMARY KEY);\n\
         ALTER TABLE others OWNER TO postgres;\n\
         GRANT SELECT ON things TO nobody_knows;\n\
         ALTER DEFAULT PRIVILEGES FOR ROLE app GRANT SELECT ON TABLES TO auditor;\n\
         CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'far');\n\
         CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';\n\
         CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION watch();\n\
         ALTER EVENT TRIGGER watch OWNER TO postgres;\n\
         COMMIT;\n";
    let folder = temp_dir_with(&[("schema.sql", schema)]);
    let ran = underpin()
        .args(["check", "schema.sql", "--format", "json"])
        .current_dir(folder.path())
        .run();
    assert!(!ran.stdout.contains("I080"), "{}\n{}", ran.stdout, ran.stderr);
    let left_out: Vec<&str> =
        ran.stdout.lines().filter(|line| line.contains("was passed over")).collect();
    assert_eq!(left_out.len(), 2, "{}", ran.stdout);
    assert!(left_out[0].contains("`CREATE EVENT TRIGGER watch"), "{left_out:?}");
}

#[test]
fn a_superuser_of_a_given_server_is_not_used() {
    let shared = Shared::start();
    let folder = temp_dir_with(&[("docs/model.md", ALBUMS), ("schema.sql", ALBUMS_OF_USERS)]);
    let ran = underpin()
        .args(["verify", "--schema", "schema.sql", "docs"])
        .args(["--database-url", &shared.url("postgres")])
        .current_dir(folder.path())
        .run();
    assert!(ran.expect_code(2).stderr.contains("I084"));
}
