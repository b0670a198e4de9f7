//! What object-relational mappers and document stores write at a field, as documents quote it: the kind of a reference
//! with its target, `ForeignKey(User, on_delete=CASCADE)`, and options by name, `unique=True`, `auto_now_add`.

use super::scalar::is_scalar;
use super::target::reference_target;
use crate::words::{parenthesized, split_top, strip_prefix_ignoring_case, unquote};
use crate::{FieldFact, ReferenceFact};

/// Words for a column that holds another row's key: whatever name stands behind them is its target.
const KEYS: &[&str] = &[
    "foreignkey",
    "foreignkeyfield",
    "parentalkey",
    "manytoone",
    "manytoonefield",
    "many2one",
    "belongsto",
    "dbref",
    "documentreference",
];

/// Those of a key that no two rows share.
const SINGLE_KEYS: &[&str] = &["onetoone", "onetoonefield", "one2one"];

/// Words that also mean something else: only brackets, an arrow or a name with a capital make them a key.
const LOOSE_KEYS: &[&str] =
    &["ref", "refs", "reference", "relation", "relationship", "lookup", "link", "pointer"];

/// Whether the brackets behind a word hold what it refers to, however they stand: `ForeignKey (User)`.
pub(super) fn is_key_word(word: &str) -> bool {
    KEYS.contains(&word) || SINGLE_KEYS.contains(&word)
}

/// Tries to read a reference by its mapper's word at the start of `text`; returns what follows it.
pub(super) fn read_reference<'t>(text: &'t str, field: &mut FieldFact) -> Option<&'t str> {
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.')))
        .unwrap_or(text.len());
    let word = text[..end].rsplit('.').next()?.replace('_', "").to_lowercase();
    let is_single = SINGLE_KEYS.contains(&word.as_str());
    let is_loose = LOOSE_KEYS.contains(&word.as_str());
    if !(is_single || is_loose || KEYS.contains(&word.as_str())) {
        return None;
    }
    let behind = &text[end..];
    let Some((inside, rest)) = bracketed(behind) else {
        let (target, rest) = reference_target(behind_lead(behind, is_loose)?)?;
        let ends = rest.trim_start();
        let is_ended = ends.is_empty() || ends.starts_with([',', ';', ')', '(', '.', '`']);
        if is_scalar(&target.entity) || is_loose && !is_ended {
            return None;
        }
        refer(field, target, is_single);
        return Some(rest);
    };
    let mut parts = split_top(inside, &[',']).into_iter();
    let first = parts.next()?.trim();
    let first = ["to=", "to:", "ref:", "ref=", "model:"]
        .iter()
        .find_map(|lead| strip_prefix_ignoring_case(first, lead))
        .unwrap_or(first);
    let name = unquote(first.trim()).trim_start_matches(':');
    let name = if name.ends_with("AUTH_USER_MODEL") { "User" } else { name };
    let (target, "") = reference_target(name)? else { return None };
    if is_scalar(&target.entity) {
        return None;
    }
    refer(field, target, is_single);
    for part in parts {
        super::read_into(part.trim(), false, field);
    }
    Some(rest)
}

/// Keeps what a field refers to, and that no two rows share the key where it is single.
fn refer(field: &mut FieldFact, target: ReferenceFact, is_single: bool) {
    field.references.get_or_insert(target);
    if is_single {
        field.unique.get_or_insert(true);
    }
}

/// What brackets of any kind right behind a word hold, and what follows them.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    if text.starts_with('(') {
        return parenthesized(text).map(|(_, inside, after)| (inside, after));
    }
    let closer = match text.chars().next()? {
        '<' => '>',
        '[' => ']',
        _ => return None,
    };
    let close = text.find(closer)?;
    Some((&text[1..close], &text[close + 1..]))
}

