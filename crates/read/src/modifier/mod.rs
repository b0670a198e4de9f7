//! The words around a field's name: its type and what is said of its values. Tables, bullets and
//! diagram attributes share this reading, since people write the same words in all of them.

mod days;
mod phrase;
mod said;
mod scalar;
mod target;
mod values;

pub(crate) use said::says_bound;
pub(crate) use scalar::{is_enumeration_type, is_scalar};
pub(crate) use target::reference_target;
pub(crate) use values::{enum_values, says_choice};

use smol_str::SmolStr;
use underpin_base::Phrases;

use crate::FieldFact;
use crate::words::{
    code_spans, first_word, is_identifier, lower_words, parenthesized, split_top,
    strip_prefix_ignoring_case, without_code,
};
use phrase::read_modifier;
use said::{is_conditional, says_value};
use values::{bare_alternatives, bracketed_alternatives, enumeration_intro};

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
    if let Some(rest) = enumeration_intro(text) {
        let (before, values, after) = rest;
        let values = enum_values(values);
        if !values.is_empty() {
            read_into(before, type_first, field);
            if type_first && field.type_text.is_none() {
                field.type_text = Some("enum".to_owned());
            }
            set_values(field, values);
            read_into(after, false, field);
            return;
        }
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
        read_chunk(chunk, type_first, index == 0, field);
    }
}

/// Whether a text is nothing but single words between commas: "fee, damage, late".
fn is_list_of_words(text: &str) -> bool {
    let words: Vec<&str> = text.split(',').map(str::trim).collect();
    words.len() > 1 && words.iter().all(|word| is_identifier(word))
}

/// What a description says beyond its meaning: a list of values, a reference, that it is optional.
pub(crate) fn read_description(text: &str, field: &mut FieldFact) {
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    for chunk in split_top(text, &[';']).into_iter().flat_map(|part| part.split(". ")) {
        // "qty: qty > 0" repeats the name before the bound.
        let chunk = chunk.trim().trim_end_matches('.');
        let behind =
            strip_prefix_ignoring_case(chunk, &field.name).filter(|_| !field.name.is_empty());
        let chunk = behind
            .and_then(|rest| rest.strip_prefix(' '))
            .filter(|rest| says_value(rest))
            .map_or(chunk, str::trim);
        // "default 0, at most 2" holds two; a comma within a sentence parts nothing.
        let parts = split_top(chunk, &[',']);
        let is_said = |part: &&str| {
            let words = lower_words(part);
            let first = words.first().map_or("", |it| it.as_str());
            says_value(part) || matches!(first, "unique" | "initial" | "default" | "defaults")
        };
        if parts.len() > 1 && parts.iter().any(is_said) {
            for part in parts {
                read_mixed_chunk(part.trim(), field);
            }
        } else {
            read_mixed_chunk(chunk, field);
        }
    }
    if field.description.is_none() {
        field.description = Some(text.to_owned());
    }
    if field.enum_values.is_empty() {
        if let Some((_, values, _)) = enumeration_intro(text) {
            set_values(field, enum_values(values));
        }
    }
    if field.enum_values.is_empty() {
        // "`open`, `paid`; default `open`": what is said behind the list is no part of it.
        let parts = split_top(text, &[';']);
        let listed = |part: &&str| Some(bare_alternatives(part)).filter(|it| it.len() > 1);
        let values = parts.iter().find_map(listed).unwrap_or_default();
        let is_list_type = field
            .type_text
            .as_deref()
            .is_some_and(|text| is_enumeration_type(text) || !is_scalar(text));
        let is_marked = field.constraints.iter().any(|text| text.eq_ignore_ascii_case("enum"));
        let bracketed = bracketed_alternatives(text);
        if values.len() > 1 {
            set_values(field, values);
        } else if bracketed.len() > 1 {
            set_values(field, bracketed);
        } else if is_list_type || is_marked || is_list_of_words(text) && says_choice(&field.name) {
            let first = parts.first().copied().unwrap_or(text);
            let values = enum_values(first.split_once('.').map_or(first, |(first, _)| first));
            let is_modifier =
                |value: &String| read_modifier(value, true, &mut FieldFact::default()).is_some();
            if values.len() > 1 && !values.iter().any(is_modifier) {
                set_values(field, values);
            }
        }
    }
    if field.enum_values.is_empty() {
        set_values(field, capitals(text));
    }
    field.constraints.retain(|text| !text.eq_ignore_ascii_case("enum"));
    if field.references.is_none() {
        for mark in [
            "FK →",
            "FK ->",
            "FK to ",
            "Foreign key to ",
            "foreign key to ",
            "Foreign keys to ",
            "References ",
            "references ",
            "Reference to ",
            "reference to ",
            "→ ",
            "REFERENCES ",
        ] {
            if let Some((_, rest)) = text.cut_at(mark) {
                let is_start =
                    text.starts_with(mark) || !mark.starts_with("Ref") && !mark.starts_with("ref");
                if let Some((target, after)) = is_start.then(|| reference_target(rest)).flatten() {
                    // In running text only a marked name, a path or a capital letter at the end of
                    // the words is surely a name.
                    let ends = after.trim().is_empty()
                        || after.trim_start().starts_with([',', ';', '.', ')', '(']);
                    let is_capital = target.entity.starts_with(char::is_uppercase) && ends;
                    if rest.trim_start().starts_with('`') || target.field.is_some() || is_capital {
                        field.references = Some(target);
                        break;
                    }
                }
            }
        }
    }
    // "Player of a single (null for pairs)"
    let lower = text.to_lowercase();
    let is_absent = ["(null for ", "(null if ", "(null when ", "(null until ", "(null unless "];
    if field.required.is_none() && is_absent.iter().any(|words| lower.contains(words)) {
        field.required = Some(false);
    }
    if field.required.is_none() {
        let first = first_word(text).unwrap_or_default();
        match first.as_str() {
            "optional" | "nullable" => field.required = Some(false),
            // "Required when paid" leaves it empty in other rows.
            "required" | "mandatory" => field.required = Some(!is_conditional(&lower_words(text))),
            "only" if is_conditional(&lower_words(text)) => field.required = Some(false),
            _ => {}
        }
    }
}

