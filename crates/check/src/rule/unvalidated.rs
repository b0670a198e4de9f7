//! A constraint that older rows may break.

use crate::finding::{Finding, Object, short};
use crate::subject::Subject;

underpin_base::codes! {
    /// A constraint was never validated.
    ///
    /// It holds for rows written since; those from before may break it, and the planner does not rely on it.
    ///
    /// ```sql
    /// CREATE TABLE payments (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, cents bigint NOT NULL);
    /// ALTER TABLE payments ADD CONSTRAINT payments_cents_check CHECK (cents > 0) NOT VALID;
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE payments (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, cents bigint NOT NULL);
    /// ALTER TABLE payments ADD CONSTRAINT payments_cents_check CHECK (cents > 0) NOT VALID;
    /// ALTER TABLE payments VALIDATE CONSTRAINT payments_cents_check;
    /// ```
    UNVALIDATED = "C007", "unvalidated-constraint";
}

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for (table, constraint) in &subject.surroundings.unvalidated {
        findings.push(
            Finding::warning(
                UNVALIDATED,
                Object::part(table, constraint),
                format!(
                    "`{}` of `{}` was never validated: rows from before it may break it",
                    constraint.as_str(),
                    short(table)
                ),
            )
            .help(format!("run ALTER TABLE … VALIDATE CONSTRAINT {constraint}")),
        );
    }
}
