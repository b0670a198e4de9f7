//! Single modifiers at the start of a text, such as "not null" or "default 5".

use super::mapping;
use super::scalar::is_scalar;
use super::target::reference_target;
use crate::FieldFact;
use crate::words::{first_word, parenthesized, strip_prefix_ignoring_case};

/// Whether brackets behind "FK" hold the name of what is referred to, and no words about it.
fn is_target(inside: &str) -> bool {
    let is_name = |text: &str| {
        !text.is_empty()
            && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '`' | '"'))
    };
    let (name, column) = match parenthesized(inside) {
        Some((name, column, _)) => (name, Some(column)),
        None => (inside, None),
    };
    is_name(name.trim()) && column.is_none_or(|column| is_name(column.trim()))
}

/// Words that say among which rows, or with what beside it, a value is the only one of its kind.
const NARROWING: &[&str] = &[
    "per",
    "within",
    "with",
    "together",
    "across",
    "among",
    "in",
    "for",
    "by",
    "only",
    "composite",
    "when",
    "if",
    "where",
];

/// Words in brackets that say what a value is for, "(idempotency key)", and what stands behind them. Columns, or words
/// that say among which rows it is the only one, are no such remark.
fn remark_behind(text: &str) -> Option<(&str, &str)> {
    let (before, inside, after) = parenthesized(text)?;
    let first = first_word(inside).unwrap_or_default();
    let narrows = NARROWING.contains(&first.as_str())
        || matches!(
            first.as_str(),
            "on" | "case"
                | "case-insensitive"
                | "ignoring"
                | "regardless"
                | "irrespective"
                | "partial"
                | "not"
                | "unless"
                | "except"
                | "lower"
        );
    let is_words = inside.split_whitespace().count() > 1
        && inside.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-'));
    (before.trim().is_empty() && is_words && !narrows).then_some((inside, after))
}

