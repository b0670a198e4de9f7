//! The words around a field's name: its type and what is said of its values. Tables, bullets and
//! diagram attributes share this reading, since people write the same words in all of them.

mod attribute;
mod days;
mod description;
mod halves;
mod mapping;
mod phrase;
mod said;
mod scalar;
mod target;
mod typed;
mod values;

pub(crate) use description::read_description;
pub(crate) use mapping::says_reference;
pub(crate) use said::says_bound;
pub(crate) use scalar::{is_enumeration_type, is_plain_type, is_scalar};
pub(crate) use target::reference_target;
pub(crate) use values::{enum_values, says_choice};

use crate::FieldFact;
use crate::words::{
    code_spans, first_word, is_identifier, lower_words, parenthesized, split_top,
    strip_prefix_ignoring_case, without_code,
};
use phrase::read_modifier;
use values::{alternatives_before, bare_alternatives, enumeration_intro};

/// Reads `text` into `field`. Where `type_first`, words that are no modifier are the type as long as
/// it has none; else they are constraints.
pub(crate) fn read_into(text: &str, type_first: bool, field: &mut FieldFact) {
    let text = text.trim();
    if matches!(text, "" | "-" | "—" | "–" | "/" | "N/A" | "n/a" | "None" | "none") {
        return;
    }
    // No cell of modifiers is this long; the limit keeps reading linear.
    if text.len() > 2000 {
        field.constraints.push(text.to_owned());
        return;
    }
    if text.contains('@')
        && let Some(rest) = attribute::read_attributes(text, field)
    {
        read_into(&rest, type_first, field);
        return;
    }
    if let Some(("", inside, "")) = parenthesized(text) {
        read_into(inside, type_first, field);
        return;
    }
    if let Some(parts) = mapping::object(text) {
        for (at, part) in parts.into_iter().enumerate() {
            read_into(part, type_first && at == 0, field);
        }
        return;
    }
    if let Some(rest) = enumeration_intro(text) {
        let (before, values, after) = rest;
        let values = enum_values(values);
        if !values.is_empty() {
            // "String (enum: open, paid)": the bracket that opens before the word closes behind the values.
            read_into(before.trim_end().trim_end_matches(['(', '[']), type_first, field);
            if type_first && field.type_text.is_none() {
                field.type_text = Some("enum".to_owned());
            }
            set_values(field, values);
            read_into(after, false, field);
            return;
        }
    }
    if type_first
        && field.type_text.is_none()
        && let Some((values, around)) = typed::listed_values(text, &field.name)
    {
        set_values(field, values);
        for part in around {
            read_into(part.trim(), type_first, field);
        }
        return;
    }
    if let Some((values, rest)) = alternatives_before(text, &field.name)
        && type_first
        && field.type_text.is_none()
    {
        set_values(field, values);
        read_into(rest, false, field);
        return;
    }
    let values = bare_alternatives(text);
    if values.len() > 1 {
        set_values(field, values);
        return;
    }
    let values = capitals(text);
    if values.len() > 1 {
        set_values(field, values);
        return;
    }
    if let Some((values, rest)) = checked_values(text) {
        set_values(field, values);
        read_into(&rest, type_first, field);
        return;
    }
    for (index, chunk) in chunks(text).into_iter().enumerate() {
        if typed::gives_example(chunk) {
            let from = chunk.as_ptr() as usize - text.as_ptr() as usize;
            field.description.get_or_insert_with(|| text[from..].trim_end_matches(')').to_owned());
            return;
        }
        read_chunk(chunk, type_first, index == 0, field);
    }
}

/// The values in "CHECK (`admin` or `user`)" and "CHECK: admin|user", and what stands around it.
fn checked_values(text: &str) -> Option<(Vec<String>, String)> {
    let (rest, check): (Vec<&str>, Vec<&str>) = chunks(text)
        .into_iter()
        .partition(|chunk| strip_prefix_ignoring_case(chunk.trim(), "check:").is_none());
    if let [check] = check.as_slice() {
        let values = bare_alternatives(check.trim().split_once(':')?.1);
        return (values.len() > 1).then(|| (values, rest.join(", ")));
    }
    let (before, inside, after) = parenthesized(text)?;
    let front = before.trim_end();
    let at = front.len().checked_sub("check".len())?;
    let is_check = front.get(at..).is_some_and(|word| word.eq_ignore_ascii_case("check"));
    let values = code_spans(inside);
    let others = lower_words(&without_code(inside));
    let is_list = values.len() > 1
        && values.iter().all(|value| is_identifier(value))
        && others.iter().all(|word| matches!(word.as_str(), "or" | "and"));
    (is_check && is_list).then(|| {
        let values = values.into_iter().map(str::to_owned).collect();
        (values, format!("{} {}", &front[..at], after).trim().to_owned())
    })
}

