//! The words around a field's name: its type and what is said of its values. Tables, bullets and
//! diagram attributes share this reading, since people write the same words in all of them.

use crate::words::{
    code_spans, is_identifier, lower_words, parenthesized, split_top, strip_prefix_ignoring_case,
    unquote,
};
use crate::{FieldFact, ReferenceFact};

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
    for (index, chunk) in chunks(text).into_iter().enumerate() {
        read_chunk(chunk, type_first, index == 0, field);
    }
}

/// What a description says beyond its meaning: a list of values, a reference, that it is optional.
pub(crate) fn read_description(text: &str, field: &mut FieldFact) {
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    for chunk in split_top(text, &[';']).into_iter().flat_map(|part| part.split(". ")) {
        read_mixed_chunk(chunk.trim().trim_end_matches('.'), field);
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
        let values = bare_alternatives(text);
        let is_list_type = field
            .type_text
            .as_deref()
            .is_some_and(|text| is_enumeration_type(text) || !is_scalar(text));
        let is_marked = field.constraints.iter().any(|text| text.eq_ignore_ascii_case("enum"));
        if values.len() > 1 {
            set_values(field, values);
        } else if is_list_type || is_marked {
            let values = enum_values(text.split_once('.').map_or(text, |(first, _)| first));
            if values.len() > 1 {
                set_values(field, values);
            }
        }
    }
    field.constraints.retain(|text| !text.eq_ignore_ascii_case("enum"));
    if field.references.is_none() {
        for mark in [
            "FK →",
            "FK ->",
            "FK to ",
            "Foreign key to ",
            "foreign key to ",
            "References ",
            "references ",
            "Reference to ",
            "reference to ",
            "→ ",
            "REFERENCES ",
        ] {
            if let Some((_, rest)) = text.split_once(mark) {
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
    if field.required.is_none() {
        let first = lower_words(text).into_iter().next().unwrap_or_default();
        match first.as_str() {
            "optional" | "nullable" => field.required = Some(false),
            "required" | "mandatory" => field.required = Some(true),
            _ => {}
        }
    }
}

/// Takes a part of a description that begins with a modifier: "FK → User", "unique per merchant",
/// "default `{}`". Other words stay description only.
fn read_mixed_chunk(chunk: &str, field: &mut FieldFact) {
    let words = lower_words(chunk);
    let first = words.first().map_or("", String::as_str);
    let is_short = words.len() <= 5;
    match first {
        "unique"
            if words.get(1).is_some_and(|word| {
                matches!(
                    word.as_str(),
                    "per" | "within" | "with" | "together" | "across" | "in" | "for" | "when"
                )
            }) && words.len() <= 10 =>
        {
            if !field.constraints.iter().any(|text| text == chunk) {
                field.constraints.push(chunk.to_owned());
            }
        }
        "one" if words.get(1).is_some_and(|word| word == "of") => {
            if let Some((_, values, _)) = enumeration_intro(chunk) {
                set_values(field, enum_values(values));
            }
        }
        "fk" | "foreign" | "default" | "defaults" | "references" => {
            let mut probe = FieldFact::default();
            read_into(chunk, false, &mut probe);
            field.default = field.default.take().or(probe.default);
            field.references = field.references.take().or(probe.references);
        }
        _ if is_short => read_if_only_modifiers(chunk, field),
        _ => {}
    }
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
        )
    }) {
        return None;
    }
    let _ = before;
    Some((&text[..at], inside, after))
}

