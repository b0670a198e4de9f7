//! The scripts beside the schema, run for real: `migrations/0001_initial.verify.sql` on the schema that it belongs to and on
//! one that somebody changed, `ops/roles.sql` in a cluster that has roles of these names.

use std::fs;
use std::path::{Path, PathBuf};

use underpin_server::{Server, Session, SessionError};

use crate::root;
use crate::shared_server::Shared;

/// A session in a new database with the schema of a design.
fn installed(server: &Server, design: &Path) -> (underpin_server::Database, Session) {
    let database = server.create_database("checked").unwrap();
    let mut session = database.connect().unwrap();
    session.batch(&fs::read_to_string(design.join("schema.sql")).unwrap()).unwrap();
    (database, session)
}

/// What the script says of the database; nothing where it finds it as it should be.
fn said(session: &mut Session, design: &Path) -> Option<String> {
    let script = fs::read_to_string(design.join("migrations/0001_initial.verify.sql")).unwrap();
    match session.batch(&script) {
        Ok(()) => None,
        Err(SessionError::Refused(error)) => {
            assert_eq!(error.sqlstate, "P0004", "{error}");
            Some(format!("{error}\n{}", error.detail.as_deref().unwrap_or_default()))
        }
        Err(error) => panic!("{error}"),
    }
}

fn golden(name: &str) -> PathBuf {
    root().join("crates/cli/tests/cases").join(name).join("expected")
}

#[test]
fn a_schema_is_as_its_own_script_says_and_stays_so() {
    let server = Shared::start().server;
    for case in fs::read_dir(root().join("crates/cli/tests/cases")).unwrap() {
        let design = case.unwrap().path().join("expected");
        let (_database, mut session) = installed(&server, &design);
        for _ in 0..2 {
            assert_eq!(said(&mut session, &design), None, "{}", design.display());
        }
        let left = "SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema()";
        let rows = session.text(left).unwrap().rows;
        assert_eq!(rows[0][0].as_deref(), Some("0"), "{}", design.display());
    }
}

#[test]
fn each_change_is_named() {
    let server = Shared::start().server;
    let design = golden("shop");
    for (change, says) in [
        ("DROP TABLE public.refunds", "table public.refunds is missing"),
        (
            "ALTER TABLE public.users ADD nickname text",
            "column nickname of public.users is not of the migration",
        ),
        (
            "ALTER TABLE public.users ALTER full_name DROP NOT NULL",
            "column full_name of public.users is text instead of text NOT NULL",
        ),
        ("ALTER TABLE public.users ALTER role DROP DEFAULT", "column role of public.users"),
        (
            "ALTER TABLE public.orders DROP CONSTRAINT orders_status_check, \
             ADD CONSTRAINT orders_status_check CHECK (status IS NOT NULL)",
            "constraint orders_status_check of public.orders is CHECK",
        ),
        (
            "ALTER TABLE public.users DROP CONSTRAINT users_merchant_id_email_key, \
             ADD CONSTRAINT users_merchant_id_email_key UNIQUE (email)",
            "constraint users_merchant_id_email_key of public.users is UNIQUE (email) instead of",
        ),
        (
            "ALTER TABLE public.order_events DROP CONSTRAINT order_events_order_id_fkey, \
             ADD CONSTRAINT order_events_order_id_fkey FOREIGN KEY (order_id) \
             REFERENCES public.orders (id) ON DELETE SET NULL",
            "constraint order_events_order_id_fkey of public.order_events is",
        ),
        (
            "CREATE OR REPLACE FUNCTION public.orders_status_guard() RETURNS trigger LANGUAGE plpgsql \
             AS 'BEGIN RETURN NEW; END'",
            "function orders_status_guard() of public has another body",
        ),
        (
            "ALTER TABLE public.orders DISABLE TRIGGER orders_status_guard",
            "trigger orders_status_guard of public.orders",
        ),
        (
            "DROP FUNCTION public.orders_status_guard() CASCADE",
            "trigger orders_status_guard of public.orders is missing",
        ),
        (
            "CREATE INDEX extra ON public.users (full_name)",
            "index extra of public.users is not of the migration",
        ),
    ] {
        let (_database, mut session) = installed(&server, &design);
        session.batch(change).unwrap_or_else(|error| panic!("{change}: {error}"));
        let said = said(&mut session, &design).unwrap_or_else(|| panic!("{change}: nothing"));
        assert!(said.contains(says), "{change}: {said}");
    }
}

#[test]
fn a_role_of_the_cluster_with_rights_of_its_own_is_not_taken_for_one_of_the_design() {
    let server = Shared::start().server;
    let design = golden("parcels");
    let roles = fs::read_to_string(design.join("ops/roles.sql")).unwrap();
    let name = roles.split("CREATE ROLE ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
    let (_database, mut session) = installed(&server, &design);
    session.batch(&format!("CREATE ROLE {name} BYPASSRLS")).unwrap();
    let error = session.batch(&roles).unwrap_err().to_string();
    assert!(error.contains(name) && error.contains("rights over the whole cluster"), "{error}");
    // Without them it is used as it is, and a second run changes nothing.
    session.batch(&format!("ALTER ROLE {name} NOBYPASSRLS")).unwrap();
    for _ in 0..2 {
        session.batch(&roles).unwrap();
    }
}
