//! Rows that nothing can be done about: where the code of a trigger fails by itself, or a condition reads no column and holds
//! for no row, none of what the documents tell of a table can ever be.

use underpin_claim::Family;
use underpin_server::{ServerError, SessionError};

use super::{Object, objects};
use crate::foreign::arena::{Arena, Came};
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::{Want, World};
use crate::rule::mentioned;

/// Conditions of SQLSTATE by which code itself is wrong: unknown or ambiguous names, wrong types, wrong syntax.
const FAULTS: &[&str] = &["42703", "42702", "42883", "42P01", "42804", "42601"];

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    report: &mut Report,
) -> Result<(), SessionError> {
    for object in objects(arena) {
        let table = &object.table.name;
        let judgement = if arena.is_ready(table)?.is_ok() {
            Judgement::Held { refused: 0, accepted: 1 }
        } else {
            let came = arena
                .within(|arena| arena.write(table, &Want::default(), &mut World::default(), 0))?;
            match came {
                Ok(Came::Refused(error)) if is_always(&object, &error) => {
                    Judgement::Broken(format!("no row can be written: {error}"))
                }
                Ok(Came::Refused(error)) => Judgement::Untried(error.to_string()),
                Ok(Came::Row(_)) => Judgement::Held { refused: 0, accepted: 1 },
                Ok(Came::Nothing) => Judgement::Untried("a trigger wrote nothing".to_owned()),
                Err(reason) => Judgement::Untried(reason),
            }
        };
        let statement = format!("Rows of `{}` can be written.", table.name.as_str());
        report.add(Family::Lifecycle, table, "birth", "possible", statement, judgement);
    }
    Ok(())
}

/// Whether a refusal would meet any other row as well.
fn is_always(object: &Object<'_>, error: &ServerError) -> bool {
    let is_named = |name: &str| error.constraint.as_deref() == Some(name);
    let is_own = error.table.as_deref().is_none_or(|it| it == object.table.name.name.as_str());
    FAULTS.contains(&error.sqlstate.as_str())
        || is_own
            && error.sqlstate == "23514"
            && object.table.checks.iter().any(|check| {
                is_named(check.name.as_str())
                    && mentioned(object.table, &check.expression).is_empty()
            })
}
