//! An index that failed to be built.

use crate::finding::{Finding, Object, short};
use crate::subject::Subject;

underpin_base::codes! {
    /// An index is not valid.
    ///
    /// Building it failed or was broken off: every write keeps it, no query uses it, and if it is UNIQUE it does not hold for
    /// the rows that are there (manual, CREATE INDEX, "Building Indexes Concurrently"). It is seen in live databases.
    ///
    /// Better: drop it, and create it again.
    INVALID_INDEX = "C014", "invalid-index";
}

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for index in &subject.surroundings.invalid_indexes {
        findings.push(
            Finding::error(
                INVALID_INDEX,
                Object::whole(index),
                format!(
                    "the index `{}` is not valid: writes keep it, and no query uses it",
                    short(index)
                ),
            )
            .help("drop it, and create it again with CREATE INDEX CONCURRENTLY"),
        );
    }
}