/// The text from the target's name on: behind an arrow, a colon or "to", or, where the word is loose, with a capital.
fn behind_lead(text: &str, is_loose: bool) -> Option<&str> {
    let rest = text.trim_start();
    for lead in ["→", "->", "=>", ":", "to "] {
        if let Some(rest) = rest.strip_prefix(lead)
            && (lead != "to " || !is_loose || rest.starts_with(char::is_uppercase))
        {
            return Some(rest.trim_start().trim_start_matches(':'));
        }
    }
    let is_name = if is_loose {
        let name = rest.trim_start_matches('`');
        // "ref users": one word for several rows, and nothing behind it.
        let several = name.trim_end_matches(['`', ')']);
        let is_several = several.ends_with('s')
            && !several.ends_with("ss")
            && several.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase) || is_several
    } else {
        text.starts_with(' ') && rest.starts_with(|c: char| c.is_alphabetic() || c == '`')
    };
    is_name.then_some(rest)
}

/// Whether `text` begins with a reference by its mapper's word.
pub(crate) fn says_reference(text: &str) -> bool {
    let text = text.trim().trim_start_matches('`');
    read_reference(text, &mut FieldFact::default()).is_some()
}

/// Options that say nothing of what is stored.
const IDLE: &[&str] = &[
    "related_name",
    "related_query_name",
    "relatedname",
    "back_populates",
    "backref",
    "upload_to",
    "verbose_name",
    "help_text",
    "editable",
    "on_update",
    "onupdate",
    "lazy",
    "trim",
];

/// Tries to read an option by its name at the start of `text`: `unique=True`, `on_delete: CASCADE`, `auto_now_add`.
pub(super) fn read_option<'t>(text: &'t str, field: &mut FieldFact) -> Option<&'t str> {
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|&end| end > 0)
        .or_else(|| (!text.is_empty()).then_some(text.len()))?;
    let name = text[..end].to_lowercase();
    let behind = &text[end..];
    let (value, rest) =
        match behind.trim_start().strip_prefix('=').filter(|it| !it.starts_with('=')) {
            Some(value) => value_and_rest(value),
            None => {
                match behind.strip_prefix(": ").filter(|it| takes_word(&name) || says_truth(it)) {
                    Some(value) => value_and_rest(value),
                    None if behind.starts_with(' ') && takes_word(&name) => value_and_rest(behind),
                    None => ("", behind),
                }
            }
        };
    let is_set = value.eq_ignore_ascii_case("true");
    let is_unset = value.eq_ignore_ascii_case("false");
    let is_alone = value.is_empty()
        && matches!(rest.trim_start().chars().next(), None | Some(',' | ';' | ')' | '`'));
    match name.as_str() {
        "on_delete" | "ondelete" if !value.is_empty() => {
            let action = value.rsplit('.').next()?.replace('_', " ").to_lowercase();
            let action = match unquote(&action) {
                "cascade" => "cascade",
                "set null" | "setnull" => "set null",
                "protect" | "restrict" => "restrict",
                "no action" | "noaction" | "do nothing" => "no action",
                "set default" | "setdefault" => "set default",
                _ => return None,
            };
            match &mut field.references {
                Some(reference) => reference.on_delete = Some(action.to_owned()),
                None => field.constraints.push(format!("on delete {action}")),
            }
        }
        "auto_now_add" | "auto_now" if is_set || is_alone => {
            field.default.get_or_insert_with(|| "now()".to_owned());
        }
        "blank" if is_set || is_alone => {
            field.required.get_or_insert(false);
        }
        "null" | "nullable" if is_set => field.required = Some(false),
        "null" | "nullable" if is_unset => field.required = Some(true),
        "blank" if is_unset => {}
        "required" if is_set => field.required = Some(true),
        "required" if is_unset => field.required = Some(false),
        "unique" if is_set => field.unique = Some(true),
        "primary_key" if is_set => field.primary_key = Some(true),
        "unique" | "primary_key" | "db_index" | "index" if is_unset => {}
        "db_index" | "index" if is_set => field.constraints.push("indexed".to_owned()),
        "max_length" | "maxlength" if value.parse::<u32>().is_ok() => {
            field.constraints.push(format!("at most {value} characters"));
        }
        "min_length" | "minlength" if value.parse::<u32>().is_ok() => {
            field.constraints.push(format!("at least {value} characters"));
        }
        known if IDLE.contains(&known) && !value.is_empty() => {}
        _ => return None,
    }
    Some(rest)
}

