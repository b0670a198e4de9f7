//! What we design for a document holds what we read in it: our own schema is judged as one that somebody else wrote. A rule
//! that only one of the two sides reads would be refuted, or kept and never told.

use underpin_testkit::temp_dir_with;

use super::{flaw, judge};
use crate::underpin;

const BERTHS: &str = include_str!("berths.md");

/// The schema that is designed for a document.
fn designed(document: &str) -> String {
    let folder = temp_dir_with(&[("docs/model.md", document)]);
    let _ = underpin()
        .args(["design", "docs", "--out", "out", "--no-verify"])
        .current_dir(folder.path())
        .run()
        .expect_code(0);
    std::fs::read_to_string(folder.path().join("out/schema.sql")).expect("it was designed")
}

#[test]
fn our_own_schema_keeps_what_its_document_states() {
    judge(
        BERTHS,
        &designed(BERTHS),
        &[
            flaw(
                "ends_at - starts_at >= '42 hours'",
                "ends_at - starts_at >= '41 hours'",
                "check/stays/starts_at,ends_at/duration/least",
            ),
            flaw(
                "WITH &&) WHERE (status <> 'aborted')",
                "WITH &&) WHERE (status = 'planned')",
                "exclusion/stays/",
            ),
            flaw(
                "FOREIGN KEY (harbour_id, skipper_id) REFERENCES public.skippers (harbour_id, id)",
                "FOREIGN KEY (skipper_id) REFERENCES public.skippers (id)",
                "foreign_key/loans/skipper_id/tenant",
            ),
        ],
    );
}