/// The values in "CHECK (`admin` or `user`)", and what stands around it.
fn checked_values(text: &str) -> Option<(Vec<String>, String)> {
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

/// Takes a part of a description that begins with a modifier: "FK → User", "unique per merchant",
/// "default `{}`". Other words stay description only.
fn read_mixed_chunk(chunk: &str, field: &mut FieldFact) {
    let words = lower_words(chunk);
    let first = words.first().map_or("", SmolStr::as_str);
    let is_short = words.len() <= 5;
    match first {
        "unique"
            if words.get(1).is_some_and(|word| {
                matches!(
                    word.as_str(),
                    "per"
                        | "within"
                        | "with"
                        | "together"
                        | "across"
                        | "among"
                        | "amongst"
                        | "in"
                        | "for"
                        | "when"
                )
            }) && words.len() <= 10
                && !field.constraints.iter().any(|text| text == chunk) =>
        {
            field.constraints.push(chunk.to_owned());
        }
        "unique"
            if matches!(
                words[1..].join(" ").as_str(),
                "ignoring case"
                    | "regardless of case"
                    | "irrespective of case"
                    | "case insensitive"
                    | "case insensitively"
                    | "without regard to case"
            ) =>
        {
            field.unique.get_or_insert(true);
            field.constraints.push("ignoring case".to_owned());
        }
        "case" | "caseless" | "caselessly"
            if matches!(
                words.join(" ").as_str(),
                "case insensitive unique"
                    | "case insensitively unique"
                    | "caseless unique"
                    | "caselessly unique"
            ) =>
        {
            field.unique.get_or_insert(true);
            field.constraints.push("ignoring case".to_owned());
        }
        "one" if words.get(1).is_some_and(|word| word == "of") => {
            if let Some((_, values, _)) = enumeration_intro(chunk) {
                set_values(field, enum_values(values));
            }
        }
        // "initial `open`": in which state a row is born.
        "initial" | "initially" if words.len() <= 4 && code_spans(chunk).len() == 1 => {
            let value = code_spans(chunk)[0].to_owned();
            field.default.get_or_insert(value);
        }
        "fk" | "foreign" | "default" | "defaults" | "references" => {
            let mut probe = FieldFact::default();
            read_into(chunk, false, &mut probe);
            field.default = field.default.take().or(probe.default);
            let target = probe.references.filter(|_| !describes_target(&words));
            field.references = field.references.take().or(target);
        }
        _ if says_value(chunk) && !field.constraints.iter().any(|text| text == chunk) => {
            field.constraints.push(chunk.to_owned());
        }
        _ if is_short => read_if_only_modifiers(chunk, field),
        _ => {}
    }
}

/// Whether "references the completed task" says more of its target than a name: the word behind the
/// article belongs to the next one.
fn describes_target(words: &[SmolStr]) -> bool {
    let is_article = |word: &&SmolStr| matches!(word.as_str(), "the" | "a" | "an" | "to");
    let behind = || words.iter().skip(1).skip_while(is_article);
    let has_article = words.iter().skip(1).take(1).any(|word| is_article(&word));
    let is_quality =
        behind().next().is_some_and(|word| word.ends_with("ed") || word.ends_with("ing"));
    has_article && is_quality && behind().count() > 1
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
        matches!(
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
    let mut was_modifier = false;
    while !rest.is_empty() {
        // Behind a type, as behind another modifier, a word such as "null" is no prose.
        let follows = was_modifier || leftover.is_empty() || type_first && is_type(&leftover);
        if let Some(after) = read_modifier(rest, follows, field) {
            rest = after.trim_start_matches(|c: char| {
                c.is_whitespace() || matches!(c, '/' | ':' | '.' | '·' | '+' | '&')
            });
            was_modifier = true;
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
    let leftover = leftover.trim().trim_matches(['-', '—', '–', ' ']);
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
    if field.type_text.is_none() && (is_first || is_scalar(leftover)) && type_first {
        set_type(leftover, field);
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

/// Sets the type from its words, and what its marks (`?`, `| null`) say.
pub(crate) fn set_type(text: &str, field: &mut FieldFact) {
    let mut text = text.trim();
    if let Some(inner) = text.strip_suffix('?') {
        field.required = Some(false);
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
    }
}