/// Whether a text begins with an answer: `unique: true`.
fn says_truth(text: &str) -> bool {
    matches!(value_and_rest(text).0.to_lowercase().as_str(), "true" | "false")
}

/// Options whose value may stand behind a blank or a colon: `on_delete PROTECT`, `related_name orders`.
fn takes_word(name: &str) -> bool {
    matches!(name, "on_delete" | "ondelete" | "related_name" | "upload_to" | "back_populates")
}

/// An option's value at the start of a text, and what follows it.
fn value_and_rest(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))
        && let Some(close) = text[1..].find(quote)
    {
        return (&text[1..=close], &text[close + 2..]);
    }
    let end = text.find([',', ';', ' ', ')', '`']).unwrap_or(text.len());
    (&text[..end], &text[end..])
}

/// The parts of a type that is written as an object, `{ type: ObjectId, ref: 'User', required: true }`: its type first.
pub(super) fn object(text: &str) -> Option<Vec<&str>> {
    let inside = text.trim_matches('`').trim().strip_prefix('{')?.strip_suffix('}')?;
    let parts: Vec<&str> = split_top(inside, &[',']).into_iter().map(str::trim).collect();
    let kind = parts.iter().position(|part| part.starts_with("type:"))?;
    let mut found = vec![parts[kind]["type:".len()..].trim()];
    found.extend(parts.iter().enumerate().filter(|(at, _)| *at != kind).map(|(_, part)| *part));
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: &Expect) {
        let mut field = FieldFact::default();
        super::super::read_into(text, true, &mut field);
        expected.assert_eq(&crate::render::field_text(&field));
    }

    #[test]
    fn references_by_their_mappers_words() {
        for text in [
            "ForeignKey(Vendor)",
            "`models.ForeignKey(Vendor)`",
            "ForeignKey (Vendor)",
            "ForeignKey to Vendor",
            "ForeignKeyField → Vendor",
            "ManyToOne<Vendor>",
            "many2one(Vendor)",
            "belongsTo Vendor",
            "belongs_to: Vendor",
            "Ref<Vendor>",
            "Reference(Vendor)",
            "Link[Vendor]",
            "ref Vendor",
            "relation → Vendor",
        ] {
            let mut field = FieldFact::default();
            super::super::read_into(text, true, &mut field);
            assert_eq!(crate::render::field_text(&field), "-> Vendor", "{text}");
        }
        check(
            "ForeignKey('shop.Vendor', on_delete=models.PROTECT, null=True, related_name=\"stalls\")",
            &expect!["optional -> shop.Vendor on delete restrict"],
        );
        check(
            "ForeignKey(vendors.id, ondelete='CASCADE')",
            &expect!["-> vendors.id on delete cascade"],
        );
        check("OneToOneField(Vendor)", &expect!["unique -> Vendor"]);
        check("ObjectId (ref: Vendor), required", &expect!["ObjectId required -> Vendor"]);
        check(
            "{ type: ObjectId, ref: 'Vendor', required: true, unique: true }",
            &expect!["ObjectId required unique -> Vendor"],
        );
    }

    #[test]
    fn words_that_are_no_reference() {
        check("Reference number", &expect!["Reference number"]);
        check("string, reference code", &expect!["string {reference code}"]);
        check("ForeignKey(int)", &expect!["ForeignKey(int)"]);
        check("Link to the page", &expect!["Link to the page"]);
        check(
            "text, primary contact of the vendor",
            &expect!["text {primary contact of the vendor}"],
        );
        check("int, primary", &expect!["int primary key"]);
    }

    #[test]
    fn options() {
        check("datetime, auto_now_add", &expect!["datetime default now()"]);
        check(
            "CharField, max_length=80, unique=True, db_index=True",
            &expect!["CharField unique {at most 80 characters} {indexed}"],
        );
        check(
            "FK → Vendor, on_delete=SET_NULL, null=True, blank=True",
            &expect!["optional -> Vendor on delete set null"],
        );
        check("on_delete=DO_NOTHING", &expect!["{on delete no action}"]);
        check("on_delete=explode", &expect!["on_delete=explode"]);
        check("text, blank=False", &expect!["text"]);
        check("related_name stalls, editable=False", &expect![""]);
    }
}
