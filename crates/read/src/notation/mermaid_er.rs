//! `mermaid` entity-relationship diagrams.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::diagram::mermaid::{Diagram, diagrams};
use crate::document::{Code, Document};
use crate::entity_name::read_title;
use crate::modifier;
use crate::notation::{Mark, Output, entity_fact};
use crate::words::{is_identifier, split_top, unquote};
use crate::{Fact, FieldFact, RelationshipFact};

pub(super) const DOC: &str = "A `mermaid` `erDiagram` with its attributes and relationships.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (diagram, code, _) in diagrams(out.blocks(document), &["erDiagram"]) {
        diagram.set_drawing_aside(document, code, out);
        read_diagram(document, code, &diagram, out);
    }
}

fn read_diagram(document: &Document<'_>, code: &Code, diagram: &Diagram<'_>, out: &mut Output) {
    let names = aliases(diagram);
    let mut entity: Option<String> = None;
    let mut within_values = 0;
    for (index, (line, at)) in diagram.lines.iter().enumerate() {
        let span = document.code_span(code, at.clone());
        if within_values > 0 {
            within_values -= 1;
            out.mark(document, span.range(), Mark::Understood);
            continue;
        }
        if let Some((name, values)) = values(line, &diagram.lines[index + 1..]) {
            within_values = values.len() + 1;
            out.state(document, span, Fact::Enumeration { name, values });
            continue;
        }
        if let Some(name) = &entity {
            let (row, closes) = match line.strip_suffix('}') {
                Some(row) if !in_quotes(row) => (row, true),
                Some(_) | None => (*line, false),
            };
            let fields = attributes(row);
            if fields.is_empty() {
                if row.trim().is_empty() {
                    out.mark(document, span.range(), Mark::Understood);
                } else {
                    out.unread_line(span, row, "an attribute is a type and a name");
                }
            }
            for field in fields {
                out.state(document, span, Fact::Field { entity: name.clone(), field });
            }
            if closes {
                entity = None;
            }
            continue;
        }
        if let Some(relationship) = edge(line, &names) {
            for end in [&relationship.from, &relationship.to] {
                if out.known.get(end).is_none() {
                    out.infer(
                        document,
                        span,
                        entity_fact(end),
                        "an end of a relationship in a diagram",
                    );
                }
            }
            out.state(document, span, Fact::Relationship(relationship));
            continue;
        }
        if let Some(rest) = line.strip_prefix("class ") {
            if rest.split_whitespace().count() == 2 {
                out.mark(document, span.range(), Mark::SetAside);
                continue;
            }
        }
        // `NAME {`, `NAME["alias"] {`, `NAME { }` or a bare name.
        let (head, body) =
            line.split_once('{').map_or((*line, None), |(head, body)| (head, Some(body)));
        let Some(name) = entity_name(head, &names).filter(|name| is_name(name)) else {
            out.unread_line(
                span,
                line,
                "a line of the diagram is an entity, an attribute or a relationship such as `A ||--o{ B : has`",
            );
            continue;
        };
        out.state(document, span, entity_fact(&name));
        if let Some(body) = body {
            let closed = body.trim_end().ends_with('}');
            for field in attributes(body.trim().trim_end_matches('}')) {
                out.state(document, span, Fact::Field { entity: name.clone(), field });
            }
            if !closed {
                entity = Some(name);
            }
        }
    }
}

/// The name and the values of an enumeration that is written like an entity: each line in its body is but
/// one word, where an attribute has a type.
fn values(head: &str, below: &[(&str, Range<usize>)]) -> Option<(String, Vec<String>)> {
    let name = head.strip_suffix('{')?.trim();
    let body = below.iter().map(|(line, _)| *line).take_while(|line| *line != "}");
    let values: Vec<String> =
        body.take_while(|line| is_identifier(line)).map(str::to_owned).collect();
    let closes = below.get(values.len()).is_some_and(|(line, _)| *line == "}");
    (is_identifier(name) && values.len() > 1 && closes).then(|| (name.to_owned(), values))
}

