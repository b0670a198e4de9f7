//! One item of a list of fields.

use crate::modifier;
use crate::notation::endpoint_list::names_endpoint;
use crate::notation::field_table::{columns, names};
use crate::notation::schema_column;
use crate::prose::is_property_noun;
use crate::words::{
    is_identifier, is_key_name, lower_words, parenthesized, split_once_any, without_mark,
};
use crate::{Fact, FieldFact};

use super::commas;
use super::in_words::{in_words, is_determiner, joined, keyed, names_times};

/// What stands between a field and what is said of it.
const SEPARATORS: &[char] = &[' ', '-', '–', '—', ':', ','];

/// `PK (a, b)`, `Unique (a, b)` as an item of a field list.
pub(crate) fn key_item(entity: &str, text: &str) -> Option<Fact> {
    let plain = key_code(text).map_or_else(|| text.replace('`', ""), str::to_owned);
    let lower = plain.to_lowercase();
    let entity = entity.to_owned();
    let keyed = |prefixes: &[&str]| {
        prefixes.iter().any(|prefix| lower.starts_with(prefix)) && plain.contains('(')
    };
    if keyed(&[
        "pk (",
        "pk(",
        "primary key(",
        "primary key (",
        "primary key: (",
        "composite pk (",
        "composite primary key (",
        "composite primary key: (",
    ]) {
        return Some(Fact::PrimaryKey { entity, fields: columns(&plain)? });
    }
    if keyed(&[
        "unique(",
        "unique (",
        "unique constraint on (",
        "unique constraint (",
        "unique constraint: (",
        "unique index (",
        "unique index on (",
        "unique on (",
        "unique: (",
    ]) {
        let (_, _, after) = parenthesized(&plain)?;
        let condition = after.trim().to_owned();
        let lower = condition.to_lowercase();
        let condition = lower.starts_with("where ").then(|| {
            let text = &condition["where ".len()..];
            text.split(" — ").next().unwrap_or(text).trim().to_owned()
        });
        return Some(Fact::Unique { entity, fields: columns(&plain)?, condition, text: None });
    }
    // "`(a, b)` PK"
    if let Some(("", _, behind)) = parenthesized(text.replace('`', "").trim()) {
        let behind = behind.trim().to_lowercase();
        let is_key = ["pk", "primary key", "composite pk", "composite primary key"];
        if is_key.contains(&behind.as_str()) {
            return Some(Fact::PrimaryKey { entity, fields: columns(&text.replace('`', ""))? });
        }
    }
    let (condition, said) = (None, None);
    joined(text).map(|fields| Fact::Unique { entity, fields, condition, text: said })
}

/// The code span that a key is written in, condition and all: what follows it is a remark, such as
/// the requirement that it comes from.
fn key_code(text: &str) -> Option<&str> {
    let (code, remark) = text.trim_start().strip_prefix('`')?.split_once('`')?;
    let goes_on = remark.trim_start().to_lowercase().starts_with("where ");
    (code.contains(')') && !goes_on).then_some(code)
}

