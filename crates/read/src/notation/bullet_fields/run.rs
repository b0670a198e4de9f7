//! Several fields in one item, each set as code with its own type or brackets behind it.

use crate::FieldFact;
use crate::modifier;
use crate::words::{
    is_identifier, is_key_name, lower_words, split_top, strip_prefix_ignoring_case,
};

use super::Label;
use super::item::field;

/// The fields of "`id`, `role` (Owner|Member), optional `color`", also behind a label such as
/// "Identity:". Where no field has brackets or braces of its own, the item says the same of all.
pub(super) fn fields(text: &str) -> Option<Vec<(Vec<String>, FieldFact)>> {
    let text = text.trim().trim_end_matches('.');
    let (label, text) = match text.split_once(": `") {
        Some((label, _)) if !label.contains('`') => (label, text[label.len() + 1..].trim_start()),
        _ => ("", text),
    };
    let is_label = label.split_whitespace().count() <= 4
        && !label.contains([',', '.', '(', '→'])
        && (label.is_empty() || label.starts_with(char::is_uppercase))
        && super::label(label) != Label::Other
        && !names_things(label);
    let parts = split_top(text, &[',']);
    if !is_label || parts.len() < 2 || parts.len() > 40 {
        return None;
    }
    let read: Vec<(Vec<String>, FieldFact, bool)> =
        parts.into_iter().map(|part| one(part.trim())).collect::<Option<_>>()?;
    let any_own = read.iter().any(|(.., own)| *own);
    let last_alone = read.iter().rev().skip(1).all(|(.., own)| !own) && !ends_in_text(&read);
    // A remark behind the last of several names is about all of them.
    let values_behind = read.last().is_some_and(|(_, fact, _)| fact.enum_values.len() > 1);
    (any_own && (!last_alone || values_behind))
        .then(|| read.into_iter().map(|(names, fact, _)| (names, fact)).collect())
}

/// Whether the type behind the last name is its own, since the names before it are those of keys and moments:
/// "`source_id`, `target_id`, `reason` text".
fn ends_in_text(read: &[(Vec<String>, FieldFact, bool)]) -> bool {
    let is_text = |(_, fact, _): &(Vec<String>, FieldFact, bool)| {
        fact.type_text.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("text"))
    };
    let is_other = |(names, ..): &(Vec<String>, FieldFact, bool)| {
        names.iter().any(|name| is_key_name(name) || name.ends_with("_at") || name.ends_with("_by"))
    };
    read.last().is_some_and(is_text) && read.iter().any(is_other)
}

/// Whether a label promises entities or types and no fields.
fn names_things(label: &str) -> bool {
    lower_words(label).iter().any(|word| {
        matches!(
            word.as_str(),
            "entities"
                | "entity"
                | "objects"
                | "object"
                | "root"
                | "members"
                | "types"
                | "events"
                | "states"
                | "statuses"
                | "values"
                | "enums"
                | "methods"
                | "commands"
                | "indexes"
        )
    })
}

/// One field, and whether something is said of it alone.
fn one(part: &str) -> Option<(Vec<String>, FieldFact, bool)> {
    let part = strip_prefix_ignoring_case(part, "and ").unwrap_or(part).trim_start();
    let optional = strip_prefix_ignoring_case(part, "optional ");
    let part = optional.unwrap_or(part).trim_start();
    let (code, rest) = part.strip_prefix('`')?.split_once('`')?;
    let rest = rest.trim();
    let first = rest.split([' ', '(', '[']).next().unwrap_or_default();
    // What stands behind a dash is said of one field, and may be a list of examples.
    let is_typed = (modifier::is_scalar(first) || is_mark(first))
        && !rest.contains(['—', '–', ':', '`'])
        && rest.split_whitespace().count() <= 4;
    if !(rest.is_empty() || is_typed || rest.starts_with('(') && rest.ends_with(')')) {
        return None;
    }
    let end = code.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(code.len());
    let (name, shape) = code.split_at(end);
    let shape = shape.trim();
    let is_shape = shape.is_empty() || shape.starts_with(['?', '[', '{']);
    // Types and entities are written with a capital.
    if !is_shape || !is_identifier(name) || name.starts_with(char::is_uppercase) {
        return None;
    }
    let (names, mut fact) = match rest {
        "" => (vec![name.to_owned()], FieldFact::default()),
        _ => field(&format!("`{name}` {rest}"), true)?,
    };
    if optional.is_some() || shape.starts_with('?') {
        fact.required = Some(false);
    }
    if fact.type_text.is_none() && shape.contains(['[', '{']) {
        fact.type_text = Some(if shape.starts_with("[]") { "array" } else { "json" }.to_owned());
    }
    Some((names, fact, !rest.is_empty() || shape.starts_with('{') || optional.is_some()))
}

