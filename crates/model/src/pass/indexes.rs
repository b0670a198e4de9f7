//! Indexes that documents ask for.

use underpin_read::Fact;

use crate::draft::Draft;
use crate::{Sort, StatedIndex};

/// Collects the stated indexes whose columns are fields.
pub(crate) fn run(draft: &mut Draft<'_>) {
    for statement in draft.statements {
        let Fact::Index(fact) = &statement.fact else { continue };
        let Some(entity) = draft.entity_in_phrase(&fact.entity) else {
            draft.report_unknown_subject("an index", &fact.entity, statement.span);
            continue;
        };
        let mut columns: Vec<Sort> = Vec::new();
        for text in &fact.columns {
            let (name, descending) = direction(text);
            match draft.own_field_in_phrase(entity, name) {
                Some(field) if draft.model.field(field).entity == entity => {
                    if !columns.iter().any(|column| column.field == field) {
                        columns.push(Sort { field, descending });
                    }
                }
                _ => draft.report_unknown_field("an index", entity, name, statement.span),
            }
        }
        // Without one of its columns it would be another index.
        if columns.is_empty() || columns.len() != fact.columns.len() {
            continue;
        }
        let same = |known: &StatedIndex| known.entity == entity && known.columns == columns;
        if draft.model.indexes.iter().any(same) {
            continue;
        }
        draft.model.indexes.push(StatedIndex {
            entity,
            name: fact.name.clone(),
            columns,
            unique: fact.unique,
            purpose: fact.purpose.clone(),
            source: statement.span,
        });
    }
}

/// Splits `created_at DESC` into the name and whether the greatest comes first.
pub(crate) fn direction(text: &str) -> (&str, bool) {
    let text = text.trim();
    let (front, last) = text.rsplit_once(char::is_whitespace).unwrap_or((text, ""));
    match last.to_lowercase().as_str() {
        "desc" | "descending" | "(desc)" => (front.trim(), true),
        "asc" | "ascending" | "(asc)" => (front.trim(), false),
        _ => match text.strip_prefix('-') {
            Some(name) => (name, true),
            None => (text, false),
        },
    }
}