/// The names and properties of an item that is a field; `sure` where its label says that it is one.
pub(in crate::notation) fn field(text: &str, sure: bool) -> Option<(Vec<String>, FieldFact)> {
    // Items may end as parts of a sentence do.
    let text = without_mark(text).trim_end_matches([';', ',']);
    if names_endpoint(text) {
        return None;
    }
    if names_times(text) {
        let names = ["created_at", "updated_at"].map(str::to_owned).to_vec();
        let fact = FieldFact { type_text: Some("timestamp".to_owned()), ..FieldFact::default() };
        return Some((names, fact));
    }
    if let Some(rest) = keyed(text) {
        let (names, fact) = field(rest, true)?;
        return Some((names, FieldFact { primary_key: Some(true), ..fact }));
    }
    // "Optional birth date", "Due date" are names in words, and no "Due" of type date.
    if let Some((name, required)) = sure.then(|| in_words(text)).flatten() {
        let fact = FieldFact { name: name.to_owned(), required, ..FieldFact::default() };
        return Some((vec![name.to_owned()], fact));
    }
    if let Some(mut field) = schema_column::written(text) {
        let behind = text.splitn(3, '`').nth(2).unwrap_or_default();
        modifier::read_description(behind.trim_start_matches(SEPARATORS), &mut field);
        return Some((vec![field.name.clone()], field));
    }
    let drawn = text.replacen(" -> ", " → ", 1);
    let drawn = name_in_code(&drawn).unwrap_or(drawn);
    let text = drawn.as_str();
    let (name_part, rest) = split_name(text);
    let mut found = names(name_part);
    // "Colour, if it has one"
    let listed = found.len();
    found.retain(|name| !name.starts_with("if "));
    let is_conditional = found.len() < listed;
    let first = found.first()?;
    let limit = if sure { 4 } else { 2 };
    if found.iter().any(|name| {
        name.split_whitespace().count() > limit
            || !name.starts_with(|c: char| c.is_alphabetic() || c == '_')
            || name.contains(['→', '=', '<', '>', '*', '{', '}', '[', ']', '"', '(', ')'])
    }) {
        return None;
    }
    // "Attributes: number; total" has no field that is called so.
    if matches!(first.as_str(), "Attributes" | "Fields" | "Columns" | "Properties" | "PK" | "FK") {
        return None;
    }
    // "has many boats" names no field, nor does "`'OPEN'` (default)" among the values of a status.
    let relates = |name: &String| {
        let verbs = ["has many", "has one", "have many", "belongs to", "owns many", "has several"];
        verbs.iter().any(|verb| name.to_lowercase().starts_with(verb))
    };
    if found.iter().any(relates) {
        return None;
    }
    if text.starts_with("`'") || text.starts_with("`\"") {
        return None;
    }
    let is_code = name_part.starts_with('`');
    let mut fact = FieldFact { name: first.clone(), ..FieldFact::default() };
    if is_conditional || name_part.trim_end_matches(['`', ' ']).ends_with('?') {
        fact.required = Some(false);
    }
    let rest = rest.trim_start();
    let (spec, description) = split_spec(rest);
    let spec_head = spec.trim_start_matches(['(', '`', ' ']);
    let first_word = spec_head.split([' ', ',', ')', ';', '`', ':']).next().unwrap_or_default();
    let mut probe = FieldFact::default();
    modifier::read_into(first_word, true, &mut probe);
    if lists_files(rest) {
        return None;
    }
    if !is_code && groups_names(first, rest) {
        return None;
    }
    let is_type = modifier::is_scalar(first_word)
        && !first_word.is_empty()
        && !is_adjective(first_word, spec_head)
        || sure && names_type(name_part, text, spec);
    if !is_code && is_type && goes_on_as_sentence(name_part, text, spec_head) {
        return None;
    }
    let says_modifier = probe.type_text.is_none()
        && (probe.primary_key.is_some() || probe.required.is_some() || probe.unique.is_some())
        || spec.to_uppercase().starts_with("FK")
        || refers(spec)
        || modifier::says_reference(spec)
        || spec.starts_with(['→', '(']) && spec.contains(['→'])
        || spec.to_lowercase().trim_start_matches('(').starts_with("enum")
        || spec.starts_with("one of ") && !spec.starts_with("one of the")
        || spec.trim_start_matches('(').starts_with("FK");
    // `a` → `b` alone is a transition or a relationship.
    let is_arrow = spec.starts_with(['→', '-']) && !is_key_name(first);
    if !sure && (!(is_type || says_modifier) || is_arrow) {
        return None;
    }
    if !sure && !is_code && (!is_identifier(first) || is_determiner(first)) {
        return None;
    }
    if let Some(values) = listed_values(spec).filter(|_| !is_type && !says_modifier) {
        fact.enum_values = values;
    } else if let Some((values, marks)) = values_before_marks(spec).filter(|_| !says_modifier) {
        modifier::read_into(marks, true, &mut fact);
        fact.enum_values = values;
    } else if is_remark(spec) && !is_type && !says_modifier {
        // "`created_at`, `updated_at` (Standard audit fields)"
        let inside = bracketless(spec);
        match inside.strip_suffix(" Value Object").or_else(|| inside.strip_suffix(" value object"))
        {
            Some(kind) => fact.type_text = Some(kind.trim().to_owned()),
            None => {
                modifier::read_if_only_modifiers(inside, &mut fact);
                modifier::read_description(inside, &mut fact);
            }
        }
    } else if is_type
        || says_modifier
        || is_code
            && !spec.is_empty()
            && looks_like_spec(spec)
            && !is_adjective(first_word, spec_head)
    {
        modifier::read_into(spec, true, &mut fact);
    } else if !spec.is_empty() {
        // Words after the name: its meaning, a list of its values, or that it is optional.
        modifier::read_into(bracketless(spec), false, &mut fact);
        if fact.enum_values.is_empty() && spec.starts_with('(') {
            let values = modifier::enum_values(bracketless(spec));
            if values.len() > 1 && values.iter().all(|value| value.split_whitespace().count() <= 2)
            {
                let is_modifier_list =
                    fact.required.is_some() || fact.unique.is_some() || fact.primary_key.is_some();
                // "address (street, city)" and "place (geocoded point, latitude)" are made of parts.
                let names_part = |value: &String| {
                    !is_identifier(value)
                        || PARTS.contains(&value.to_lowercase().as_str())
                        || lower_words(value).last().is_some_and(|it| is_property_noun(it))
                };
                let has_parts = !modifier::says_choice(first) && values.iter().any(names_part)
                    || bracketless(spec).contains(": ");
                if has_parts {
                    fact.constraints.clear();
                    fact.description.get_or_insert_with(|| bracketless(spec).to_owned());
                } else if !is_modifier_list {
                    fact.enum_values = values;
                    fact.constraints.clear();
                }
            }
        }
        let listed = match (modifier::says_choice(first), spec.contains(['(', '.', ';'])) {
            (true, false) => modifier::enum_values(spec),
            (true, true) | (false, _) => Vec::new(),
        };
        if listed.len() > 1 && listed.iter().all(|value| is_identifier(value)) {
            // "status: draft, placed, paid"
            fact.enum_values = listed;
            fact.constraints.clear();
        } else if !spec.starts_with('(') && fact.enum_values.is_empty() {
            let (name, required, unique) = (fact.name, fact.required, fact.unique);
            fact = FieldFact { name, required, unique, ..FieldFact::default() };
            modifier::read_description(spec, &mut fact);
        }
    }
    modifier::read_description(description, &mut fact);
    super::form::choice_in_type(&mut fact);
    Some((found, fact))
}