/// A word that says of a field whether it has to be there, or that it is a key.
fn is_mark(word: &str) -> bool {
    const MARKS: &[&str] = &["pk", "nullable", "optional", "required", "unique"];
    MARKS.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn each_name_has_its_own_brackets() {
        check(
            "## Entities\n\n### Member\n\n- `memberId`, `role` (Owner|Admin|Guest), optional `color`, `joinedAt`.\n- Settings: `state` (Active|Muted), `profile { bio, avatar }`.\n- `createdAt`, `updatedAt` (Standard audit fields)\n- Known as `a`, then `b` (twice)\n",
            &expect![[r#"
                3 entity-headings  entity Member
                5 bullet-fields  field Member.memberId
                5 bullet-fields  field Member.role [Owner | Admin | Guest]
                5 bullet-fields  field Member.color optional
                5 bullet-fields  field Member.joinedAt
                6 bullet-fields  field Member.state [Active | Muted]
                6 bullet-fields  field Member.profile json
                7 field-phrases  field Member.createdAt
                7 field-phrases  field Member.updatedAt -- Standard audit fields
            "#]],
        );
    }

    #[test]
    fn each_name_has_its_own_type() {
        check(
            "### `rent.parcel`\n\n- `id` UUID PK, `shop_id`, `code` (unique per shop), `notes` text, `price` numeric(14,4), `note_json` jsonb.\n- `from_id`, `to_id`, `reason` text\n- `lat`, `lng` decimal\n- `opened_by` nullable, `opened_at`\n- `kind` enum: `a | b`\n",
            &expect![[r#"
                1 bullet-fields  entity rent.parcel
                3 bullet-fields  field rent.parcel.id UUID primary key
                3 bullet-fields  field rent.parcel.shop_id
                3 bullet-fields  field rent.parcel.code {unique per shop}
                3 bullet-fields  field rent.parcel.notes text
                3 bullet-fields  field rent.parcel.price numeric(14,4)
                3 bullet-fields  field rent.parcel.note_json jsonb
                4 bullet-fields  field rent.parcel.from_id
                4 bullet-fields  field rent.parcel.to_id
                4 bullet-fields  field rent.parcel.reason text
                5 bullet-fields  field rent.parcel.lat decimal
                5 bullet-fields  field rent.parcel.lng decimal
                6 bullet-fields  field rent.parcel.opened_by optional
                6 bullet-fields  field rent.parcel.opened_at
                7 bullet-fields  field rent.parcel.kind enum [a | b]
            "#]],
        );
    }

    #[test]
    fn items_that_end_as_parts_of_a_sentence() {
        check(
            "### Leave\n\nKey fields:\n\n- id;\n- person_id;\n- status (asked, granted);\n- starts_on: date;\n- made_at.\n\n### Note\n\n- `id`: uuid\n- `title`: short line over the text\n- `size`: short\n- `shelf_id` + `title` (unique)\n",
            &expect![[r#"
                1 bullet-fields  entity Leave
                5 bullet-fields  field Leave.id
                6 bullet-fields  field Leave.person_id
                7 bullet-fields  field Leave.status [asked | granted]
                8 bullet-fields  field Leave.starts_on date
                9 bullet-fields  field Leave.made_at
                11 bullet-fields  entity Note
                13 bullet-fields  field Note.id uuid
                14 bullet-fields  field Note.title -- short line over the text
                15 bullet-fields  field Note.size short
                16 bullet-fields  unique Note (shelf_id, title)
            "#]],
        );
    }
}