/// Tries to read one modifier at the start of `text`; returns what follows it. `at_start` is false
/// in the middle of other words, where weak words such as "required" may be prose.
pub(super) fn read_modifier<'t>(
    text: &'t str,
    at_start: bool,
    field: &mut FieldFact,
) -> Option<&'t str> {
    // Dozens are tried on each word, and most of them begin with another letter.
    let first = text.as_bytes().first()?.to_ascii_lowercase();
    let after = |phrase: &str| {
        if phrase.as_bytes().first() != Some(&first) {
            return None;
        }
        let rest = strip_prefix_ignoring_case(text, phrase)?;
        let ends = phrase.ends_with([':', '>', '→', ' '])
            || !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        ends.then_some(rest)
    };
    if let Some(rest) = text.strip_prefix("❌").or_else(|| text.strip_prefix("✅")) {
        return Some(rest);
    }
    if let Some(code) = text.strip_prefix('`') {
        // A modifier set as code: `NOT NULL`.
        let (inside, rest) = code.split_once('`')?;
        let mut probe = field.clone();
        let left = read_modifier(inside.trim(), true, &mut probe)?;
        if left.trim().is_empty() {
            *field = probe;
            return Some(rest);
        }
        return None;
    }
    if at_start && let Some(rest) = mapping::read_option(text, field) {
        return Some(rest);
    }
    if at_start && let Some(rest) = mapping::read_reference(text, field) {
        return Some(rest);
    }
    for phrase in [
        "composite primary key",
        "part of composite primary key",
        "part of composite pk",
        "part of pk",
        "part of primary key",
        "composite pk",
        "primary key",
        "pk1",
        "pk2",
        "pk",
        "primary",
    ] {
        if let Some(rest) = after(phrase) {
            // "primary contact", "primary e-mail of the owner": the first of several.
            let names_key = |word: &str| {
                is_scalar(word) || matches!(word, "identifier" | "index" | "and" | "not" | "auto")
            };
            if phrase == "primary" && first_word(rest).is_some_and(|word| !names_key(&word)) {
                return None;
            }
            field.primary_key = Some(true);
            return Some(rest);
        }
    }
    for phrase in [
        "foreign key references",
        "foreign key",
        "fk references",
        "fk",
        "references",
        "ref:",
        "→",
        "->",
        "⟶",
        "=>",
    ] {
        if let Some(rest) = after(phrase) {
            // "references to child boxes" are words for several.
            let goes_on = phrase == "references"
                && rest.trim_start().starts_with("to ")
                && !rest.contains('`');
            if phrase == "references" && (!at_start || goes_on) {
                return None;
            }
            // `FK(users)` and "FK (users.id)" hold the target in brackets.
            let bracketed = parenthesized(rest)
                .filter(|(before, inside, _)| before.trim().is_empty() && is_target(inside))
                .and_then(|(_, inside, after)| Some((reference_target(inside)?.0, after)));
            return Some(match bracketed.or_else(|| reference_target(rest)) {
                // "→ OrderLine[]" holds the rows themselves, and the name of none.
                Some((target, rest)) if rest.starts_with("[]") => {
                    field.type_text.get_or_insert_with(|| format!("{}[]", target.entity));
                    &rest["[]".len()..]
                }
                Some((target, rest)) => {
                    field.references.get_or_insert(target);
                    rest
                }
                None if phrase.starts_with('f') => {
                    if !field.constraints.iter().any(|text| text == "foreign key") {
                        field.constraints.push("foreign key".to_owned());
                    }
                    rest
                }
                None => return None,
            });
        }
    }
    // "FK → orders.id, SET NULL"
    if let Some(reference) = field.references.as_mut().filter(|it| it.on_delete.is_none()) {
        for action in ["cascade", "set null", "restrict"] {
            if let Some(rest) = after(action).filter(|rest| rest.is_empty()) {
                reference.on_delete = Some(action.to_owned());
                return Some(rest);
            }
        }
    }
    for (phrase, action) in [
        ("on delete cascade", "cascade"),
        ("on delete set null", "set null"),
        ("on delete restrict", "restrict"),
        ("on delete no action", "no action"),
        ("on delete set default", "set default"),
        ("cascade delete", "cascade"),
        ("restrict delete", "restrict"),
        ("cascade on delete", "cascade"),
        ("delete cascade", "cascade"),
    ] {
        if let Some(rest) = after(phrase) {
            match &mut field.references {
                Some(reference) => reference.on_delete = Some(action.to_owned()),
                None => field.constraints.push(phrase.to_owned()),
            }
            return Some(rest);
        }
    }
    for phrase in
        ["on update cascade", "on update restrict", "on update set null", "on update no action"]
    {
        if let Some(rest) = after(phrase) {
            return Some(rest);
        }
    }
    // "null for pairs" says when there is none.
    for phrase in ["null for ", "null if ", "null when ", "null until ", "null unless "] {
        if after(phrase.trim_end()).is_some_and(|rest| !rest.is_empty()) && at_start {
            field.required.get_or_insert(false);
            field.constraints.push(text.trim().to_owned());
            return Some("");
        }
    }
    for phrase in
        ["not nullable", "non-nullable", "not null", "non-null", "not-null", "notnull", "nn"]
    {
        if let Some(rest) = after(phrase) {
            field.required = Some(true);
            return Some(rest);
        }
    }
    for phrase in [
        "starts as",
        "begins as",
        "initially",
        "defaults to",
        "default to",
        "default:",
        "default =",
        "default=",
        "default value:",
        "default value",
        "defaults:",
        "default",
    ] {
        if let Some(rest) = after(phrase) {
            let (value, rest) = default_value(rest);
            if value.is_empty() || describes_default(value, rest) {
                return None;
            }
            if value.eq_ignore_ascii_case("null") {
                field.required.get_or_insert(false);
            } else {
                field.default.get_or_insert(value.to_owned());
            }
            return Some(rest);
        }
    }
    for phrase in ["auto-increment", "auto_increment", "autoincrement", "auto increment"] {
        if let Some(rest) = after(phrase) {
            field.constraints.push("auto-increment".to_owned());
            return Some(rest);
        }
    }
    if !at_start {
        for phrase in ["nullable", "unique"] {
            if let Some(rest) = after(phrase) {
                if rest.trim_start().is_empty()
                    || rest.trim_start().starts_with(['→', '-', '(', ','])
                {
                    return read_modifier(text, true, field);
                }
            }
        }
        return None;
    }
    for phrase in
        ["nullable", "optional", "null allowed", "can be null", "may be null", "allow null"]
    {
        if let Some(rest) = after(phrase) {
            field.required = Some(false);
            return Some(rest);
        }
    }
    if let Some(rest) = after("null") {
        let next = rest.trim_start();
        if next.is_empty()
            || next.starts_with(['→', ',', '('])
            || first_word(next).as_ref().is_some_and(|word| {
                matches!(word.as_str(), "default" | "unique" | "references" | "fk")
            })
        {
            field.required = Some(false);
            return Some(rest);
        }
        return None;
    }
    for phrase in ["required", "mandatory"] {
        if let Some(rest) = after(phrase) {
            let next = first_word(rest).unwrap_or_default();
            let is_conditional = matches!(
                next.as_str(),
                "for"
                    | "if"
                    | "when"
                    | "only"
                    | "unless"
                    | "on"
                    | "by"
                    | "with"
                    | "once"
                    | "in"
                    | "otherwise"
            );
            if is_conditional || rest.starts_with('_') {
                return None;
            }
            field.required = Some(true);
            return Some(rest);
        }
    }
    for phrase in ["unique", "uk", "uq"] {
        if let Some(rest) = after(phrase) {
            if let Some((remark, rest)) = remark_behind(rest) {
                field.unique = Some(true);
                field.description.get_or_insert_with(|| remark.to_owned());
                return Some(rest);
            }
            let next = first_word(rest).unwrap_or_default();
            if NARROWING.contains(&next.as_str())
                || matches!(next.as_str(), "identifier" | "id" | "combination")
                || rest.trim_start().starts_with('(')
            {
                return None;
            }
            field.unique = Some(true);
            return Some(rest);
        }
    }
    if let Some(rest) = after("indexed").or_else(|| after("index")) {
        if rest.trim().is_empty() {
            field.constraints.push("indexed".to_owned());
            return Some(rest);
        }
    }
    None
}