/// Whether a type's name is the first word of a description: "title: short line over the text".
fn is_adjective(word: &str, spec: &str) -> bool {
    let Some(behind) = spec.strip_prefix(word).and_then(|rest| rest.strip_prefix(' ')) else {
        return false;
    };
    let next = lower_words(behind).into_iter().next().unwrap_or_default();
    let goes_on = behind.starts_with(char::is_alphabetic)
        && !modifier::is_scalar(&next)
        && ![
            "int",
            "integer",
            "precision",
            "unsigned",
            "nullable",
            "not",
            "null",
            "optional",
            "required",
            "unique",
            "default",
        ]
        .contains(&next.as_str());
    goes_on && ["big", "double", "long", "real", "short", "single", "small", "tiny"].contains(&word)
}

/// Whether the words behind a name and its colon are the name of another thing and marks, "owner: User, required", or the
/// key of one, "owner: users.id". Names of fields begin small there: "Role: Manager" gives an example.
fn names_type(name: &str, text: &str, spec: &str) -> bool {
    let is_small = name.trim_start_matches('`').starts_with(|c: char| c.is_lowercase() || c == '_');
    let is_parted = text[name.len()..].trim_start_matches(['`', '*']).trim_start().starts_with(':');
    let thing = thing_of_type(spec);
    let is_name = thing.is_some_and(|thing| {
        thing.contains(char::is_lowercase)
            && (thing.starts_with(char::is_uppercase) || spec.contains(&format!("{thing}.id")))
    });
    is_small && is_parted && is_name
}