/// The names that are shown in place of ids: `p[Person]`, `a["Customer Account"]`.
fn aliases(diagram: &Diagram<'_>) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for (line, _) in &diagram.lines {
        for (at, _) in line.match_indices('[') {
            let id = line[..at]
                .rsplit(|c: char| c.is_whitespace() || matches!(c, '|' | '{' | '}'))
                .next()
                .unwrap_or_default();
            let Some((shown, _)) = line[at + 1..].split_once(']') else { continue };
            let shown = unquote(shown);
            // A longer text describes the entity; then its id is its name.
            let is_name = !shown.is_empty()
                && shown.split_whitespace().count() <= 3
                && shown.split_whitespace().all(is_identifier);
            if let Some(title) = read_title(shown).filter(|_| is_name && is_identifier(id)) {
                names.insert(id.to_owned(), title.name);
            }
        }
    }
    names
}

fn in_quotes(text: &str) -> bool {
    text.matches('"').count() % 2 == 1
}

fn is_name(name: &str) -> bool {
    name.split_whitespace().count() <= 3
        && !name.contains("--")
        && !name.contains("..")
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.' | '/'))
}

/// The attributes of a line or of the body of an entity on one line: `type name PK, FK "comment"`.
fn attributes(text: &str) -> Vec<FieldFact> {
    split_top(text, &[';']).into_iter().flat_map(attribute_run).collect()
}

fn attribute_run(mut text: &str) -> Vec<FieldFact> {
    let mut fields = Vec::new();
    while let Some((field, rest)) = attribute(text) {
        fields.push(field);
        text = rest;
    }
    fields
}

fn attribute(text: &str) -> Option<(FieldFact, &str)> {
    let (kind, rest) = type_word(text)?;
    let (name, rest) = word(rest).filter(|(name, _)| !name.starts_with('"'))?;
    let (kind, name) = if is_swapped(kind, name) { (name, kind) } else { (kind, name) };
    let (name, is_optional) = match name.strip_suffix('?') {
        Some(name) => (name, true),
        None => (name, false),
    };
    let mut field = FieldFact { name: unquote(name).to_owned(), ..FieldFact::default() };
    if let Some(stripped) = field.name.strip_prefix('*') {
        field.name = stripped.to_owned();
        field.primary_key = Some(true);
    }
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '$');
    if field.name.is_empty() || !field.name.chars().all(is_plain) {
        return None;
    }
    if kind.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("enum(")) {
        modifier::read_into(kind, true, &mut field);
    } else {
        modifier::set_type(&with_brackets(kind), &mut field);
    }
    if is_optional {
        field.required = Some(false);
    }
    let mut rest = rest.trim_start();
    while let Some((key, after)) = key(rest) {
        match key.to_ascii_uppercase().as_str() {
            "PK" => field.primary_key = Some(true),
            "FK" => field.constraints.push("foreign key".to_owned()),
            "UK" | "UNIQUE" | "UQ" => field.unique = Some(true),
            "NULL" | "NULLABLE" | "OPTIONAL" => field.required = Some(false),
            "NOT NULL" | "NN" | "REQUIRED" => field.required = Some(true),
            _ => {}
        }
        rest = after.trim_start_matches([',', '/', '|', ' ', '\t']);
    }
    if let Some((comment, after)) = rest.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
        // Comments hold the digits of a number, modifiers ("nullable", "FK to User") or a meaning.
        let is_size = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
        let sizes: Vec<&str> = comment.split(',').map(str::trim).collect();
        let is_decimal =
            kind.eq_ignore_ascii_case("decimal") || kind.eq_ignore_ascii_case("numeric");
        if is_decimal && sizes.len() == 2 && sizes.iter().all(|part| is_size(part)) {
            modifier::set_type(&format!("{kind}({})", sizes.join(",")), &mut field);
        } else {
            modifier::read_description(comment, &mut field);
        }
        rest = after.trim_start();
    } else if !rest.is_empty() && word(rest).and_then(|(_, rest)| word(rest)).is_none() {
        modifier::read_if_only_modifiers(rest, &mut field);
        rest = "";
    } else if rest.starts_with(['(', '%', '#', '/', '-']) || rest.starts_with('"') {
        modifier::read_description(rest.trim_matches(['"', '%', '#', '/', '-', ' ']), &mut field);
        rest = "";
    }
    Some((field, rest))
}

