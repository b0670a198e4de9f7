//! What items inside the item of a field say of it: "Purpose: …", "Constraints: not null".

use std::ops::Range;

use crate::document::Document;
use crate::notation::{Mark, Output};
use crate::words::lower_words;
use crate::{Fact, FieldFact, modifier};

/// Labels of what is said of a field in words only.
const TOLD: &[&str] = &[
    "purpose",
    "note",
    "notes",
    "description",
    "meaning",
    "usage",
    "use",
    "example",
    "examples",
    "source",
    "rationale",
    "validation",
    "validations",
    "rule",
    "rules",
    "values",
    "format",
    "behavior",
    "security",
    "comment",
    "why",
    "range",
];

/// Labels of what the database may hold a field to.
const MARKED: &[&str] = &["constraint", "constraints", "modifiers", "attributes", "options"];

/// What an item says of the field that it stands in, where it begins with a word for that.
pub(super) fn of(text: &str, name: &str) -> Option<FieldFact> {
    let (label, rest) = text.split_once(':')?;
    let label = label.trim_matches(['*', ' ', '`']);
    let words = lower_words(label);
    let [word] = words.as_slice() else { return None };
    let is_written = label.starts_with(char::is_uppercase) && !rest.trim().is_empty();
    let mut field = FieldFact { name: name.to_owned(), ..FieldFact::default() };
    let rest = rest.trim().trim_matches('*').trim();
    match word.as_str() {
        _ if !is_written => return None,
        word if TOLD.contains(&word) => {}
        word if MARKED.contains(&word) => {
            for part in rest.split([',', ';']) {
                modifier::read_if_only_modifiers(part.trim(), &mut field);
            }
        }
        "required" => field.required = said(rest),
        "nullable" | "optional" => field.required = said(rest).map(|it| !it),
        "unique" => field.unique = said(rest).filter(|it| *it),
        "default" => modifier::read_if_only_modifiers(&format!("default {rest}"), &mut field),
        _ => return None,
    }
    Some(field)
}

/// "Yes", "no", "true".
fn said(text: &str) -> Option<bool> {
    match lower_words(text).first()?.as_str() {
        "yes" | "true" | "always" => Some(true),
        "no" | "false" | "never" => Some(false),
        _ => None,
    }
}

/// States what was said, where it is more than words.
pub(super) fn state(
    document: &Document<'_>,
    entity: &str,
    field: FieldFact,
    place: Range<usize>,
    out: &mut Output,
) {
    let says_more = field.required.is_some()
        || field.unique.is_some()
        || field.default.is_some()
        || field.primary_key.is_some();
    if says_more {
        out.state(document, document.span(place), Fact::Field { entity: entity.to_owned(), field });
    } else {
        out.mark(document, place, Mark::Understood);
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn what_stands_inside_a_field() {
        check(
            "## Boat\n\n**Fields:**\n- `id`: integer (Primary Key)\n  - Purpose: Tells boats apart\n  - Constraints: Not null, auto-generated\n- `name`: string\n  - Required: yes\n  - Note: As painted on it\n- `size`: object\n  - description: string\n  - length: integer\n",
            &expect![[r#"
                1 bullet-fields  entity Boat
                4 bullet-fields  field Boat.id integer primary key
                6 bullet-fields  field Boat.id required
                7 bullet-fields  field Boat.name string
                8 bullet-fields  field Boat.name required
                10 bullet-fields  field Boat.size object
                11 bullet-fields  field Boat.description string
                12 bullet-fields  field Boat.length integer
            "#]],
        );
    }
}
