//! "A row never refers to a row of another laboratory": what keeps the rows of tenants apart, of all entities at once.

use underpin_read::Fact;

use super::Meaning;
use super::sentence::{Sentence, after};
use crate::EntityId;
use crate::draft::Draft;

/// Whoever refers, where all rows are meant.
const ROWS: &[&str] = &[
    "a row never refers to ",
    "a row must not refer to ",
    "a row cannot refer to ",
    "rows never refer to ",
    "rows must not refer to ",
    "no row refers to ",
    "no row may refer to ",
    "no row ever refers to ",
    "a record never refers to ",
    "no record refers to ",
    "records never refer to ",
    "no reference leads to ",
    "references never lead to ",
    "no row may reference ",
    "a row never references ",
    "no row references ",
    "nothing refers to ",
    "nothing ever refers to ",
];

const OF_ANOTHER: &[&str] = &[
    "a row of another ",
    "a row of a different ",
    "rows of another ",
    "rows of other ",
    "a record of another ",
    "records of another ",
    "one of another ",
    "anything of another ",
];

/// Whose rows are kept apart by a sentence about all rows.
pub(crate) fn tenant(draft: &Draft<'_>, text: &str) -> Option<EntityId> {
    let text = crate::without_label(text).trim().trim_end_matches('.');
    let owner = after(after(text, ROWS)?, OF_ANOTHER)?;
    // "… of another laboratory: a sample and its client belong to the same laboratory" gives examples.
    draft.noun(owner.split_once([':', ';']).map_or(owner, |(owner, _)| owner))
}

pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    let owner = tenant(sentence.draft(), sentence.text).or_else(|| shared(sentence))?;
    // The facts that are taken down behind the rules make it the tenant, unless another document names another.
    let stated = sentence.draft().statements.iter().find_map(|it| {
        let Fact::Tenancy { tenant, .. } = &it.fact else { return None };
        sentence.draft().entity_in_phrase(tenant)
    });
    let is_kept = stated.is_none_or(|stated| stated == owner);
    is_kept
        .then(|| Meaning::Known("references between rows of tenants carry the tenant".to_owned()))
}

/// "A run and its tank belong to the same company", where the company is the tenant.
fn shared(sentence: &Sentence<'_>) -> Option<EntityId> {
    let (rows, owner) = sentence.text.split_once(" belong to the same ")?;
    let of_pairs = rows.contains(" and its ") || rows.contains(" and their ");
    let owner = sentence.draft().noun(owner.trim_end_matches('.')).filter(|_| of_pairs)?;
    sentence.draft().statements.iter().find_map(|it| {
        let Fact::Tenancy { tenant, .. } = &it.fact else { return None };
        sentence.draft().entity_in_phrase(tenant).filter(|it| *it == owner)
    })
}

#[cfg(test)]
mod tests {
    use crate::test_support::Facts;

    /// The tenant that a rule makes, and what became of the rule.
    fn tenant(rule: &str) -> (Option<String>, Option<String>) {
        let (model, _) = Facts::default()
            .entity("Laboratory")
            .field("Laboratory", "id: uuid*")
            .entity("Client")
            .field("Client", "id: uuid*")
            .field("Client", "laboratory_id: uuid! -> Laboratory")
            .rule("Laboratory", rule)
            .build();
        let tenant = model.tenant.as_ref().map(|it| model.entity(it.entity).name.clone());
        (tenant, model.rules.into_iter().next().and_then(|it| it.became))
    }

    #[test]
    fn rows_of_another_tenant_are_out_of_reach() {
        for rule in [
            "A row never refers to a row of another laboratory",
            "R1: No row refers to rows of other laboratories.",
            "A row never refers to a row of another laboratory: a client and its samples belong to the same one",
        ] {
            let kept = Some("references between rows of tenants carry the tenant".to_owned());
            assert_eq!(tenant(rule), (Some("Laboratory".to_owned()), kept), "{rule}");
        }
    }

    #[test]
    fn what_is_said_of_some_rows_makes_no_tenant() {
        for rule in [
            "A client never refers to a client of another laboratory",
            "A row never refers to a row of another planet",
            "A row never refers to a row of another planet: a client belongs to a laboratory",
        ] {
            assert_eq!(tenant(rule).0, None, "{rule}");
        }
    }
}