/// A diagram's type has no brackets and commas, so that `decimal_18_2` stands for `decimal(18,2)`.
fn with_brackets(kind: &str) -> Cow<'_, str> {
    let is_size = |part: &str| {
        part.split('_').all(|size| !size.is_empty() && size.bytes().all(|b| b.is_ascii_digit()))
    };
    match kind.split_once('_') {
        Some((base, sizes)) if modifier::is_scalar(base) && is_size(sizes) => {
            Cow::Owned(format!("{base}({})", sizes.replace('_', ",")))
        }
        _ => Cow::Borrowed(kind),
    }
}

/// A type with what belongs to it: `decimal(10, 2)`, `timestamp with time zone`, `double precision`.
fn type_word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let (first, mut rest) = word(text)?;
    if first.starts_with('"') {
        return None;
    }
    while let Some((next, after)) = word(rest) {
        let belongs = matches!(
            next.to_ascii_lowercase().as_str(),
            "with" | "without" | "time" | "zone" | "precision" | "varying" | "unsigned"
        );
        let has_name =
            word(after).is_some_and(|(name, _)| !name.starts_with('"') && key(name).is_none());
        if !belongs || !has_name {
            break;
        }
        rest = after;
    }
    Some((text[..text.len() - rest.len()].trim_end(), rest))
}

/// The first word, with its brackets; and the rest.
fn word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        match character {
            '(' | '<' | '[' => depth += 1,
            ')' | '>' | ']' => depth = depth.saturating_sub(1),
            c if c.is_whitespace() && depth == 0 => return Some((&text[..at], &text[at..])),
            _ => {}
        }
    }
    (!text.is_empty()).then_some((text, ""))
}

/// A key or another mark behind a name.
fn key(text: &str) -> Option<(&str, &str)> {
    const KEYS: &[&str] = &[
        "PK", "FK", "UK", "UQ", "UNIQUE", "NULLABLE", "NOT NULL", "NULL", "NN", "OPTIONAL",
        "REQUIRED",
    ];
    KEYS.iter().find_map(|key| {
        let head = text.get(..key.len())?;
        let rest = &text[key.len()..];
        let ends = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        (head.eq_ignore_ascii_case(key) && ends).then_some((head, rest))
    })
}

/// Some write the name first.
fn is_swapped(kind: &str, name: &str) -> bool {
    let base = name.split('(').next().unwrap_or(name).to_ascii_lowercase();
    (kind == "id" || !modifier::is_scalar(kind))
        && kind.starts_with(|c: char| c.is_ascii_lowercase())
        && matches!(
            base.as_str(),
            "uuid"
                | "int"
                | "integer"
                | "bigint"
                | "string"
                | "varchar"
                | "boolean"
                | "bool"
                | "datetime"
                | "decimal"
                | "numeric"
                | "float"
                | "jsonb"
                | "timestamptz"
        )
}

/// `A ||--o{ B : label`, also with words in place of the crow's feet.
fn edge(line: &str, names: &BTreeMap<String, String>) -> Option<RelationshipFact> {
    let (ends, label) = match split_label(line) {
        Some((ends, label)) => (ends, Some(label.trim())),
        None => (line, None),
    };
    let (from, left_end, right_end, to) = drawn(ends).or_else(|| in_words(ends))?;
    let (from, to) = (entity_name(from, names)?, entity_name(to, names)?);
    let label = label.map(unquote).filter(|label| !label.is_empty()).map(str::to_owned);
    Some(relationship(from, left_end, to, right_end, label))
}

/// The two names of a line with crow's feet, and its ends.
pub(super) fn footed(line: &str) -> Option<(&str, End, End, &str)> {
    drawn(split_label(line).map_or(line, |(ends, _)| ends))
}

/// At the colon of the label, which is no part of `:::style` and stands outside quotation marks.
fn split_label(line: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let mut skip = 0;
    for (at, character) in line.char_indices() {
        match character {
            '"' => quoted = !quoted,
            ':' if !quoted && line[at..].starts_with(":::") => skip = 3,
            ':' if !quoted && skip == 0 => return Some((&line[..at], &line[at + 1..])),
            _ => {}
        }
        skip = if character == ':' { usize::saturating_sub(skip, 1) } else { 0 };
    }
    None
}

