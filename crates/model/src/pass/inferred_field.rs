//! Fields that no document names, but that something else which it says needs.

use underpin_base::Span;

use crate::draft::Draft;
use crate::names::snake;
use crate::{EntityId, Field, FieldId, FieldKind, Origin};

/// A field that no document names, in the manner of the entity's own names.
pub(crate) fn inferred_field(
    draft: &mut Draft<'_>,
    entity: EntityId,
    words: &str,
    kind: FieldKind,
    reason: String,
    source: Span,
) -> FieldId {
    let camel = draft.model.fields_of(entity).any(|(_, field)| {
        field.name.chars().next().is_some_and(char::is_lowercase)
            && field.name.chars().any(char::is_uppercase)
    });
    let name = if camel { camel_case(words) } else { snake(words) };
    draft.add_field(Field {
        entity,
        name,
        named: false,
        kind,
        type_text: None,
        required: None,
        marked: false,
        unique: false,
        ignores_case: false,
        default: None,
        references: None,
        external: None,
        rules: Vec::new(),
        sensitivity: None,
        unit: None,
        description: None,
        origin: Origin::Inferred(reason),
        source,
    })
}

fn camel_case(name: &str) -> String {
    let mut result = String::new();
    for word in crate::names::words(name) {
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if !result.is_empty() => {
                result.extend(first.to_uppercase());
                result.push_str(letters.as_str());
            }
            _ => result.push_str(&word),
        }
    }
    result
}