/// The name in a type that may be that of a thing: `User`, `User?`, `OrderItem[]`, `List<OrderItem>`, `users.id`.
fn thing_of_type(spec: &str) -> Option<&str> {
    let spec = spec.trim_start_matches('`');
    let kind = spec.split([',', ';', '(', '`']).next()?.trim();
    let base = kind.trim_end_matches(['?', '!']);
    let base = base.strip_suffix("[]").or_else(|| base.strip_suffix(".id")).unwrap_or(base);
    let base = base.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(base);
    let lists = ["List<", "Array<", "Set<", "Collection<"];
    let inner = lists.iter().find_map(|list| base.strip_prefix(list)?.strip_suffix('>'));
    Some(inner.unwrap_or(base)).filter(|base| is_identifier(base))
}

/// The name that an item gives as its type, `home: Project`, where its form is that of a thing's name.
pub(super) fn thing_in_type(text: &str) -> Option<&str> {
    let (name, rest) = split_name(text);
    let (spec, _) = split_spec(rest.trim_start());
    thing_of_type(spec).filter(|_| names_type(name, text, spec))
}

/// The item with only the name in code: "`title: string`, required" as "`title`: string, required".
fn name_in_code(text: &str) -> Option<String> {
    let (code, behind) = text.strip_prefix('`')?.split_once('`')?;
    let (name, kind) = code.split_once(':')?;
    let kind = kind.trim();
    let is_typed = is_identifier(name.trim_end_matches('?'))
        && modifier::is_scalar(kind.split([' ', ',']).next().unwrap_or_default());
    is_typed.then(|| format!("`{name}`: {kind}{behind}"))
}

/// Whether all that is said behind a name are places of files: "**migrations**: `db/1.sql`, `db/2.sql`".
fn lists_files(rest: &str) -> bool {
    let spans = crate::words::code_spans(rest);
    let is_path = |span: &&str| {
        span.contains('/') && span.rsplit_once('.').is_some_and(|(_, end)| is_identifier(end))
    };
    !spans.is_empty()
        && spans.iter().all(is_path)
        && lower_words(&crate::words::without_code(rest)).is_empty()
}

/// Words for the parts of a name, a place or a size, where they stand in brackets behind it.
const PARTS: &[&str] = &[
    "first",
    "middle",
    "last",
    "given",
    "family",
    "lat",
    "lng",
    "lon",
    "long",
    "latitude",
    "longitude",
    "altitude",
    "x",
    "y",
    "z",
    "width",
    "height",
    "depth",
    "length",
    "line1",
    "line2",
    "zip",
    "from",
    "to",
    "start",
    "end",
    "min",
    "max",
];

/// Whether a verb stands behind two words without a mark: "Message text is at most 400 characters" is said of
/// the text of a message, and lists no field.
fn goes_on_as_sentence(name: &str, text: &str, spec: &str) -> bool {
    let is_plain = text[name.len()..].starts_with(' ') && spec.starts_with(char::is_alphabetic);
    let verb = lower_words(spec).into_iter().nth(1);
    is_plain
        && verb.is_some_and(|verb| {
            matches!(
                verb.as_str(),
                "is" | "are"
                    | "has"
                    | "have"
                    | "must"
                    | "may"
                    | "can"
                    | "cannot"
                    | "should"
                    | "shall"
                    | "will"
                    | "needs"
                    | "contains"
                    | "starts"
                    | "ends"
                    | "never"
                    | "always"
            )
        })
}

/// "references Member, required": the row that it names is all of its type. More words behind the name make a sentence.
fn refers(spec: &str) -> bool {
    let first = spec.split([',', ';']).next().unwrap_or_default();
    let mut words = first.split_whitespace();
    let leads =
        |word: &str| word.eq_ignore_ascii_case("references") || word.eq_ignore_ascii_case("ref");
    words.next().is_some_and(leads)
        && words
            .next()
            .is_some_and(|name| name.starts_with(char::is_uppercase) || name.starts_with('`'))
        && words.next().is_none()
}

