//! Who says whose rows may refer to whose: sentences such as "no row may refer to a row of another tenant" and
//! "set and coin must belong to the same user", and the habit of a schema whose references carry an owner.

use std::collections::{BTreeMap, BTreeSet};

use underpin_model::EntityId;
use underpin_pg::{Ident, QualifiedName, Schema};

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
pub(super) fn tellings(arena: &Arena<'_>) -> Vec<Told> {
    let said = arena.sides.model.kept_apart().into_iter();
    let mut found: Vec<Told> =
        said.map(|it| Told { owner: it.owner, entities: it.entities, by_habit: false }).collect();
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