/// The values in a description that is nothing but words in capitals: "MEN, WOMEN, MIXED".
fn capitals(text: &str) -> Vec<String> {
    let values: Vec<&str> = split_top(text.trim_end_matches('.'), &[',']);
    let is_value = |value: &&str| {
        let value = value.trim();
        value.len() > 1
            && value.starts_with(|c: char| c.is_ascii_uppercase())
            && value.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
            && !is_scalar(value)
            && !matches!(value, "INDEX" | "INDEXED" | "KEY" | "IDENTITY" | "ENUM" | "CHECK")
            && read_modifier(value, true, &mut FieldFact::default()).is_none()
    };
    if values.len() < 2 || !values.iter().all(is_value) {
        return Vec::new();
    }
    values.into_iter().map(|value| value.trim().to_owned()).collect()
}

/// Takes a short text as modifiers if nothing else stands in it.
pub(crate) fn read_if_only_modifiers(text: &str, field: &mut FieldFact) {
    if text.len() > 80 {
        return;
    }
    let mut probe = FieldFact::default();
    read_into(text, false, &mut probe);
    if !probe.constraints.is_empty() || !probe.enum_values.is_empty() {
        return;
    }
    field.required = field.required.or(probe.required);
    field.unique = field.unique.or(probe.unique);
    field.primary_key = field.primary_key.or(probe.primary_key);
    field.default = field.default.take().or(probe.default);
    field.references = field.references.take().or(probe.references);
}

fn set_values(field: &mut FieldFact, values: Vec<String>) {
    if values.is_empty() {
        return;
    }
    let (null, values): (Vec<String>, Vec<String>) =
        values.into_iter().partition(|value| value.eq_ignore_ascii_case("null"));
    if !null.is_empty() && field.required.is_none() {
        field.required = Some(false);
    }
    if field.enum_values.is_empty() {
        field.enum_values = values;
    }
}