/// Where a text in quotation marks ends; SQL doubles a mark that stands inside: `'O''Hara'`.
fn closing_quote(text: &str, quote: char) -> Option<usize> {
    let mut rest = text;
    loop {
        let at = text.len() - rest.len() + rest.find(quote)?;
        let behind = &text[at + quote.len_utf8()..];
        match behind.strip_prefix(quote).filter(|_| quote == '\'') {
            Some(inside) => rest = inside,
            None => return Some(at),
        }
    }
}

/// Whether the word behind "default" belongs to the noun behind it: "default daily working hours" names no value.
fn describes_default(value: &str, rest: &str) -> bool {
    let next = rest.trim_start();
    let is_word = value.chars().all(|c| c.is_ascii_lowercase())
        && !matches!(value, "true" | "false" | "none" | "now" | "today" | "zero" | "yes" | "no");
    let goes_on = rest.starts_with(' ') && next.starts_with(|c: char| c.is_ascii_lowercase());
    let ends = first_word(next).is_some_and(|word| {
        word == "and"
            || word == "or"
            || word == "not"
            || NARROWING.contains(&word.as_str())
            || matches!(
                word.as_str(),
                "until" | "unless" | "on" | "at" | "as" | "from" | "to" | "is" | "check"
            )
    });
    is_word && goes_on && !ends && read_modifier(next, true, &mut FieldFact::default()).is_none()
}

/// A default's value at the start of `text`.
fn default_value(text: &str) -> (&str, &str) {
    let text = text.trim_start().trim_start_matches([':', '=']).trim_start();
    for quote in ['`', '\'', '"'] {
        if let Some(rest) = text.strip_prefix(quote) {
            if let Some(close) = closing_quote(rest, quote) {
                let value = if quote == '`' { &rest[..close] } else { &text[..close + 2] };
                return (value, &rest[close + quote.len_utf8()..]);
            }
        }
    }
    let mut depth = 0_usize;
    let mut end = text.len();
    for (at, character) in text.char_indices() {
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => {
                end = at;
                break;
            }
            ')' | ']' | '}' => depth -= 1,
            ',' | ';' | ' ' if depth == 0 => {
                end = at;
                break;
            }
            _ => {}
        }
    }
    (text[..end].trim_end_matches('.'), &text[end..])
}
