//! Records written out as JSON or YAML, where nothing else says which fields an entity has.

use std::ops::Range;

use crate::document::{BlockKind, Code, Document};
use crate::notation::code::{Kind, Style, Tokens, blocks, comment_into, object_owner};
use crate::notation::mermaid_er::relationship;
use crate::notation::relationship_verbs::{MANY, ONE};
use crate::notation::{Output, document_index, entity_fact};
use crate::words::{
    fold, is_identifier, lower_words, parenthesized, strip_prefix_ignoring_case, unquote,
};
use crate::{EntityFact, EntityKind, Fact, FieldFact, ReferenceFact};

pub(super) const DOC: &str = "A JSON or YAML example of a record under the heading of a stored thing that has no \
     other list of fields; what it shows is inferred.";

const REASON: &str = "an example of a record shows it";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    read_paths(document, out);
    let is_record = |code: &Code| {
        let is_json = matches!(
            code.language.as_str(),
            "json" | "jsonc" | "json5" | "js" | "javascript" | "bson" | ""
        );
        is_json && code.text.trim_start().starts_with('{')
            || matches!(code.language.as_str(), "yaml" | "yml")
    };
    for (index, code) in blocks(document, is_record) {
        let place = document.span(document.blocks[index].range.clone());
        if !out.is_open(document, place.range().start) || is_introduced_as_other(document, index) {
            continue;
        }
        let Some(title) = object_owner(document, index, out) else { continue };
        let words = lower_words(&title.name);
        let is_topic = words.len() > 3
            || words.iter().any(|word| {
                matches!(
                    word.as_str(),
                    "example"
                        | "examples"
                        | "sample"
                        | "format"
                        | "file"
                        | "create"
                        | "update"
                        | "get"
                        | "delete"
                        | "list"
                        | "step"
                        | "data"
                        | "add"
                        | "import"
                        | "export"
                )
            });
        if is_topic || title.not_stored.is_some() || out.has_fields(&title.name) {
            continue;
        }
        let tokens = Tokens::scan(&code.text, Style::Slash);
        let fields =
            if code.text.trim_start().starts_with('{') { json(&tokens) } else { yaml(code) };
        if fields.len() < 2 || fields.iter().any(|(field, _)| !is_identifier(&field.name)) {
            continue;
        }
        let section = document.blocks[index].section;
        let heading = section
            .map_or(place, |section| document.span(document.sections[section].range.clone()));
        if is_kept_inside(document, index) {
            let fact = Fact::Entity(EntityFact {
                name: title.name.clone(),
                kind: EntityKind::ValueObject,
                table: None,
                description: None,
            });
            out.infer(document, heading, fact, "it is kept inside of another");
        } else {
            out.state_entity(document, section, &title, heading);
        }
        for (field, at) in fields {
            let fact = Fact::Field { entity: title.name.clone(), field };
            out.infer(document, document.code_span(code, at), fact, REASON);
        }
    }
}

/// Several records in one block, each under the path that it is kept at: "// chats/{chatId}".
fn read_paths(document: &Document<'_>, out: &mut Output) {
    let is_commented = |code: &Code| {
        matches!(code.language.as_str(), "json" | "jsonc" | "json5" | "js" | "javascript" | "")
            && code.text.trim_start().starts_with("//")
    };
    for (index, code) in blocks(document, is_commented) {
        let block = &document.blocks[index];
        if !out.is_open(document, block.range.start) || is_introduced_as_other(document, index) {
            continue;
        }
        let lines: Vec<(&str, Range<usize>)> = code.lines().collect();
        let marked: Vec<(usize, &str)> = lines
            .iter()
            .enumerate()
            .filter_map(|(at, (line, _))| Some((at, collection(line)?)))
            .collect();
        for (at, (line, name)) in marked.iter().enumerate() {
            let start = lines[*line].1.end;
            let end = marked.get(at + 1).map_or(code.text.len(), |(next, _)| lines[*next].1.start);
            let tokens = Tokens::scan(&code.text[start..end], Style::Slash);
            let fields = json(&tokens);
            let are_fields = fields.iter().all(|(field, _)| is_identifier(&field.name));
            if fields.len() < 2 || !are_fields || out.has_fields(name) {
                continue;
            }
            let span = document.code_span(code, lines[*line].1.clone());
            out.infer(document, span, entity_fact(name), REASON);
            let holds = marked
                .iter()
                .map(|(_, other)| *other)
                .find(|other| holds(lines[*line].0, other, name));
            if let Some(owner) = holds {
                let fact = relationship(owner.to_owned(), ONE, (*name).to_owned(), MANY, None);
                out.infer(document, span, Fact::Relationship(fact), "it is kept below it");
            }
            for (field, place) in fields {
                let fact = Fact::Field { entity: (*name).to_owned(), field };
                let place = start + place.start..start + place.end;
                out.infer(document, document.code_span(code, place), fact, REASON);
            }
        }
    }
}

