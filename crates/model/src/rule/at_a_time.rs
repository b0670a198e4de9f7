//! "A ferry has at most one sailing at a time": what there may be one of at a time is no key of all rows where rows stay
//! once they are over. It is said of the rows that are not over yet, or of no two that last at the same time; where
//! nothing tells which rows these are, it stays a question.

use underpin_base::Phrases;

use super::Meaning;
use crate::names::words;
use crate::spans::spans;
use crate::{Comparison, EntityId, Expression, Field, FieldId, FieldKind, Literal, Model};

/// What says that a number is one of any moment, and not of all times.
const AT_A_TIME: &[&str] = &[
    " at a time",
    " at any time",
    " at any one time",
    " at any given time",
    " at any moment",
    " at once",
    " at the same time",
    " simultaneously",
    " concurrently",
    " currently",
];

/// Words in the names of moments and days, and of states, from which on a row is over.
const OVER: &[&str] = &[
    "abandoned",
    "canceled",
    "cancelled",
    "closed",
    "completed",
    "departed",
    "done",
    "ended",
    "expired",
    "failed",
    "finished",
    "inactive",
    "left",
    "rejected",
    "released",
    "removed",
    "resigned",
    "resolved",
    "returned",
    "revoked",
    "stopped",
    "terminated",
    "vacated",
    "withdrawn",
];

/// Words of moments that tell when a row was written, whatever it is.
const WRITTEN: &[&str] =
    &["created", "updated", "modified", "changed", "deleted", "recorded", "edited"];

/// What a rule with this meaning says of the rows that are there at a time.
pub(super) fn settled(model: &Model, text: &str, meaning: Meaning) -> Meaning {
    let padded = format!("{text} ");
    if !AT_A_TIME.iter().any(|words| padded.holds(words)) {
        return meaning;
    }
    match meaning {
        Meaning::Unique { fields, condition: None } => {
            let Some(entity) = fields.first().map(|&id| model.field(id).entity) else {
                return Meaning::Unique { fields, condition: None };
            };
            match ending(model, entity) {
                Ending::Never => Meaning::Unique { fields, condition: None },
                Ending::Span(from, to) => Meaning::Expression(Expression::Apart {
                    from,
                    to,
                    same: fields,
                    condition: None,
                }),
                Ending::Until(condition) => Meaning::Unique { fields, condition: Some(condition) },
                Ending::Unsaid => Meaning::Unclear,
            }
        }
        Meaning::Expression(Expression::Together {
            by,
            amount,
            comparison,
            bound,
            condition: None,
        }) => {
            let condition = match by.first().map(|&id| ending(model, model.field(id).entity)) {
                Some(Ending::Until(condition)) => Some(Box::new(condition)),
                Some(Ending::Unsaid | Ending::Span(..)) => return Meaning::Unclear,
                Some(Ending::Never) | None => None,
            };
            let together = Expression::Together { by, amount, comparison, bound, condition };
            Meaning::Expression(together)
        }
        other => other,
    }
}

/// How a row stops counting.
enum Ending {
    /// It is deleted: nothing that it holds speaks of time.
    Never,
    /// It lasts from one moment to another.
    Span(FieldId, FieldId),
    /// It counts as long as this holds.
    Until(Expression<FieldId>),
    /// It stays, and nothing says until when it counts.
    Unsaid,
}

fn ending(model: &Model, entity: EntityId) -> Ending {
    let times = |kind: &FieldKind| matches!(kind, FieldKind::Date | FieldKind::Timestamp);
    match spans(model, entity, times).as_slice() {
        [(from, to)] => return Ending::Span(*from, *to),
        [] => {}
        _ => return Ending::Unsaid,
    }
    let ends: Vec<FieldId> = model
        .fields_of(entity)
        .filter(|(_, it)| times(&it.kind) && it.required != Some(true) && names_one_of(it, OVER))
        .map(|(id, _)| id)
        .collect();
    let mut open: Vec<_> =
        ends.into_iter().map(|id| Expression::Not(Box::new(Expression::IsPresent(id)))).collect();
    match open.len() {
        0 => {}
        1 => return open.pop().map_or(Ending::Unsaid, Ending::Until),
        _ => return Ending::Until(Expression::All(open)),
    }
    if let Some(ending) = states(model, entity) {
        return ending;
    }
    let speaks_of_time = |field: &Field| times(&field.kind) && !names_one_of(field, WRITTEN);
    if model.fields_of(entity).any(|(_, field)| speaks_of_time(field)) {
        Ending::Unsaid
    } else {
        Ending::Never
    }
}

fn names_one_of(field: &Field, list: &[&str]) -> bool {
    words(&field.name).iter().any(|word| list.contains(&word.as_str()))
}