fn drawn(ends: &str) -> Option<(&str, End, End, &str)> {
    ["--", "..", ".-", "-."].iter().flat_map(|mark| ends.match_indices(mark)).find_map(
        |(at, mark)| {
            let left = ends[..at].trim_end();
            let right = ends[at + mark.len()..].trim_start_matches(['-', '.', ' ']);
            let (left_feet, right_feet) =
                (left.get(left.len().checked_sub(2)?..)?, right.get(..2)?);
            Some((&left[..left.len() - 2], end(left_feet)?, end(right_feet)?, &right[2..]))
        },
    )
}

/// How an end is written in words; the longer first.
const WORDS: &[(&str, bool, bool)] = &[
    ("zero or more", true, false),
    ("zero or many", true, false),
    ("one or more", true, true),
    ("one or many", true, true),
    ("zero or one", false, false),
    ("one or zero", false, false),
    ("only one", false, true),
    ("many(0)", true, false),
    ("many(1)", true, true),
    ("0+", true, false),
    ("1+", true, true),
    ("one", false, true),
    ("1", false, true),
];

/// `CUSTOMER one or more to zero or many ORDER`.
fn in_words(ends: &str) -> Option<(&str, End, End, &str)> {
    let (left, right) = ends.split_once(" optionally to ").or_else(|| ends.split_once(" to "))?;
    let (left, right) = (left.trim(), right.trim());
    let make = |many, required| End { many, required: Some(required) };
    let (from, left_end) = WORDS.iter().find_map(|&(words, many, required)| {
        Some((left.strip_suffix(words)?.strip_suffix(' ')?, make(many, required)))
    })?;
    let (to, right_end) = WORDS.iter().find_map(|&(words, many, required)| {
        Some((right.strip_prefix(words)?.strip_prefix(' ')?, make(many, required)))
    })?;
    Some((from, left_end, right_end, to))
}

fn entity_name(text: &str, names: &BTreeMap<String, String>) -> Option<String> {
    let text = text.split(":::").next().unwrap_or(text);
    let id = text.split(['[', '(']).next().unwrap_or(text).trim();
    let name = unquote(id).trim();
    if name.is_empty() || name.len() >= 200 || name.contains(['{', '}', '|', '"', '&']) {
        return None;
    }
    Some(names.get(name).map_or(name, String::as_str).to_owned())
}

/// How many rows one end may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) many: bool,
    pub(crate) required: Option<bool>,
}

/// What crow's feet say of an end.
pub(crate) fn end(feet: &str) -> Option<End> {
    let many = feet.contains(['{', '}']);
    let required = match feet {
        "||" | "}|" | "|{" => true,
        "|o" | "o|" | "}o" | "o{" => false,
        _ => return None,
    };
    Some(End { many, required: Some(required) })
}