fn read_chunk(chunk: &str, type_first: bool, is_first: bool, field: &mut FieldFact) {
    let mut rest = chunk.trim();
    let mut leftover = String::new();
    let mut was_modifier = false;
    while !rest.is_empty() {
        if let Some(after) = read_modifier(rest, was_modifier || leftover.is_empty(), field) {
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
    if leftover.is_empty() {
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
        if parts.iter().any(|part| is_null(part)) {
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

/// Tries to read one modifier at the start of `text`; returns what follows it. `at_start` is false
/// in the middle of other words, where weak words such as "required" may be prose.
fn read_modifier<'t>(text: &'t str, at_start: bool, field: &mut FieldFact) -> Option<&'t str> {
    let after = |phrase: &str| {
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
            if phrase == "references" && !at_start {
                return None;
            }
            return Some(match reference_target(rest) {
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
    for phrase in
        ["not nullable", "non-nullable", "not null", "non-null", "not-null", "notnull", "nn"]
    {
        if let Some(rest) = after(phrase) {
            field.required = Some(true);
            return Some(rest);
        }
    }
    for phrase in [
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
            if value.is_empty() {
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
            || lower_words(next).first().is_some_and(|word| {
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
            let next = lower_words(rest).into_iter().next().unwrap_or_default();
            let is_conditional = matches!(
                next.as_str(),
                "for" | "if" | "when" | "only" | "unless" | "on" | "by" | "with" | "once" | "in"
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
            let next = lower_words(rest).into_iter().next().unwrap_or_default();
            if matches!(
                next.as_str(),
                "per"
                    | "within"
                    | "with"
                    | "together"
                    | "across"
                    | "among"
                    | "in"
                    | "for"
                    | "by"
                    | "identifier"
                    | "id"
                    | "only"
                    | "composite"
                    | "combination"
                    | "when"
                    | "if"
                    | "where"
            ) || rest.trim_start().starts_with('(')
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

/// A reference's target at the start of `text`: `users.id`, `` `users`.`id` ``, `users(id)`, `User`.
pub(crate) fn reference_target(text: &str) -> Option<(ReferenceFact, &str)> {
    let mut rest = text.trim_start();
    for lead in [
        "to table",
        "to:",
        "to",
        "table",
        "→",
        "->",
        "⟶",
        "=>",
        ":",
        "references",
        "the",
        "an",
        "a",
    ] {
        if let Some(after) = strip_prefix_ignoring_case(rest, lead) {
            let is_word = lead.chars().all(char::is_alphabetic);
            if !is_word || after.starts_with([' ', '`', ':']) {
                rest = after.trim_start();
            }
        }
    }
    let (name, mut after) = match rest.strip_prefix('`').and_then(|inside| inside.split_once('`')) {
        Some((inside, after)) => (inside.trim(), after),
        None => {
            let end = rest
                .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '"')))
                .unwrap_or(rest.len());
            (rest[..end].trim_end_matches('.'), &rest[end..])
        }
    };
    let mut name = name.replace('"', "");
    let mut field = None;
    if let Some((table, column)) = name.clone().split_once('(') {
        field = Some(column.trim_end_matches(')').trim().to_owned());
        name = table.trim().to_owned();
    } else if after.starts_with('(') {
        if let Some((_, inside, rest)) = parenthesized(after) {
            if is_identifier(unquote(inside)) {
                field = Some(unquote(inside).to_owned());
                after = rest;
            }
        }
    }
    let lower = name.to_lowercase();
    if !is_identifier(&name)
        || matches!(
            lower.as_str(),
            "on" | "not"
                | "null"
                | "required"
                | "nullable"
                | "unique"
                | "optional"
                | "self"
                | "indexed"
                | "index"
                | "and"
                | "or"
                | "default"
        ) && lower != "self"
    {
        return None;
    }
    if field.is_none() {
        let parts: Vec<&str> = name.split('.').collect();
        // `users.id` names a field; `cust.customer` a table in a schema; `cust.customer.id` both.
        let looks_like_field = |part: &str| {
            let lower = part.to_lowercase();
            matches!(
                lower.as_str(),
                "id" | "uuid" | "code" | "key" | "name" | "slug" | "email" | "pk"
            ) || lower.ends_with("_id")
                || part.ends_with("Id")
                || lower.ends_with("_code")
                || lower.ends_with("_key")
        };
        if parts.len() > 2 || parts.len() == 2 && looks_like_field(parts[1]) {
            let at = name.rfind('.').unwrap_or(name.len());
            field = Some(name[at + 1..].to_owned());
            name.truncate(at);
        }
    }
    Some((ReferenceFact { entity: name, field, on_delete: None }, after))
}

/// A default's value at the start of `text`.
fn default_value(text: &str) -> (&str, &str) {
    let text = text.trim_start().trim_start_matches([':', '=']).trim_start();
    for quote in ['`', '\'', '"'] {
        if let Some(rest) = text.strip_prefix(quote) {
            if let Some(close) = rest.find(quote) {
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

/// Finds the words that announce a list of values: the text before them, the values, the rest.
fn enumeration_intro(text: &str) -> Option<(&str, &str, &str)> {
    let lower = text.to_ascii_lowercase();
    for phrase in [
        "one of",
        "enum",
        "allowed values",
        "values",
        "check in",
        "check (",
        "options",
        "possible values",
        "allowed",
    ] {
        let Some(at) = lower.find(phrase) else { continue };
        let before = &text[..at];
        if before.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let mut rest = &text[at + phrase.len()..];
        if phrase == "check (" {
            // CHECK (status IN ('a', 'b'))
            let inside = rest.to_ascii_lowercase().find(" in (")?;
            let open = inside + " in ".len();
            let (_, values, after) = parenthesized(&rest[open..])?;
            return Some((before, values, after.trim_start_matches(')')));
        }
        if rest.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '/') {
            continue;
        }
        rest = rest.trim_start();
        for opener in ['(', '[', '<', '{'] {
            if rest.starts_with(opener) {
                let closer = match opener {
                    '(' => ')',
                    '[' => ']',
                    '<' => '>',
                    _ => '}',
                };
                let close = rest.find(closer)?;
                return Some((before, &rest[1..close], &rest[close + 1..]));
            }
        }
        let had_colon = rest.starts_with([':', '=', '—', '-', '–']);
        rest = rest.trim_start_matches([':', '=', '—', '-', '–', ' ']);
        if !had_colon
            && phrase != "one of"
            && !rest.starts_with('`')
            && !rest.starts_with(['\'', '"'])
        {
            continue;
        }
        let end = enumeration_end(rest);
        return Some((before, &rest[..end], rest[end..].trim_start_matches([';', '.', ' '])));
    }
    None
}

/// Where a list of values ends: at a sentence's end, a semicolon, a dash, or where a bracket closes
/// that was opened before it.
fn enumeration_end(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut in_code = false;
    for (at, character) in text.char_indices() {
        if character == '`' {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        match character {
            '(' => {
                let inside = lower_words(&text[at + 1..]);
                if depth == 0
                    && inside.first().is_some_and(|word| {
                        matches!(
                            word.as_str(),
                            "default" | "required" | "optional" | "nullable" | "not"
                        )
                    })
                {
                    return at;
                }
                depth += 1;
            }
            ')' if depth == 0 => return at,
            ')' => depth -= 1,
            ';' | '\n' if depth == 0 => return at,
            '.' if depth == 0 && text[at + 1..].starts_with([' ', '\n']) => return at,
            '—' | '–' if depth == 0 => return at,
            ',' if depth == 0 => {
                let next = lower_words(&text[at + 1..]);
                let first = next.first().map(String::as_str);
                let second = next.get(1).map(String::as_str);
                if matches!(
                    first,
                    Some("default" | "defaults" | "required" | "optional" | "nullable" | "indexed")
                ) || first == Some("not") && second == Some("null")
                {
                    return at;
                }
            }
            ' ' if depth == 0 => {
                let next = lower_words(&text[at + 1..]);
                if matches!(next.first().map(String::as_str), Some("default" | "nullable"))
                    || text[at + 1..].to_ascii_lowercase().starts_with("not null")
                {
                    return at;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// The values of a list that is announced as one.
pub(crate) fn enum_values(text: &str) -> Vec<String> {
    let text = text.trim().trim_end_matches('.');
    let lower = text.to_lowercase();
    if lower.contains("etc")
        || lower.contains("e.g")
        || lower.contains("...")
        || lower.contains('…')
        || lower.contains("such as")
        || lower.contains("same set")
        || lower.contains("same as")
    {
        return Vec::new();
    }
    let inner = text.trim_matches('`');
    let text = if text.matches('`').count() == 2 && text.starts_with('`') && text.ends_with('`') {
        inner
    } else {
        text
    };
    let bars = split_top(text, &['|']);
    let parts = if bars.len() > 1 {
        bars
    } else {
        let parts = split_top(text, &[',']);
        if parts.len() > 1 {
            parts
        } else if text.matches('/').count() > 0 && !text.contains(' ') || text.contains(" / ") {
            text.split('/').collect()
        } else {
            text.split(" or ").collect()
        }
    };
    let mut values = Vec::new();
    for part in parts {
        let part = part.trim();
        let part = strip_prefix_ignoring_case(part, "or ")
            .or_else(|| strip_prefix_ignoring_case(part, "and "))
            .unwrap_or(part);
        for piece in part.split(" or ") {
            let piece = match code_spans(piece).as_slice() {
                [one] => one,
                _ => piece,
            };
            let piece = match parenthesized(piece) {
                Some((before, _, after))
                    if !before.trim().is_empty() && after.trim().is_empty() =>
                {
                    before
                }
                _ => piece,
            };
            // `0=Open`, `1: Closed` and `Open = 0` name a value and its number.
            let piece = match piece.split_once(['=', ':']) {
                Some((number, name))
                    if number.trim().chars().all(|c| c.is_ascii_digit())
                        && !number.trim().is_empty() =>
                {
                    name
                }
                Some((name, _)) if !name.trim().is_empty() => name,
                _ => piece,
            };
            let value = unquote(piece.trim());
            if value.is_empty() {
                continue;
            }
            if value.split_whitespace().count() > 4 || value.len() > 60 {
                return Vec::new();
            }
            values.push(value.to_owned());
        }
    }
    if values.len() < 2 { Vec::new() } else { values }
}

/// Values given without any announcement: `a | b | c`, `` `a`, `b`, `c` ``, `'a', 'b'`.
fn bare_alternatives(text: &str) -> Vec<String> {
    let unwrapped =
        if text.matches('`').count() == 2 && text.starts_with('`') && text.ends_with('`') {
            text.trim_matches('`')
        } else {
            text
        };
    let bars: Vec<&str> = split_top(unwrapped, &['|']).into_iter().map(str::trim).collect();
    if bars.len() > 1 {
        if split_top(unwrapped, &[',']).len() > 1 {
            return Vec::new();
        }
        let values: Vec<&str> = bars.iter().map(|part| unquote(part)).collect();
        let all_words = values.iter().all(|value| {
            !value.is_empty()
                && value.split_whitespace().count() <= 3
                && !value.eq_ignore_ascii_case("null")
        });
        if all_words && !values.iter().all(|value| is_scalar(value)) {
            return values.into_iter().map(str::to_owned).collect();
        }
        return Vec::new();
    }
    let parts: Vec<&str> = split_top(text, &[',', '/']).into_iter().map(str::trim).collect();
    let quoted = |part: &&str| {
        let part = strip_prefix_ignoring_case(part, "or ").unwrap_or(part);
        part.len() > 2
            && (part.starts_with('`') && part.ends_with('`')
                || part.starts_with('"') && part.ends_with('"')
                || part.starts_with('\'') && part.ends_with('\''))
            && part.matches('`').count() <= 2
    };
    if parts.len() > 1 && parts.iter().all(|part| quoted(part)) {
        let is_modifier = |part: &&str| {
            let mut probe = FieldFact::default();
            read_modifier(unquote(part), true, &mut probe).is_some()
        };
        if parts.iter().any(|part| is_modifier(part)) {
            return Vec::new();
        }
        return enum_values(text);
    }
    Vec::new()
}

/// Whether a type's words say that its values are listed elsewhere.
pub(crate) fn is_enumeration_type(text: &str) -> bool {
    lower_words(text).iter().any(|word| matches!(word.as_str(), "enum" | "enumeration" | "choice"))
}

/// Whether the words are a common type of a language or database.
pub(crate) fn is_scalar(text: &str) -> bool {
    let base = text.split(['(', '[', '<', ' ', '/']).next().unwrap_or_default();
    let base = base.trim_matches(['`', '?', '*']).to_lowercase();
    SCALARS.contains(&base.as_str())
}

const SCALARS: &[&str] = &[
    "any",
    "array",
    "bigint",
    "bigserial",
    "binary",
    "bit",
    "blob",
    "bool",
    "boolean",
    "bytea",
    "bytes",
    "byte",
    "char",
    "character",
    "cidr",
    "citext",
    "clob",
    "currency",
    "date",
    "dateonly",
    "datetime",
    "datetime2",
    "datetimeoffset",
    "dec",
    "decimal",
    "dict",
    "double",
    "duration",
    "email",
    "enum",
    "file",
    "float",
    "float32",
    "float64",
    "float4",
    "float8",
    "fk",
    "foreignid",
    "geography",
    "geometry",
    "guid",
    "inet",
    "instant",
    "int",
    "int2",
    "int4",
    "int8",
    "int16",
    "int32",
    "int64",
    "integer",
    "interval",
    "ip",
    "json",
    "jsonb",
    "list",
    "localdate",
    "localdatetime",
    "long",
    "longtext",
    "map",
    "mediumint",
    "mediumtext",
    "money",
    "nchar",
    "ntext",
    "number",
    "numeric",
    "nvarchar",
    "object",
    "objectid",
    "offsetdatetime",
    "password",
    "percentage",
    "point",
    "real",
    "record",
    "serial",
    "set",
    "short",
    "smallint",
    "smallserial",
    "str",
    "string",
    "text",
    "time",
    "timeonly",
    "timespan",
    "timestamp",
    "timestamptz",
    "timestamps",
    "tinyint",
    "tinytext",
    "tsvector",
    "uint",
    "uint32",
    "uint64",
    "ulid",
    "unsigned",
    "uniqueidentifier",
    "uri",
    "url",
    "uuid",
    "varbinary",
    "varchar",
    "varchar2",
    "vector",
    "xml",
    "year",
    "zoneddatetime",
    "hstore",
    "daterange",
    "tstzrange",
    "int4range",
    "cuid",
    "id",
    "html",
    "markdown",
    "image",
    "phone",
    "seconds",
    "bigdecimal",
    "usize",
    "i32",
    "i64",
    "u32",
    "u64",
    "f64",
    "decimal128",
];

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
}
