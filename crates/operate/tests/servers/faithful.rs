//! What is designed is what is read back; what differs is named; what is there is not made again.

use underpin_operate::{apply, canonical};
use underpin_pg::{Schema, Script, diff};
use underpin_server::catalog;

use crate::everything::everything;
use crate::harness::scratch;

fn lines(differences: &[underpin_pg::Difference]) -> Vec<String> {
    differences.iter().map(ToString::to_string).collect()
}

#[test]
fn everything_is_read_back_as_designed_and_leaves_nothing() {
    let mut scratch = scratch();
    let session = &mut scratch.session;
    let designed = everything();

    let before = canonical(session, &designed).unwrap();
    assert_eq!(catalog::read(session).unwrap(), Schema::default(), "asking left something behind");

    apply(session, &Script::create(&designed)).unwrap();
    let found = catalog::read(session).unwrap();
    let wanted = canonical(session, &designed).unwrap();
    assert_eq!(lines(&diff(&wanted, &found)), Vec::<String>::new());
    assert_eq!(wanted, found);
    assert_eq!(before, wanted, "what is installed had a part in the canonical form");
    assert_eq!(catalog::beyond(session).unwrap(), []);

    // The canonical form is its own.
    assert_eq!(canonical(session, &wanted).unwrap(), wanted);

    apply(session, &Script::drop(&designed)).unwrap();
    let extensions = designed.extensions.clone();
    assert_eq!(catalog::read(session).unwrap(), Schema { extensions, ..Schema::default() });
}

#[test]
fn a_statement_that_does_not_end_is_cancelled() {
    // The first line is what `pg_dump` begins with.
    let script = "SET statement_timeout = 0;\nSELECT pg_sleep(1000);\n";
    let error = scratch().installer(script).run_within(script, 200).unwrap_err();
    assert_eq!(error.error.sqlstate(), Some("57014"), "{error}");
    assert_eq!(error.line, 2);
}
