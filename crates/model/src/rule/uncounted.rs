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
    " do not matter",
    " don't matter",
    " free their place",
    " free their places",
    " free their seat",
    " free their seats",
    " free their slot",
    " free the place",
    " free the seat",
    " free the slot",
    " release their place",
    " release their seat",
    " release their slot",
    " no longer count",
];

/// Whether a sentence says nothing else than which rows the one before it, which counts them or holds them apart, leaves out.
pub(crate) fn belongs_to(front: &str, text: &str) -> bool {
    const COUNTING: &[&str] = &[
        " at most",
        " than ",
        "unique",
        "overlap",
        " once",
        " twice",
        " the same time",
        " at a time",
        "no two ",
        "only one ",
        " exceed",
        "double-booked",
    ];
    let (front, text) = (front.to_lowercase(), text.trim_end_matches('.').to_lowercase());
    LEFT_OUT.iter().any(|end| text.ends_with(end))
        && COUNTING.iter().any(|words| front.contains(words))
}

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
    fn said_in_brackets_or_behind() {
        check_among(
            &[
                (
                    "Workshop",
                    "A workshop has at most 12 registrations. Cancelled ones free their place.",
                ),
                ("Workshop", "A workshop has at most 11 registrations (pending ones don't count)"),
                ("Workshop", "A workshop has at most 10 registrations (excluding cancelled ones)"),
                ("Workshop", "A workshop has at most 9 open registrations (pending or confirmed)"),
                (
                    "Person",
                    "A person has at most one registration per workshop, unless the earlier registration was cancelled",
                ),
                ("Workshop", "A workshop has at most 12 registrations (see above)"),
                ("Workshop", "A workshop has at most 9 open registrations (rain or shine)"),
                ("Workshop", "A workshop has 12 registrations. Frozen ones free their place."),
            ],
            &expect![[r#"
                rule "A person has at most one registration per workshop, unless the earlier registration was cancelled" became unique (person_id, workshop_id) where not (status = 'cancelled')
                rule "A workshop has at most 9 open registrations (rain or shine)" as text only
                rule "A workshop has 12 registrations" as text only
                rule "Frozen ones free their place." as text only
                unique person_id, workshop_id where not (status = 'cancelled')
                rule "A workshop has at most 12 registrations; Cancelled ones free their place.": the number of rows of one workshop_id where not (status = 'cancelled') <= 12
                rule "A workshop has at most 11 registrations (pending ones don't count)": the number of rows of one workshop_id where not (status = 'pending') <= 11
                rule "A workshop has at most 10 registrations (excluding cancelled ones)": the number of rows of one workshop_id where not (status = 'cancelled') <= 10
                rule "A workshop has at most 9 open registrations (pending or confirmed)": the number of rows of one workshop_id where status in ('pending', 'confirmed') <= 9
                rule "A workshop has at most 12 registrations (see above)": the number of rows of one workshop_id <= 12
            "#]],
        );
    }

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