/// Whether a word only groups the fields behind it: "Timing: `startAt`, `endAt`". Values are written
/// without a capital inside.
fn groups_names(word: &str, rest: &str) -> bool {
    let has_hump = |name: &str| {
        let pairs = name.chars().zip(name.chars().skip(1));
        pairs.into_iter().any(|(a, b)| a.is_lowercase() && b.is_uppercase())
            || name.ends_with("_id")
            || name.ends_with("_at")
    };
    word.starts_with(char::is_uppercase)
        && rest.starts_with('`')
        && crate::words::code_spans(rest).iter().any(|name| {
            is_identifier(name) && has_hump(name) && name.starts_with(char::is_lowercase)
        })
}

/// "`open`, `shut`; required, default `open`": the values, and the marks behind them.
fn values_before_marks(spec: &str) -> Option<(Vec<String>, &str)> {
    let (mut values, mut rest) = (Vec::new(), spec);
    while let Some((value, behind)) = rest.strip_prefix('`').and_then(|it| it.split_once('`')) {
        (is_identifier(value) && !modifier::is_scalar(value)).then_some(())?;
        values.push(value.to_owned());
        let behind = behind.trim_start();
        let next = behind.strip_prefix([',', '|', '/']).unwrap_or(behind).trim_start();
        rest = next.strip_prefix("or ").or_else(|| next.strip_prefix("and ")).unwrap_or(next);
    }
    let marks = rest.trim_start_matches([';', ',', ' ']);
    let mut probe = FieldFact::default();
    modifier::read_into(marks, true, &mut probe);
    let is_marked = probe.required.is_some() || probe.default.is_some();
    let only_marks = probe.constraints.is_empty() && probe.type_text.is_none();
    (values.len() > 1 && is_marked && only_marks).then_some((values, marks))
}

/// The values in "(`processed`, `ignored`)".
fn listed_values(spec: &str) -> Option<Vec<String>> {
    let inside = bracketless(spec);
    if inside == spec {
        return None;
    }
    // "(Owner|Admin)"
    let piped: Vec<&str> = inside.split('|').map(|value| value.trim().trim_matches('`')).collect();
    let is_value = |value: &&str| {
        is_identifier(value) && !modifier::is_scalar(value) && !value.eq_ignore_ascii_case("null")
    };
    if piped.len() > 1 && piped.iter().all(is_value) {
        return Some(piped.into_iter().map(str::to_owned).collect());
    }
    // "(draft/sent/viewed)"; "(lat/lng)" names parts, "(km/h)" a unit, and "(unique/required)" are marks.
    let stroked: Vec<&str> = inside.split('/').collect();
    let says_else = |value: &&str| {
        let mut probe = FieldFact::default();
        modifier::read_into(value, false, &mut probe);
        probe.constraints.is_empty()
            || PARTS.contains(&value.to_lowercase().as_str())
            || value.len() < 3 && stroked.len() < 3
    };
    if stroked.len() > 1 && stroked.iter().all(is_value) && !stroked.iter().any(says_else) {
        return Some(stroked.into_iter().map(str::to_owned).collect());
    }
    let values = crate::words::code_spans(inside);
    let others = lower_words(&crate::words::without_code(inside));
    let is_list = values.len() > 1
        && values.iter().all(|value| is_identifier(value))
        && others.iter().all(|word| matches!(word.as_str(), "or" | "and" | "default"));
    is_list.then(|| values.into_iter().map(str::to_owned).collect())
}

/// Whether brackets behind a name hold words about it, and neither a type nor modifiers.
fn is_remark(spec: &str) -> bool {
    let inside = bracketless(spec);
    let words = lower_words(inside);
    inside != spec
        && words.len() > 1
        && !inside.contains(['→', '`', ',', '|', ';', '='])
        && !words.iter().any(|word| {
            modifier::is_scalar(word)
                || matches!(
                    word.as_str(),
                    "fk" | "pk"
                        | "key"
                        | "unique"
                        | "required"
                        | "optional"
                        | "nullable"
                        | "null"
                        | "enum"
                        | "default"
                        | "references"
                        | "reference"
                        | "index"
                        | "indexed"
                        | "of"
                        | "one"
                )
        })
}

