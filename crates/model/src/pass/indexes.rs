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
        let mut expressions: Vec<&str> = Vec::new();
        for text in &fact.columns {
            let (mut name, descending) = direction(text);
            // An index of an expression is one of the column in it; how it reads goes into its purpose.
            if let Some(inner) = argument(name) {
                expressions.push(name);
                name = inner;
            }
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
            purpose: match (&fact.purpose, expressions.as_slice()) {
                (purpose, []) => purpose.clone(),
                (None, expressions) => Some(expressions.join(", ")),
                (Some(purpose), expressions) => {
                    Some(format!("{purpose} ({})", expressions.join(", ")))
                }
            },
            source: statement.span,
        });
    }
}

/// The column in an expression of one: `lower(email)`, `date(created_at)`.
fn argument(text: &str) -> Option<&str> {
    let (function, rest) = text.split_once('(')?;
    let inner = rest.strip_suffix(')')?.trim();
    let is_name =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_');
    (is_name(function.trim()) && is_name(inner)).then_some(inner)
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

#[cfg(test)]
mod tests {
    use underpin_read::{Fact, FieldFact, IndexFact};

    use crate::test_support::Facts;

    #[test]
    fn an_index_of_an_expression() {
        let email = FieldFact { name: "email".to_owned(), ..FieldFact::default() };
        let (model, _) = Facts::default()
            .add(Fact::Field { entity: "User".to_owned(), field: email })
            .add(Fact::Index(IndexFact {
                entity: "User".to_owned(),
                name: None,
                columns: vec!["lower(email)".to_owned()],
                unique: false,
                method: None,
                purpose: None,
            }))
            .build();
        let index = model.indexes.first().expect("the index is stated");
        assert_eq!(model.field(index.columns[0].field).name, "email");
        assert_eq!(index.purpose.as_deref(), Some("lower(email)"));
        assert!(model.diagnostics.is_empty());
    }
}