/// Where all states of a row but one are those of a row that is over, it counts in that one. Whether a row that is
/// merely asked for counts as well, as a trip that nobody drives yet, states alone do not tell.
fn states(model: &Model, entity: EntityId) -> Option<Ending> {
    let lifecycle = model.lifecycles.iter().find(|it| it.entity == entity).map(|it| it.field);
    let is_state = |field: &Field| {
        let last = words(&field.name).pop();
        last.is_some_and(|word| ["status", "state", "stage", "phase"].contains(&word.as_str()))
    };
    let listed = || {
        let mut fields = model.fields_of(entity);
        let found =
            fields.find(|(_, it)| matches!(it.kind, FieldKind::Enumeration(_)) && is_state(it));
        found.map(|(id, _)| id)
    };
    let id = lifecycle.or_else(listed)?;
    let values = model.values_of(model.field(id))?;
    let is_over = |value: &&String| words(value).iter().any(|word| OVER.contains(&word.as_str()));
    let lasting: Vec<&String> = values.iter().filter(|value| !is_over(value)).collect();
    Some(match lasting.as_slice() {
        [only] if values.len() > 1 => Ending::Until(Expression::Compare(
            Box::new(Expression::Field(id)),
            Comparison::Equal,
            Box::new(Expression::Literal(Literal::Text((*only).clone()))),
        )),
        _ => Ending::Unsaid,
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check_of;
    use crate::test_support::Facts;

    fn ferries() -> Facts {
        Facts::default()
            .entity("Ferry")
            .field("Ferry", "id: uuid*")
            .entity("Sailing")
            .field("Sailing", "id: uuid*")
            .field("Sailing", "ferry_id: uuid! -> Ferry")
            .field("Sailing", "departs_at: timestamp!")
            .entity("Repair")
            .field("Repair", "id: uuid*")
            .field("Repair", "ferry_id: uuid! -> Ferry")
            .field("Repair", "starts_on: date!")
            .field("Repair", "ends_on: date?")
            .entity("Loan")
            .field("Loan", "id: uuid*")
            .field("Loan", "ferry_id: uuid! -> Ferry")
            .field("Loan", "lent_on: date!")
            .field("Loan", "returned_on: date?")
            .entity("Charter")
            .field("Charter", "id: uuid*")
            .field("Charter", "ferry_id: uuid! -> Ferry")
            .field("Charter", "status: enum(running, completed, cancelled)!")
            .entity("Trip")
            .field("Trip", "id: uuid*")
            .field("Trip", "ferry_id: uuid! -> Ferry")
            .field("Trip", "status: enum(asked, running, completed)!")
            .entity("Berth")
            .field("Berth", "id: uuid*")
            .field("Berth", "ferry_id: uuid? -> Ferry")
            .field("Berth", "created_at: timestamp!")
    }

    #[test]
    fn one_row_at_a_time() {
        check_of(
            ferries(),
            &[
                ("Ferry", "A ferry has at most one sailing at a time"),
                ("Ferry", "A ferry has at most one repair at a time"),
                ("Ferry", "A ferry can have only one loan at a time"),
                ("Loan", "A ferry can have at most 2 loans at the same time"),
                ("Sailing", "A ferry can have at most 3 sailings at a time"),
                ("Charter", "There is only one charter per ferry at any time"),
                ("Trip", "A ferry has at most one trip at a time"),
                ("Ferry", "A ferry has at most one berth at a time"),
                ("Ferry", "A ferry has at most one running trip at a time"),
            ],
            &expect![[r#"
                rule "A ferry has at most one sailing at a time" as text only
                rule "A ferry can have only one loan at a time" became unique (ferry_id) where not (returned_on is present)
                rule "A ferry has at most one berth at a time" became unique (ferry_id)
                rule "A ferry has at most one running trip at a time" became unique (ferry_id) where status = 'running'
                rule "A ferry can have at most 3 sailings at a time" as text only
                rule "A ferry has at most one repair at a time": no two rows of one ferry_id overlap from starts_on to ends_on
                unique ferry_id where not (returned_on is present)
                rule "A ferry can have at most 2 loans at the same time": the number of rows of one ferry_id where not (returned_on is present) <= 2
                unique ferry_id where status = 'running'
                rule "There is only one charter per ferry at any time" became unique (ferry_id) where status = 'running'
                unique ferry_id where status = 'running'
                rule "A ferry has at most one trip at a time" as text only
            "#]],
        );
    }

    #[test]
    fn one_row_at_all() {
        check_of(
            ferries(),
            &[
                ("Ferry", "A ferry has at most one sailing per departs_at"),
                ("Ferry", "A ferry can have at most 3 sailings"),
                ("Loan", "At most one loan per ferry"),
            ],
            &expect![[r#"
                rule "A ferry has at most one sailing per departs_at" became unique (ferry_id, departs_at)
                unique ferry_id, departs_at
                rule "A ferry can have at most 3 sailings": the number of rows of one ferry_id <= 3
                rule "At most one loan per ferry" became unique (ferry_id)
            "#]],
        );
    }
}
