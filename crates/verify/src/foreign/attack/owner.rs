//! Who says whose rows may refer to whose: sentences such as "no row may refer to a row of another tenant" and
//! "set and coin must belong to the same user", and the habit of a schema whose references carry an owner.

use std::collections::{BTreeMap, BTreeSet};

use underpin_model::{EntityId, Model, Rule};
use underpin_pg::{Ident, QualifiedName, Schema};

use super::Object;
use crate::foreign::arena::Arena;
use crate::foreign::ground::single_key;
use crate::foreign::names::words;

/// That references do not cross from one owner to another.
#[derive(Debug)]
pub(super) struct Told {
    /// The words that name the owner.
    pub(super) owner: Vec<String>,
    /// Of whose rows it is said; of all where it is `None`.
    pub(super) entities: Option<Vec<EntityId>>,
    /// Whether no document says so, and the schema keeps it elsewhere.
    pub(super) by_habit: bool,
}

/// All that is said of owners, the documents' words before the schema's habit.
pub(super) fn tellings(arena: &Arena<'_>, all: &[Object<'_>]) -> Vec<Told> {
    let model = arena.sides.model;
    let mut found = Vec::new();
    for object in all {
        let design = arena.sides.physical.tables.of(&object.ours);
        let Some(entity) = design.and_then(|it| arena.sides.logical.relation(it.relation).entity)
        else {
            continue;
        };
        let owner = words(&model.entity(entity).name);
        let mut tenants = model.tenant.iter().filter(|it| it.entity == entity);
        if tenants.any(|it| keeps_apart(&it.text, &owner) || is_apart(&it.text)) {
            found.push(Told { owner: owner.clone(), entities: None, by_habit: false });
        }
        for rule in model.rules.iter().filter(|rule| keeps_apart(&rule.text, &owner)) {
            let entities = (!speaks_of_all(&rule.text)).then(|| spoken_of(model, rule));
            found.push(Told { owner: owner.clone(), entities, by_habit: false });
        }
    }
    // Of an owner that no document describes.
    for rule in &model.rules {
        if let Some(owner) = same(&rule.text) {
            let entities = Some(spoken_of(model, rule));
            found.push(Told { owner, entities, by_habit: false });
        }
    }
    for name in carried(&arena.sides.ground.schema) {
        let mut owner = words(name.as_str());
        if owner.len() > 1 && owner.last().is_some_and(|it| it == "id") {
            owner.pop();
        }
        found.push(Told { owner, entities: None, by_habit: true });
    }
    found
}

/// The columns that a schema's references carry beside what they refer by: carried by the references of at
/// least two tables, and there in four of five, as a tenant is and the author of a row is not.
pub(super) fn carried(schema: &Schema) -> BTreeSet<Ident> {
    let mut by: BTreeMap<&Ident, BTreeSet<&QualifiedName>> = BTreeMap::new();
    for table in schema.tables.values() {
        for key in table.foreign_keys.iter().filter(|key| key.columns.len() > 1) {
            for (own, there) in key.columns.iter().zip(&key.referenced_columns) {
                let at = crate::foreign::ground::position(table, own);
                // The tenant is a reference by itself, or the first that a key names.
                let leads = key.columns.first() == Some(own)
                    || at.is_some_and(|at| single_key(table, at).is_some());
                if own == there && leads {
                    by.entry(own).or_default().insert(&table.name);
                }
            }
        }
    }
    let is_usual = |name: &Ident| {
        let with = schema.tables.values().filter(|table| table.column(name).is_some()).count();
        // The table of the tenants themselves has no such column.
        with > 2 && with * 5 >= (schema.tables.len() - 1) * 4
    };
    by.into_iter()
        .filter(|(name, tables)| tables.len() > 1 && is_usual(name))
        .map(|(name, _)| name.clone())
        .collect()
}

/// The entity of a rule, and all that its words name: "the vault of an accession" is said of accessions.
fn spoken_of(model: &Model, rule: &Rule) -> Vec<EntityId> {
    let said = words(&rule.text);
    let named = model.entities().filter(|(_, it)| {
        let name = words(&it.name);
        !name.is_empty() && said.windows(name.len()).any(|window| window == name)
    });
    std::iter::once(rule.entity).chain(named.map(|(id, _)| id)).collect()
}

/// "kept apart from all others", "isolated by tenant".
fn is_apart(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["kept apart", "keep apart", "isolated", "isolation", "separated", "strictly separate"]
        .iter()
        .any(|phrase| lower.contains(phrase))
}

fn speaks_of_all(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["no row", "no record", "no reference", "never ", "all rows", "every row", "all references"]
        .iter()
        .any(|phrase| lower.contains(phrase))
}

/// Verbs of reference and belonging.
const TIES: &[&str] = &[
    "refer", "belong", "share", "be of", "be in", "be from", "link", "point", "cross", "owned by",
];

fn has_tie(text: &str) -> bool {
    let lower = text.to_lowercase();
    TIES.iter().any(|verb| lower.contains(verb))
}

/// "no row may refer to a row of another tenant", "must belong to the same tenant".
pub(super) fn keeps_apart(text: &str, owner: &[String]) -> bool {
    let said = words(text);
    let lead = |at: usize| {
        at.checked_sub(1).is_some_and(|before| {
            ["another", "other", "same", "across", "cross", "different", "foreign"]
                .contains(&said[before].as_str())
        })
    };
    !owner.is_empty()
        && said.windows(owner.len()).enumerate().any(|(at, window)| window == owner && lead(at))
        && has_tie(text)
}

/// The owner of "must belong to the same user".
fn same(text: &str) -> Option<Vec<String>> {
    const MUST: &[&str] = &["must", "always", "only", "cannot", "never", "may", "belong"];
    let said = words(text);
    let at = said.iter().position(|word| word == "same")?;
    let owner = said.get(at + 1)?;
    let is_rule = said.iter().any(|word| MUST.contains(&word.as_str()));
    (is_rule && has_tie(text)).then(|| vec![owner.clone()])
}

#[cfg(test)]
mod tests {
    use super::{is_apart, keeps_apart, same, words};

    #[test]
    fn whose_rows_go_together() {
        assert_eq!(
            same("The set and coin must belong to the same user"),
            Some(vec!["user".into()])
        );
        assert_eq!(same("Must belong to same user"), Some(vec!["user".into()]));
        assert_eq!(same("Two notes at the same time are shown once"), None);
        assert!(is_apart("All data of an operator is kept apart from all other operators"));
        assert!(!is_apart("Every row belongs to one operator"));
    }

    #[test]
    fn what_keeps_tenants_apart() {
        let tenant = words("Tenant");
        assert!(keeps_apart("No row may refer to a row of another tenant", &tenant));
        assert!(keeps_apart("The assignee must belong to the same tenant as the ticket", &tenant));
        assert!(!keeps_apart("Every row belongs to one tenant", &tenant));
        assert!(!keeps_apart("Another tenant may sign up", &tenant));
    }
}
