//! The last rule: changes nothing, and panics on what would be a mistake of ours.

use std::collections::BTreeSet;

use crate::PhysicalDesign;

pub(crate) fn apply(design: &PhysicalDesign) {
    for table in design.schema.tables.values() {
        let mut constraints = BTreeSet::new();
        let names = table
            .keys()
            .map(|key| &key.name)
            .chain(table.checks.iter().map(|check| &check.name))
            .chain(table.foreign_keys.iter().map(|key| &key.name));
        for name in names {
            assert!(constraints.insert(name), "two constraints of {} are named {name}", table.name);
        }
        for key in &table.foreign_keys {
            let parent = &design.schema.tables[&key.references];
            let covered = parent.keys().any(|parent_key| {
                parent_key.columns.len() == key.referenced_columns.len()
                    && parent_key.columns.iter().all(|c| key.referenced_columns.contains(c))
            });
            assert!(covered, "{} refers to columns of {} that are no key", key.name, parent.name);
        }
    }
    for index in &design.indexes {
        assert!(
            !index.serves.is_empty() || !index.supports.is_empty() || !index.reason.is_empty(),
            "{} has a reason",
            index.index
        );
    }
    let mut ids = BTreeSet::new();
    for claim in &design.claims {
        assert!(ids.insert(&claim.id), "two claims are called {}", claim.id);
    }
}