/// A relationship from its two ends, with the one side of a 1:N first.
pub(crate) fn relationship(
    from: String,
    left: End,
    to: String,
    right: End,
    label: Option<String>,
) -> RelationshipFact {
    let (from, left, to, right) =
        if left.many && !right.many { (to, right, from, left) } else { (from, left, to, right) };
    let cardinality = match (left.many, right.many) {
        (false, false) => "1:1",
        (true, true) => "N:M",
        _ => "1:N",
    };
    RelationshipFact {
        from,
        to,
        cardinality: Some(cardinality),
        from_required: if cardinality == "N:M" { None } else { left.required },
        to_required: if cardinality == "N:M" { None } else { right.required },
        on_delete: None,
        through: None,
        label,
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn a_body_of_single_words_holds_values() {
        check(
            "```mermaid\nerDiagram\n    Level {\n        LOW\n        HIGH\n    }\n    Ticket {\n        string id PK\n        Level level\n    }\n    Odd {\n        name\n        string id\n    }\n```\n",
            &expect![[r#"
                3 mermaid-er  enumeration Level: LOW | HIGH
                7 mermaid-er  entity Ticket
                8 mermaid-er  field Ticket.id string primary key
                9 mermaid-er  field Ticket.level Level
                11 mermaid-er  entity Odd
                13 mermaid-er  field Odd.id string
                12 R005 `name` was not understood
            "#]],
        );
    }

    #[test]
    fn attributes_and_edges() {
        check(
            "```mermaid\nerDiagram\n  USER ||--o{ ORDER : places\n  ORDER }|--|| \"Shipping Address\" : \"goes to\"\n  USER {\n    uuid id PK\n    string email UK \"nullable\"\n    decimal(10, 2) total\n    string role \"admin | member\"\n  }\n  TAG }o--o{ POST : marks\n  nonsense line with words here\n```\n",
            &expect![[r#"
                3 mermaid-er  entity USER [inferred: an end of a relationship in a diagram]
                3 mermaid-er  entity ORDER [inferred: an end of a relationship in a diagram]
                3 mermaid-er  relationship USER 1:N ORDER from:required to:optional "places"
                4 mermaid-er  entity Shipping Address [inferred: an end of a relationship in a diagram]
                4 mermaid-er  relationship Shipping Address 1:N ORDER from:required to:required "goes to"
                5 mermaid-er  entity USER
                6 mermaid-er  field USER.id uuid primary key
                7 mermaid-er  field USER.email string optional unique -- nullable
                8 mermaid-er  field USER.total decimal(10, 2)
                9 mermaid-er  field USER.role string [admin | member] -- admin | member
                11 mermaid-er  entity TAG [inferred: an end of a relationship in a diagram]
                11 mermaid-er  entity POST [inferred: an end of a relationship in a diagram]
                11 mermaid-er  relationship TAG N:M POST "marks"
                12 R005 `nonsense line with words here` was not understood
            "#]],
        );
    }

    #[test]
    fn all_that_people_write_in_a_diagram() {
        check(
            "```mermaid\n---\ntitle: Orders\n---\nerDiagram\n  direction LR\n  p[Person] {\n    string? nick\n    timestamp with time zone born\n  }\n  p ||--o| a : has\n  a[\"Customer Account\"] { int id PK, FK  string name \"shown\" }\n  \"LINE ITEM\" {\n    enum(a,b) kind\n    id uuid PK\n    string isbn UK \"13 chars\"; string title }\n  ORDER||--|{\"LINE ITEM\"\n  ORDER one or more to zero or one SHOP:::x : \"at: home\"\n  ORDER }o..|| p : by\n  ORDER }o..o{ p : seen\n  LONE\n  style LONE fill:#fff\n  A ||--o{ B & C : two\n```\n",
            &expect![[r#"
                7 mermaid-er  entity Person
                8 mermaid-er  field Person.nick string optional
                9 mermaid-er  field Person.born timestamp with time zone
                11 mermaid-er  entity Customer Account [inferred: an end of a relationship in a diagram]
                11 mermaid-er  relationship Person 1:1 Customer Account from:required to:optional "has"
                12 mermaid-er  entity Customer Account
                12 mermaid-er  field Customer Account.id int primary key {foreign key}
                12 mermaid-er  field Customer Account.name string -- shown
                13 mermaid-er  entity LINE ITEM
                14 mermaid-er  field LINE ITEM.kind enum [a | b]
                15 mermaid-er  field LINE ITEM.id uuid primary key
                16 mermaid-er  field LINE ITEM.isbn string unique {13 chars} -- 13 chars
                16 mermaid-er  field LINE ITEM.title string
                17 mermaid-er  entity ORDER [inferred: an end of a relationship in a diagram]
                17 mermaid-er  relationship ORDER 1:N LINE ITEM from:required to:required
                18 mermaid-er  entity SHOP [inferred: an end of a relationship in a diagram]
                18 mermaid-er  relationship SHOP 1:N ORDER from:optional to:required "at: home"
                19 mermaid-er  relationship Person 1:N ORDER from:required to:optional "by"
                20 mermaid-er  relationship ORDER N:M Person "seen"
                21 mermaid-er  entity LONE
                23 R005 `A ||--o{ B & C : two` was not understood
            "#]],
        );
    }

    #[test]
    fn types_with_sizes_and_comments_of_modifiers() {
        check(
            "```mermaid\nerDiagram\n  ROOM {\n    decimal_18_2 Price \"NOT NULL, DEFAULT 0\"\n    nvarchar_50 Status \"NOT NULL, DEFAULT Pending\"\n  }\n```\n",
            &expect![[r#"
                3 mermaid-er  entity ROOM
                4 mermaid-er  field ROOM.Price decimal(18,2) required default 0 -- NOT NULL, DEFAULT 0
                5 mermaid-er  field ROOM.Status nvarchar(50) required default Pending -- NOT NULL, DEFAULT Pending
            "#]],
        );
    }
}