/// The collection in "// chats/{chatId}" and "// chats/{chatId}/messages/{messageId}": the last part of a path to
/// one record that is no parameter.
fn collection(line: &str) -> Option<&str> {
    let path = line.trim().strip_prefix("//")?.trim().trim_start_matches('/');
    let is_parameter = |part: &&str| part.starts_with(['{', ':', '$']);
    let parts: Vec<&str> = path.split('/').collect();
    let is_record = parts.len() > 1 && parts.last().is_some_and(is_parameter);
    let name = parts.iter().rev().find(|part| !is_parameter(part))?;
    (is_record && is_identifier(name) && !is_parameter(&parts[0])).then_some(*name)
}

/// Whether the path of a record leads through one of another collection: "letters/{roomId}/{letterId}" through one
/// of the `rooms`.
fn holds(line: &str, other: &str, own: &str) -> bool {
    let parts = line.trim().trim_start_matches('/').split('/').map(str::trim);
    let parts: Vec<&str> = parts.collect();
    let outer = &parts[..parts.len().saturating_sub(1)];
    let is_of = |part: &&str| {
        let name = part.trim_matches(['{', '}', ':', '$']);
        let name =
            ["Id", "_id", "ID"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
        fold(name) == fold(other)
    };
    fold(other) != fold(own) && outer.iter().any(is_of)
}

fn before<'d>(document: &'d Document<'_>, index: usize) -> Option<&'d str> {
    let block = document.blocks.get(index.checked_sub(1)?)?;
    match &block.kind {
        BlockKind::Paragraph(inline) if block.section == document.blocks[index].section => {
            Some(&inline.text)
        }
        _ => None,
    }
}

/// "Request body", "Response (200)", "the job posts".
fn is_introduced_as_other(document: &Document<'_>, index: usize) -> bool {
    before(document, index).is_some_and(|text| {
        lower_words(text).iter().any(|word| {
            matches!(
                word.as_str(),
                "request"
                    | "response"
                    | "returns"
                    | "payload"
                    | "body"
                    | "config"
                    | "configuration"
                    | "environment"
                    | "post"
                    | "patch"
                    | "put"
                    | "event"
                    | "message"
                    | "webhook"
                    | "input"
                    | "output"
                    | "command"
                    | "prompt"
                    | "error"
                    | "localstorage"
            )
        })
    })
}

/// "Stored as JSON on `CoinSet.criteria`", "embedded in Order".
fn is_kept_inside(document: &Document<'_>, index: usize) -> bool {
    before(document, index).is_some_and(|text| {
        let text = text.to_lowercase();
        ["as json", "jsonb", "embedded", "json column"].iter().any(|phrase| text.contains(phrase))
    })
}

fn json(tokens: &Tokens<'_>) -> Vec<(FieldFact, Range<usize>)> {
    let open = tokens.skip_lines(0);
    let close = tokens.close(open);
    // Something behind the record makes it a list of messages or a program, but for the indexes of its collection.
    if close >= tokens.len() || !document_index::only_keys(tokens, close + 1) {
        return Vec::new();
    }
    tokens
        .split(open + 1..close, &[","])
        .into_iter()
        .filter(|part| tokens.text(part.start + 1) == ":")
        .map(|part| {
            let name = unquote(tokens.text(part.start)).to_owned();
            let value = part.start + 2;
            let mut field = FieldFact { name, ..FieldFact::default() };
            let text = tokens.source(&(value..part.end));
            guess(tokens.kind(value), &text, &mut field);
            remark(tokens.comment_behind(&part), &mut field);
            (field, tokens.place(&part))
        })
        .collect()
}

/// What a remark beside a value says of the field: `// "draft" | "sent"`, `// Unique`, `// Reference to clients`.
fn remark(comment: &str, field: &mut FieldFact) {
    let first = lower_words(comment).first().map(ToString::to_string).unwrap_or_default();
    match first.as_str() {
        "unique" => field.unique = Some(true),
        // "Optional reference to packages"
        "optional" | "nullable" => field.required = Some(false),
        _ => {}
    }
    let target = strip_prefix_ignoring_case(comment.trim(), "reference to ")
        .or_else(|| strip_prefix_ignoring_case(comment.trim(), "ref: "))
        .and_then(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next());
    if let Some(target) = target.filter(|target| is_identifier(target)) {
        field.references =
            Some(ReferenceFact { entity: target.to_owned(), field: None, on_delete: None });
        field.description.get_or_insert_with(|| comment.to_owned());
    } else {
        comment_into(comment, field);
    }
}

/// The keys at the outermost level.
fn yaml(code: &Code) -> Vec<(FieldFact, Range<usize>)> {
    let mut fields = Vec::new();
    for (line, at) in code.lines() {
        if line.starts_with([' ', '\t', '#', '-']) || line.trim().is_empty() {
            continue;
        }
        let Some((name, value)) = line.split_once(':') else { return Vec::new() };
        let value = value.split(" #").next().unwrap_or_default().trim();
        let mut field = FieldFact { name: unquote(name).to_owned(), ..FieldFact::default() };
        let kind = if value.chars().all(|c| c.is_ascii_digit() || c == '.') && !value.is_empty() {
            Kind::Number
        } else if matches!(value, "true" | "false" | "null" | "") || value.starts_with(['{', '[']) {
            Kind::Sign
        } else {
            Kind::Text
        };
        guess(Some(kind), if value.is_empty() { "{" } else { value }, &mut field);
        fields.push((field, at));
    }
    fields
}

/// The type that a value shows.
fn guess(kind: Option<Kind>, text: &str, field: &mut FieldFact) {
    let name = match kind {
        Some(Kind::Number) if text.contains('.') => "decimal",
        Some(Kind::Number) => "integer",
        Some(Kind::Text) => {
            text_type(unquote(text), field);
            return;
        }
        _ if matches!(text, "true" | "false") => "boolean",
        _ if text.starts_with('[') => {
            if text.starts_with("[\"") || text.starts_with("['") {
                "string[]"
            } else {
                "json"
            }
        }
        _ if text.starts_with('{') => "json",
        _ => {
            // `null` shows that there may be no value, and nothing of its type.
            field.required = (text == "null").then_some(false);
            return;
        }
    };
    field.type_text = Some(name.to_owned());
}

fn text_type(text: &str, field: &mut FieldFact) {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let is_uuid = text.len() == 36 && text.matches('-').count() == 4;
    let is_date = text.len() >= 10 && digits >= 8 && text.as_bytes()[4] == b'-';
    // "uuid | null" is a type, and "string (unique index)" is one with what is said of it.
    if let Some(kind) = typed(text, field) {
        field.type_text = Some(kind);
        return;
    }
    let bars: Vec<&str> = text.split('|').map(str::trim).collect();
    if bars.len() > 1 && bars.iter().all(|value| is_identifier(value)) {
        field.enum_values = bars.into_iter().map(str::to_owned).collect();
        field.type_text = Some("enum".to_owned());
        return;
    }
    // A type's name stands where a value could.
    let word = text.trim_matches(['<', '>']).to_lowercase();
    let kind = if is_uuid || word == "uuid" {
        "uuid".to_owned()
    } else if is_date {
        if text.len() > 10 { "timestamp" } else { "date" }.to_owned()
    } else if crate::modifier::is_scalar(&word) && !word.contains(' ') {
        word
    } else {
        "string".to_owned()
    };
    field.type_text = Some(kind);
}

/// The type whose name stands where a value could: "string (unique index)", `ISODate | null`, "uuid-string".
fn typed(text: &str, field: &mut FieldFact) -> Option<String> {
    let (front, said) = match parenthesized(text) {
        Some((front, said, "")) => (front.trim(), said.trim()),
        _ => (text.trim(), ""),
    };
    let parts: Vec<&str> = front.split('|').map(str::trim).collect();
    let (absent, names): (Vec<&str>, Vec<&str>) =
        parts.into_iter().partition(|part| matches!(*part, "null" | "undefined"));
    let [name] = names.as_slice() else { return None };
    let word = name.trim_matches(['<', '>']);
    let kind = match word {
        "ISODate" | "Date" | "ISODateTime" | "Timestamp" => "timestamp".to_owned(),
        "ObjectId" => "ObjectId".to_owned(),
        _ if word.split('-').any(|it| it.eq_ignore_ascii_case("uuid")) => "uuid".to_owned(),
        _ => {
            let lower = word.to_lowercase();
            let scalar = lower.strip_suffix("[]").unwrap_or(&lower);
            let is_type = crate::modifier::is_scalar(scalar) && !lower.contains(' ');
            let is_marked = !said.is_empty() || !absent.is_empty();
            (is_type && is_marked).then_some(lower)?
        }
    };
    if !absent.is_empty() {
        field.required = Some(false);
    }
    let lower = said.to_lowercase();
    if lower == "unique" || lower.starts_with("unique ") {
        field.unique = Some(true);
    } else if !said.is_empty() && !lower.starts_with("ref") {
        crate::modifier::read_description(said, field);
    }
    Some(kind)
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn records_of_stored_things() {
        check(
            "# Data Model\n\n## Badge\n\n```json\n{\n  \"id\": \"6f1c2b1e-0b0a-4a57-9a53-0d3c5b8f1a11\",\n  \"title\": \"First steps\",\n  \"points\": 5,\n  \"kind\": \"gold | silver\",\n  \"awardedAt\": \"2025-01-01T10:00:00Z\",\n  \"tags\": [\"a\"],\n  \"note\": null\n}\n```\n\n## Criteria\n\nStored as JSON on `Badge.criteria`.\n\n```json\n{ \"operator\": \"and\", \"rules\": [] }\n```\n\n## Shelf\n```yaml\nname: Top\nwidth: 80\nbooks:\n  - a\n```\n",
            &expect![[r#"
                3 entity-headings  entity Badge
                7 record-example  field Badge.id uuid [inferred: an example of a record shows it]
                8 record-example  field Badge.title string [inferred: an example of a record shows it]
                9 record-example  field Badge.points integer [inferred: an example of a record shows it]
                10 record-example  field Badge.kind enum [gold | silver] [inferred: an example of a record shows it]
                11 record-example  field Badge.awardedAt timestamp [inferred: an example of a record shows it]
                12 record-example  field Badge.tags string[] [inferred: an example of a record shows it]
                13 record-example  field Badge.note optional [inferred: an example of a record shows it]
                17 entity-headings  entity Criteria -- Stored as JSON on `Badge.criteria`.
                17 record-example  value object Criteria [inferred: it is kept inside of another]
                22 record-example  field Criteria.operator string [inferred: an example of a record shows it]
                22 record-example  field Criteria.rules json [inferred: an example of a record shows it]
                25 entity-headings  entity Shelf
                27 record-example  field Shelf.name string [inferred: an example of a record shows it]
                28 record-example  field Shelf.width integer [inferred: an example of a record shows it]
                29 record-example  field Shelf.books json [inferred: an example of a record shows it]
            "#]],
        );
    }

    #[test]
    fn records_of_a_collection_with_their_remarks_and_indexes() {
        check(
            "# Data Model\n\n## crates\n\n```javascript\n{\n  \"crate_id\": \"uuid-string\",  // Primary identifier\n  \"code\": \"CR-1\",           // Unique, shown on labels\n  \"state\": \"packed\",       // \"packed\" | \"sent\"\n  \"yard_id\": \"uuid | null\", // Reference to yards\n  \"slug\": \"string (unique index)\",\n  \"sent_at\": null            // Timestamp when sent\n}\n\n// Indexes\n{ \"code\": 1 }  // Unique\n{ \"state\": 1, \"sent_at\": -1 }\n```\n\n## yards\n\n```javascript\n{ \"name\": \"North\", \"size\": 3 }\nrun({ name: 1 })\n```\n",
            &expect![[r#"
                3 entity-headings  entity crates
                7 record-example  field crates.crate_id uuid -- Primary identifier [inferred: an example of a record shows it]
                8 record-example  field crates.code string unique -- Unique, shown on labels [inferred: an example of a record shows it]
                9 record-example  field crates.state string [packed | sent] [inferred: an example of a record shows it]
                10 record-example  field crates.yard_id uuid optional -> yards -- Reference to yards [inferred: an example of a record shows it]
                11 record-example  field crates.slug string unique [inferred: an example of a record shows it]
                12 record-example  field crates.sent_at optional -- Timestamp when sent [inferred: an example of a record shows it]
                16 document-index  unique crates (code)
                17 document-index  index on crates (state, sent_at desc)
                20 entity-headings  entity yards
            "#]],
        );
    }

    #[test]
    fn payloads_and_configuration_are_no_records() {
        check(
            "# Data Model\n\n## User\n\n| Field | Type |\n|---|---|\n| id | uuid |\n| name | text |\n\n```json\n{ \"id\": \"1\", \"name\": \"a\", \"extra\": 1 }\n```\n\n## Session\n\nResponse:\n\n```json\n{ \"id\": \"1\", \"token\": \"a\" }\n```\n\n# API\n\n## Order\n\n```json\n{ \"id\": \"1\", \"total\": 3 }\n```\n\n# Configuration\n\n```yaml\nport: 80\nhost: x\n```\n",
            &expect![[r#"
                3 field-table  entity User
                7 field-table  field User.id uuid
                8 field-table  field User.name text
                14 entity-headings  entity Session
                24 prose-entities  candidate Order -- Order
            "#]],
        );
    }

    #[test]
    fn records_under_the_paths_that_they_are_kept_at() {
        check(
            "# Talk\n\n```json\n// rooms/{roomId}\n{\n  \"topic\": \"Boats\",\n  \"openedAt\": \"2025-01-01T10:00:00Z\"\n}\n\n// rooms/{roomId}/letters/{letterId}\n{\n  \"senderId\": \"u1\",\n  \"text\": \"Ahoy\"\n}\n```\n\n```json\n// settings for the build\n{\n  \"a\": 1,\n  \"b\": 2\n}\n```\n",
            &expect![[r#"
                4 record-example  entity rooms [inferred: an example of a record shows it]
                6 record-example  field rooms.topic string [inferred: an example of a record shows it]
                7 record-example  field rooms.openedAt timestamp [inferred: an example of a record shows it]
                10 record-example  entity letters [inferred: an example of a record shows it]
                10 record-example  relationship rooms 1:N letters [inferred: it is kept below it]
                12 record-example  field letters.senderId string [inferred: an example of a record shows it]
                13 record-example  field letters.text string [inferred: an example of a record shows it]
            "#]],
        );
    }
}
