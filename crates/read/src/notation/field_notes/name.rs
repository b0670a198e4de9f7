//! Names that things have in short notes, and words that other lists have for their labels.

use crate::entity_name::{is_structural, read_title};
use crate::notation::relationship_verbs::{MANY, ONE};
use crate::notation::{Output, bullet_fields, relationship};
use crate::prose::{singular, without_field_word};
use crate::words::lower_words;
use crate::{Fact, FieldFact};

/// The name of a thing: up to three words that are no label of something else.
pub(in crate::notation) fn name_of(text: &str) -> Option<String> {
    let text = without_field_word(text.trim().trim_end_matches(':'));
    let words = lower_words(text);
    let is_name = (1..=3).contains(&words.len())
        && text.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '_' | '-' | '`' | '*'))
        && !is_structural(text)
        && bullet_fields::label(text) == bullet_fields::Label::Unknown
        && !words.iter().any(|word| NO_THINGS.contains(&word.as_str()));
    let title = read_title(text).filter(|title| is_name && title.not_stored.is_none())?;
    Some(title.name)
}

/// Labels of other lists: what stands behind them are no fields.
#[rustfmt::skip]
const NO_THINGS: &[&str] = &[
    "and", "or", "the", "a", "an", "of", "for", "to", "in", "on", "by", "with", "must", "can",
    "should", "may", "is", "are", "input", "inputs", "output", "outputs", "returns", "response",
    "request", "body", "params", "query", "queries", "example", "examples", "note", "notes",
    "stack", "tech", "frontend", "backend", "database", "filter", "filters", "sort", "search",
    "screen", "screens", "page", "pages", "form", "forms", "view", "views", "tabs", "header",
    "headers", "auth", "authentication", "login", "signup", "register", "registration", "step",
    "steps", "scope", "goal", "goals", "role", "roles", "actors", "permissions", "endpoint",
    "endpoints", "api", "test", "tests", "unique", "required", "optional", "indexed", "indexes",
    "display", "shows", "columns", "fields", "validation", "errors", "events", "keywords",
    "tags", "author", "date", "version", "status", "states", "statuses", "types", "kinds",
    "categories", "metadata", "formats", "languages", "platforms", "dependencies", "tools",
    "libraries", "we", "you", "it", "see", "table", "tables", "entities", "models", "data",
    "crud", "features", "deliverables",
];

/// What a mere name in the plural says, where it is that of another entity: where a House owns rooms, each is one of the
/// house's.
pub(in crate::notation) fn several(entity: &str, field: &FieldFact, out: &Output) -> Option<Fact> {
    let is_bare = field.references.is_none()
        && field.type_text.is_none()
        && field.enum_values.is_empty()
        && field.required.is_none();
    let known = out.known.get(&field.name).filter(|known| is_bare && *known != entity)?;
    let words = |name: &str| lower_words(&name.replace('_', " "));
    let is_plural =
        |name: &str| words(name).last().is_some_and(|last| singular(last) != last.as_str());
    (is_plural(&field.name) && !is_plural(known)).then(|| {
        Fact::Relationship(relationship(entity.to_owned(), ONE, known.to_owned(), MANY, None))
    })
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn names_of_others_in_the_plural_are_rows_of_their_own() {
        check(
            "# Domain\n\n## House\n\nA house stands somewhere.\n\nOwns:\n\n- Address and postal code.\n- Rooms, boilers, notes.\n\n## Room\n\nA room has walls.\n\nOwns:\n\n- Name and floor area.\n- House, boiler.\n\n## Boiler\n\n- serial number\n- bought on\n",
            &expect![[r#"
                3 field-notes  entity House
                9 field-notes  field House.Address
                9 field-notes  field House.postal code
                10 field-notes  relationship House 1:N Room
                10 field-notes  field House.boilers
                10 field-notes  field House.notes
                12 field-notes  entity Room
                18 field-notes  field Room.Name
                18 field-notes  field Room.floor area
                19 field-notes  field Room.House -> House
                19 field-notes  field Room.boiler
            "#]],
        );
    }
}