fn bracketless(spec: &str) -> &str {
    match parenthesized(spec) {
        Some((before, inside, _)) if before.trim().is_empty() => inside,
        _ => spec,
    }
}

fn looks_like_spec(spec: &str) -> bool {
    lower_words(spec).len() <= 8
}

/// Splits an item into its name and the rest: at a colon, a bracket, a dash or the end of code.
fn split_name(text: &str) -> (&str, &str) {
    if text.starts_with('`') {
        // Several names in a row: `a` / `b`, `a`, `b`.
        let mut end = 0;
        let mut rest = text;
        while let Some(inside) = rest.strip_prefix('`') {
            let Some(close) = inside.find('`') else { break };
            end = text.len() - inside.len() + close + 1;
            let after = &text[end..];
            let next = after.trim_start();
            let next = next
                .strip_prefix([',', '/', '+', '&'])
                .or_else(|| next.strip_prefix("and "))
                .unwrap_or(next)
                .trim_start();
            if !next.starts_with('`') || next.len() == after.trim_start().len() {
                break;
            }
            rest = next;
        }
        let after = text[end..].trim_start().trim_start_matches(':');
        let after = after.trim_start();
        // A dash directly after the name begins the description.
        return (&text[..end], after);
    }
    if let Some(parts) = commas::split(text) {
        return parts;
    }
    match split_once_any(text, &[": ", " (", " - ", " – ", " — ", " → ", ":"]) {
        Some((name, rest)) => {
            let at = name.len();
            let separator = &text[at..text.len() - rest.len()];
            let is_dash = matches!(separator.trim(), "-" | "–" | "—");
            if is_dash && is_identifier(name) && begins_with_type(rest) {
                return (name, rest);
            }
            if separator == " (" || separator == " → " || separator.contains(['-', '–', '—'])
            {
                (name, text[at..].trim_start())
            } else {
                (name, rest)
            }
        }
        None => {
            // `email string required`
            let mut words = text.splitn(2, ' ');
            let name = words.next().unwrap_or_default();
            let rest = words.next().unwrap_or_default();
            let kind = rest.split([' ', ',', '(']).next().unwrap_or_default();
            if modifier::is_scalar(kind) && is_identifier(name) { (name, rest) } else { (text, "") }
        }
    }
}

/// Whether what stands behind a dash begins with a type: "id - uuid" names one; "note - text for the buyer"
/// goes on as a sentence.
fn begins_with_type(text: &str) -> bool {
    let kind = text.split([' ', ',', '(', ';']).next().unwrap_or_default();
    let ends = text[kind.len()..].trim_start();
    modifier::is_scalar(kind) && (ends.is_empty() || ends.starts_with([',', '(', ';']))
}

/// Splits what follows a name into its specification and its description.
fn split_spec(text: &str) -> (&str, &str) {
    let text = text.trim();
    for dash in ["- ", "– ", "— "] {
        if let Some(description) = text.strip_prefix(dash) {
            // "`name` — text, required"
            if begins_with_type(description.trim()) {
                return split_spec(description);
            }
            return ("", description.trim());
        }
    }
    if text.starts_with('(') {
        if let Some((_, inside, after)) = parenthesized(text) {
            let close = text.len() - after.len();
            let after =
                after.trim_start().trim_start_matches([':', '-', '–', '—', '.', ',', ';', ' ']);
            let _ = inside;
            return (&text[..close], after);
        }
    }
    match split_once_any(text, &[" — ", " – ", " - ", " -- ", ". "]) {
        // The stop of "e.g." ends no sentence.
        Some((spec, _)) if spec.ends_with("e.g") || spec.ends_with("i.e") => (text, ""),
        Some((spec, description)) => (spec.trim(), description.trim()),
        None => (text, ""),
    }
}
