//! Enumerations: named lists of values, which the types of fields refer to.

use indexmap::IndexMap;
use underpin_base::Diagnostic;
use underpin_read::{Fact, Statement};

use crate::Enumeration;
use crate::codes;
use crate::draft::Draft;
use crate::names::{fold_entity, fold_field};
use crate::pass::weight::weight;

/// Collects the lists of values that have a name of their own.
pub(crate) fn named(draft: &mut Draft<'_>) {
    // Each list stands where it is first mentioned; what its values are, the most exact place says first.
    let mut lists: IndexMap<String, Vec<(&String, &Statement)>> = IndexMap::new();
    for statement in draft.statements {
        let Fact::Enumeration { name, .. } = &statement.fact else { continue };
        if field_path(draft, name).is_none() {
            lists.entry(fold_entity(name)).or_default().push((name, statement));
        }
    }
    for mut places in lists.into_values() {
        places.sort_by_key(|(_, statement)| weight(statement));
        for (name, statement) in places {
            add_values(draft, name, statement);
        }
    }
}

fn add_values(draft: &mut Draft<'_>, name: &str, statement: &Statement) {
    let Fact::Enumeration { values, .. } = &statement.fact else { return };
    let values = distinct(values);
    if values.is_empty() {
        return;
    }
    let Some(id) = draft.enumeration(name) else {
        let source = statement.span;
        draft.add_enumeration(Enumeration { name: name.to_owned(), named: true, values, source });
        return;
    };
    let old = draft.model.enumeration(id).clone();
    if same(&old.values, &values) {
        return;
    }
    let enumeration = &mut draft.model.enums[id.index()];
    for value in &values {
        if !old.values.iter().any(|known| fold_field(known) == fold_field(value)) {
            enumeration.values.push(value.clone());
        }
    }
    let message = format!(
        "the values of `{}` differ between two places; all of them were taken together",
        old.name
    );
    draft.report(
        Diagnostic::warning(codes::CONFLICTING_STATEMENTS, message)
            .at(statement.span, format!("here: {}", values.join(", ")))
            .at(old.source, format!("here: {}", old.values.join(", ")))
            .help("list the same values at both places"),
    );
}

/// The entity and field of a list that is named `Entity.field`: it belongs to that field alone.
pub(crate) fn field_path<'n>(
    draft: &Draft<'_>,
    name: &'n str,
) -> Option<(crate::EntityId, &'n str)> {
    let (entity, field) = name.rsplit_once('.')?;
    Some((draft.entity(entity)?, field.trim()))
}

/// The values without repetitions, in order.
pub(crate) fn distinct(values: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for value in values {
        let value = value.trim();
        if !value.is_empty() && !kept.iter().any(|known| known == value) {
            kept.push(value.to_owned());
        }
    }
    kept
}

/// Whether two lists hold the same values, whatever their spelling and order.
pub(crate) fn same(one: &[String], other: &[String]) -> bool {
    let fold = |values: &[String]| {
        let mut keys: Vec<String> = values.iter().map(|value| fold_field(value)).collect();
        keys.sort();
        keys.dedup();
        keys
    };
    fold(one) == fold(other)
}
