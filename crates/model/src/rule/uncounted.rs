//! Rows that a rule about several rows leaves out: "a seat is sold at most once per show; voided tickets do not count", "one bill
//! per month, cancelled bills aside".

use super::{About, Meaning, Wording, parsed};
use crate::{EntityId, Expression, FieldId, Model};

/// What is said of them, behind their noun.
const LEFT_OUT: &[&str] = &[
    " do not count",
    " don't count",
    " does not count",
    " are not counted",
    " is not counted",
    " are not taken into account",
    " is not taken into account",
    " are ignored",
    " is ignored",
    " are exempt",
    " aside",
    " excepted",
    " excluded",
];

/// A rule, where its last part says which rows it leaves out.
pub(super) fn meaning(about: About<'_>, text: &str, times: usize) -> Option<Meaning> {
    let text = text.trim().trim_end_matches('.');
    let lower = text.to_lowercase();
    let rest = LEFT_OUT.iter().find_map(|end| lower.strip_suffix(end))?;
    let (at, between) =
        ["; ", ". ", ", "].iter().filter_map(|it| Some((rest.rfind(it)?, it.len()))).max()?;
    let front = text.get(..at)?;
    let rows = &rest[at + between..];
    let said = |entity: EntityId| parsed::rows_said(&about.draft.model, entity, rows);
    let alone = about.whole(&Wording::new(front), times);
    among_others(&about.draft.model, alone, &said)
}

/// What a rule means where some rows do not count.
fn among_others(
    model: &Model,
    meaning: Meaning,
    said: &dyn Fn(EntityId) -> Option<Expression<FieldId>>,
) -> Option<Meaning> {
    let others = |fields: &[FieldId]| -> Option<Expression<FieldId>> {
        let entity = model.field(*fields.first()?).entity;
        Some(Expression::Not(Box::new(said(entity)?)))
    };
    match meaning {
        Meaning::Unique { fields, condition: None } if !fields.is_empty() => {
            let condition = Some(others(&fields)?);
            Some(Meaning::Unique { fields, condition })
        }
        Meaning::Expression(Expression::Together {
            by,
            amount,
            comparison,
            bound,
            condition: None,
        }) => {
            let condition = Some(Box::new(others(&by)?));
            Some(Meaning::Expression(Expression::Together {
                by,
                amount,
                comparison,
                bound,
                condition,
            }))
        }
        Meaning::Expression(Expression::Apart { from, to, same, condition: None }) => {
            let condition = Some(Box::new(others(&[from])?));
            Some(Meaning::Expression(Expression::Apart { from, to, same, condition }))
        }
        Meaning::Unique { .. }
        | Meaning::Expression(_)
        | Meaning::Deletion { .. }
        | Meaning::Required(_)
        | Meaning::MaximumLength(..)
        | Meaning::IgnoresCase(_)
        | Meaning::DeletedValues { .. }
        | Meaning::Managed(_)
        | Meaning::Unit(..)
        | Meaning::Known(_)
        | Meaning::Sql(_)
        | Meaning::Kept(_)
        | Meaning::Unclear => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check_among;
    use expect_test::expect;

    #[test]
    fn rows_that_do_not_count() {
        check_among(
            &[
                (
                    "Registration",
                    "A person has at most one registration per workshop; pending registrations do not count",
                ),
                (
                    "Workshop",
                    "A workshop has at most 12 registrations, pending registrations aside",
                ),
                (
                    "Workshop",
                    "A workshop has at most 9 registrations; pending registrations are not taken into account",
                ),
                (
                    "Workshop",
                    "A workshop has at most 12 registrations; frozen registrations do not count",
                ),
            ],
            &expect![[r#"
                rule "A workshop has at most 12 registrations; frozen registrations do not count" as text only
                unique person_id, workshop_id where not (status = 'pending')
                rule "A person has at most one registration per workshop; pending registrations do not count" became unique (person_id, workshop_id) where not (status = 'pending')
                rule "A workshop has at most 12 registrations, pending registrations aside": the number of rows of one workshop_id where not (status = 'pending') <= 12
                rule "A workshop has at most 9 registrations; pending registrations are not taken into account": the number of rows of one workshop_id where not (status = 'pending') <= 9
            "#]],
        );
    }
}