/// Splits at commas, semicolons and the brackets that stand apart from a word.
fn chunks(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for part in split_top(text, &[',', ';', '\n']) {
        let mut rest = part;
        // "string (Unique, max 20)" holds two parts, "varchar(20)" one.
        while let Some((before, inside, after)) = spaced_brackets(rest) {
            parts.push(before);
            parts.extend(split_top(inside, &[',', ';']));
            rest = after;
        }
        parts.push(rest);
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

fn spaced_brackets(text: &str) -> Option<(&str, &str, &str)> {
    let at = if text.starts_with('(') { 0 } else { text.find(" (").map(|at| at + 1)? };
    let (before, inside, after) = parenthesized(&text[at..])?;
    let before_words = lower_words(&text[..at]);
    // "UNIQUE (optional)"
    let is_modifier =
        matches!(inside.trim().to_lowercase().as_str(), "optional" | "nullable" | "required");
    if is_modifier {
        return Some((&text[..at], inside, after));
    }
    // The brackets of these words are theirs.
    if before_words.last().is_some_and(|word| {
        mapping::is_key_word(word)
            || matches!(
                word.as_str(),
                "check"
                    | "key"
                    | "unique"
                    | "varchar"
                    | "decimal"
                    | "numeric"
                    | "char"
                    | "default"
                    | "in"
                    | "enum"
                    | "fk"
                    | "references"
            )
    }) {
        return None;
    }
    let _ = before;
    Some((&text[..at], inside, after))
}

/// A type and nothing else: `int`, `varchar(20)`.
fn is_type(text: &str) -> bool {
    is_scalar(text) && !text.contains(char::is_whitespace)
}

fn read_chunk(chunk: &str, type_first: bool, is_first: bool, field: &mut FieldFact) {
    let mut rest = chunk.trim();
    // "user FK" has the target before the word.
    if let Some((name, "FK" | "fk")) = rest.split_once(' ')
        && is_identifier(name)
        && !is_scalar(name)
        && let Some((target, "")) = reference_target(name)
    {
        field.references.get_or_insert(target);
        return;
    }
    let mut leftover = String::new();
    let (mut was_modifier, mut any_modifier) = (false, false);
    while !rest.is_empty() {
        // Behind a type, as behind another modifier, a word such as "null" is no prose.
        let follows = was_modifier || leftover.is_empty() || type_first && is_type(&leftover);
        // "not FK to allow that" has no key.
        let is_negated = ["not", "no", "without"].iter().any(|word| {
            leftover.strip_suffix(word).is_some_and(|it| it.is_empty() || it.ends_with(' '))
        });
        if let Some(after) = (!is_negated).then(|| read_modifier(rest, follows, field)).flatten() {
            rest = after.trim_start_matches(|c: char| {
                c.is_whitespace() || matches!(c, '/' | ':' | '.' | '·' | '+' | '&')
            });
            (was_modifier, any_modifier) = (true, true);
            continue;
        }
        was_modifier = false;
        let end = word_end(rest);
        if !leftover.is_empty() {
            leftover.push(' ');
        }
        leftover.push_str(rest[..end].trim_matches('`'));
        rest = rest[end..].trim_start();
    }
    let leftover = without_dashes(&leftover);
    // Brackets around what was understood say nothing.
    if !leftover.contains(char::is_alphanumeric) {
        return;
    }
    // "optional reference to User"
    if let Some((target, "")) = ["reference to ", "refers to ", "ref to ", "references "]
        .iter()
        .find_map(|lead| strip_prefix_ignoring_case(leftover, lead))
        .and_then(reference_target)
    {
        field.references.get_or_insert(target);
        return;
    }
    // "nullable — most hours in a week", "unique per user": what goes on behind a mark is no type, unless it is one.
    let goes_on = leftover.contains(' ') && (any_modifier || begins_as_mark(leftover));
    let is_condition = is_preposition(leftover) || goes_on && !is_scalar(leftover);
    if field.type_text.is_none() && (is_first && !is_condition || is_scalar(leftover)) && type_first
    {
        let Some((kind, rest)) = typed::bound_behind(leftover) else {
            set_type(leftover, field);
            return;
        };
        set_type(kind, field);
        match rest.strip_prefix("= ") {
            Some(value) => {
                field.default.get_or_insert(value.trim().to_owned());
            }
            None => field.constraints.push(rest.to_owned()),
        }
    } else {
        let is_auto = matches!(
            leftover.to_lowercase().as_str(),
            "auto"
                | "auto-increment"
                | "autoincrement"
                | "auto increment"
                | "auto-generated"
                | "generated"
                | "identity"
                | "serial"
        );
        if is_auto && field.type_text.is_none() && type_first {
            field.type_text = Some("serial".to_owned());
        }
        field.constraints.push(leftover.to_owned());
    }
}

/// A text without the dashes around it; the sign of a number is none.
fn without_dashes(text: &str) -> &str {
    let mut text = text.trim();
    while let Some(rest) = text.strip_prefix(['-', '—', '–'])
        && !rest.starts_with(|c: char| c.is_ascii_digit())
    {
        text = rest.trim_start();
    }
    text.trim_end_matches(['-', '—', '–', ' '])
}

/// Whether words begin with a mark that they bind to more: "required if minor".
fn begins_as_mark(text: &str) -> bool {
    first_word(text).is_some_and(|word| {
        matches!(word.as_str(), "required" | "optional" | "unique" | "nullable" | "mandatory")
    })
}

/// Whether words begin as those do that say when something holds: "for superadmins", "until it is paid". No type does.
fn is_preposition(text: &str) -> bool {
    first_word(text).is_some_and(|word| {
        matches!(
            word.as_str(),
            "for"
                | "if"
                | "when"
                | "until"
                | "unless"
                | "while"
                | "in"
                | "on"
                | "by"
                | "with"
                | "not"
        )
    })
}

/// Sets the type from its words, and what its marks (`?`, `| null`) say.
pub(crate) fn set_type(text: &str, field: &mut FieldFact) {
    let mut text = text.trim();
    if let Some(inner) = text.strip_suffix('?') {
        field.required = Some(false);
        text = inner;
    }
    // GraphQL marks what may not be absent: `String!`.
    if let Some(inner) = text.strip_suffix('!') {
        field.required = Some(true);
        text = inner;
    }
    let parts: Vec<&str> = split_top(text, &['|']).into_iter().map(str::trim).collect();
    if parts.len() > 1 {
        let is_null =
            |part: &&str| matches!(part.to_lowercase().as_str(), "null" | "undefined" | "none");
        if parts.iter().any(&is_null) {
            field.required = Some(false);
        }
        let rest: Vec<&str> = parts.iter().copied().filter(|part| !is_null(part)).collect();
        if let [one] = rest.as_slice() {
            field.type_text = Some((*one).to_owned());
            return;
        }
    }
    // "`created_at`, `updated_at`: timestamps" is said of each.
    if let Some(one) = text.strip_suffix('s')
        && is_type(one)
        && (!is_type(text) || text.eq_ignore_ascii_case("timestamps"))
    {
        text = one;
    }
    if !text.is_empty() {
        field.type_text = Some(text.to_owned());
    }
}

fn word_end(text: &str) -> usize {
    if let Some(rest) = text.strip_prefix('`') {
        if let Some(close) = rest.find('`') {
            return close + 2;
        }
    }
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        match character {
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' | '>' => depth = depth.saturating_sub(1),
            c if c.is_whitespace() && depth == 0 && at > 0 => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: &Expect) {
        let mut field = FieldFact::default();
        read_into(text, true, &mut field);
        expected.assert_eq(&crate::render::field_text(&field));
    }

    #[test]
    fn rules_in_descriptions() {
        let check = |text: &str, expected: &Expect| {
            let mut field = FieldFact::default();
            read_description(text, &mut field);
            field.description = None;
            expected.assert_eq(&crate::render::field_text(&field));
        };
        check("Seats. Must be between 1 and 500", &expect!["{Must be between 1 and 500}"]);
        check("required when status is paid", &expect!["optional {required when status is paid}"]);
        check("Required; at least 0", &expect!["required {at least 0}"]);
        check("Can be shown to guests; may hold notes", &expect![""]);
    }

    #[test]
    fn type_and_modifiers_in_one_text() {
        check("int nullable", &expect!["int optional"]);
        check("bigint PK", &expect!["bigint primary key"]);
        check("varchar(100)", &expect!["varchar(100)"]);
        check(
            "UUID nullable → `msg.template.id` (null = free-text send)",
            &expect!["UUID optional -> msg.template.id {null = free-text send}"],
        );
        check(
            "Integer FK → products.id ON DELETE CASCADE",
            &expect!["Integer -> products.id on delete cascade"],
        );
        check("string (Unique, MaxLength: 256)", &expect!["string unique {MaxLength: 256}"]);
        check("enum: `a | b` (default `a`)", &expect!["enum default a [a | b]"]);
        check("enum (draft, published, archived)", &expect!["enum [draft | published | archived]"]);
        check(
            "String, enum: `['open', 'closed']`, default: 'open'",
            &expect!["String default 'open' [open | closed]"],
        );
        check("String, enum: ['a', 'b']", &expect!["String [a | b]"]);
        check("String, enum: `[{ id }, { name }]`", &expect!["String {enum: [{ id }, { name }]}"]);
        check("PK, string/UUID", &expect!["string/UUID primary key"]);
        check("FK → `User.id`, optional", &expect!["optional -> User.id"]);
        check("string|null, optional", &expect!["string optional"]);
        check("Guid?", &expect!["Guid optional"]);
        check("text[] not null default '{}'", &expect!["text[] required default '{}'"]);
        check(
            "enum: `high|medium|low`, optional for AI-populated refs",
            &expect!["enum optional [high | medium | low] {for AI-populated refs}"],
        );
        check("String, required, one of: a, b, c", &expect!["String required [a | b | c]"]);
        check("timestamp DEFAULT now() NOT NULL", &expect!["timestamp required default now()"]);
    }

    #[test]
    fn what_stands_behind_a_list_of_values_is_none_of_them() {
        let check = |text: &str, expected: &Expect| {
            let mut field =
                FieldFact { type_text: Some("enum".to_owned()), ..FieldFact::default() };
            read_description(text, &mut field);
            field.description = None;
            expected.assert_eq(&crate::render::field_text(&field));
        };
        check("`open`, `shut`; default `open`", &expect!["enum default open [open | shut]"]);
        check("`open`, `shut`, default `open`", &expect!["enum default open [open | shut]"]);
        check("OPEN, SHUT, LOST; default OPEN", &expect!["enum default OPEN [OPEN | SHUT | LOST]"]);
        check("`low`, `high` or `none`; shown to all", &expect!["enum [low | high | none]"]);
        check("`MON` … `WED`", &expect!["enum [MON | TUE | WED]"]);
        check("Open from `MON` … `WED`", &expect!["enum"]);
        check("Default `open`; others follow", &expect!["enum default open"]);
        check(
            "`open` / `shut`, plus `lost`, which a clock sets",
            &expect!["enum [open | shut | lost]"],
        );
        check("Validates against DAY, WEEK, or YEAR.", &expect!["enum [DAY | WEEK | YEAR]"]);
    }
}
