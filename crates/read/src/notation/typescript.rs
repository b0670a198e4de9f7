//! TypeScript interfaces, object types, enums and unions.

use crate::document::{BlockKind, Code, Document};
use crate::entity_name::read_title;
use crate::modifier;
use crate::notation::{Mark, Output};
use crate::words::{fold, is_identifier, split_top, unquote};
use crate::{EntityFact, EntityKind, Fact, FieldFact};

pub(super) const DOC: &str = "TypeScript `interface`, `type` and `enum` declarations.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for block in &document.blocks {
        let BlockKind::Code(code) = &block.kind else { continue };
        if matches!(code.language.as_str(), "typescript" | "ts" | "tsx") {
            let heading = block.section.map(|section| document.title(section).to_owned());
            read_block(document, heading.as_deref(), code, out);
        }
    }
}

#[derive(Debug)]
enum Within {
    Nothing,
    Object {
        name: String,
        depth: usize,
        fields: Vec<(FieldFact, std::ops::Range<usize>)>,
        start: usize,
    },
    Values {
        name: String,
        values: Vec<String>,
        start: usize,
    },
    Other(usize),
}

fn read_block(document: &Document<'_>, heading: Option<&str>, code: &Code, out: &mut Output) {
    let mut within = Within::Nothing;
    for (raw, at) in code.lines() {
        let (line, comment) =
            raw.split_once("//").map_or((raw, ""), |(line, comment)| (line, comment));
        let (line, comment) = (line.trim(), comment.trim());
        let opens = line.matches('{').count();
        let closes = line.matches('}').count();
        match &mut within {
            Within::Nothing => within = declaration(document, code, line, &at, out),
            Within::Object { name, depth, fields, start } => {
                if *depth == 1 && closes <= opens {
                    if let Some(field) = member(line, comment) {
                        fields.push((field, at.clone()));
                    }
                }
                *depth = (*depth + opens).saturating_sub(closes);
                if *depth == 0 {
                    let range = *start..at.end;
                    let (name, fields) = (name.clone(), std::mem::take(fields));
                    finish(document, heading, code, &name, fields, range, out);
                    within = Within::Nothing;
                }
            }
            Within::Values { name, values, start } => {
                if closes > opens {
                    let span = document.code_span(code, *start..at.end);
                    if values.len() > 1 {
                        let fact = Fact::Enumeration {
                            name: name.clone(),
                            values: std::mem::take(values),
                        };
                        out.state(document, span, fact);
                    }
                    within = Within::Nothing;
                } else if let Some(value) = value(line) {
                    values.push(value);
                }
            }
            Within::Other(depth) => {
                out.mark(document, document.code_span(code, at).range(), Mark::SetAside);
                *depth = (*depth + opens).saturating_sub(closes);
                if *depth == 0 {
                    within = Within::Nothing;
                }
            }
        }
    }
}

/// What a line at the top level opens.
fn declaration(
    document: &Document<'_>,
    code: &Code,
    line: &str,
    at: &std::ops::Range<usize>,
    out: &mut Output,
) -> Within {
    let line = line.strip_prefix("export ").unwrap_or(line);
    let line = line
        .strip_prefix("default ")
        .or_else(|| line.strip_prefix("const enum ").map(|_| line))
        .unwrap_or(line);
    let mut words = line
        .split(|c: char| c.is_whitespace() || matches!(c, '{' | '=' | '<' | ':'))
        .filter(|word| !word.is_empty());
    let (kind, name) =
        (words.next().unwrap_or_default(), words.next().unwrap_or_default().to_owned());
    let is_open = line.ends_with('{');
    let span = document.code_span(code, at.clone());
    match kind {
        "interface" | "type" | "class" if is_open && is_identifier(&name) => {
            Within::Object { name, depth: 1, fields: Vec::new(), start: at.start }
        }
        "enum" if is_open && is_identifier(&name) => {
            Within::Values { name, values: Vec::new(), start: at.start }
        }
        "const" if is_open && is_identifier(&name) => {
            let is_values = name.starts_with(char::is_uppercase);
            if is_values {
                Within::Values { name, values: Vec::new(), start: at.start }
            } else {
                out.mark(document, span.range(), Mark::SetAside);
                Within::Other(1)
            }
        }
        "type" => {
            // type Status = 'a' | 'b'
            let values =
                line.split_once('=').map(|(_, union)| union_values(union)).unwrap_or_default();
            if values.len() > 1 {
                out.state(document, span, Fact::Enumeration { name, values });
            } else {
                out.mark(document, span.range(), Mark::SetAside);
            }
            Within::Nothing
        }
        _ => {
            let depth = line.matches('{').count().saturating_sub(line.matches('}').count());
            if !line.is_empty() {
                out.mark(document, span.range(), Mark::SetAside);
            }
            if depth > 0 { Within::Other(depth) } else { Within::Nothing }
        }
    }
}

fn union_values(text: &str) -> Vec<String> {
    let parts: Vec<&str> = split_top(text.trim().trim_end_matches(';'), &['|'])
        .into_iter()
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let quoted = parts
        .iter()
        .all(|part| part.starts_with(['\'', '"']) || matches!(*part, "null" | "undefined"));
    if !quoted {
        return Vec::new();
    }
    parts
        .into_iter()
        .filter(|part| part.starts_with(['\'', '"']))
        .map(|part| unquote(part).to_owned())
        .collect()
}

/// `A = 'a',`, `A: 'a',` or `A,`.
fn value(line: &str) -> Option<String> {
    let line = line.trim_end_matches(',').trim();
    let (name, value) = line.split_once(['=', ':']).unwrap_or((line, ""));
    let value = value.trim();
    let text = if value.starts_with(['\'', '"']) { unquote(value) } else { name.trim() };
    is_identifier(text).then(|| text.to_owned())
}

/// `name?: type;`
fn member(line: &str, comment: &str) -> Option<FieldFact> {
    let (name, kind) = line.trim_end_matches([';', ',']).split_once(':')?;
    let name = name.trim().trim_start_matches("readonly ").trim();
    let optional = name.ends_with('?');
    let name = name.trim_end_matches('?');
    if !is_identifier(name) {
        return None;
    }
    let kind = kind.trim();
    let mut field =
        FieldFact { name: name.to_owned(), required: Some(!optional), ..FieldFact::default() };
    let values = union_values(kind);
    if values.is_empty() {
        let kind = if kind.starts_with('{') { "object" } else { kind };
        modifier::set_type(kind, &mut field);
    } else {
        field.type_text = Some("enum".to_owned());
        field.enum_values = values;
        if kind.contains("null") {
            field.required = Some(false);
        }
    }
    if !comment.is_empty() {
        field.description = Some(comment.to_owned());
    }
    Some(field)
}

/// An object type is an entity where the heading names it, or where it has an id of its own.
fn finish(
    document: &Document<'_>,
    heading: Option<&str>,
    code: &Code,
    name: &str,
    fields: Vec<(FieldFact, std::ops::Range<usize>)>,
    range: std::ops::Range<usize>,
    out: &mut Output,
) {
    let title = heading.and_then(read_title);
    let folded = fold(name);
    let named = heading.is_some_and(|heading| {
        let heading = fold(crate::entity_name::strip_numbering(heading));
        heading == folded
            || heading.len() > 3 && (heading.starts_with(&folded) || folded.starts_with(&heading))
    });
    let has_id = fields.iter().any(|(field, _)| field.name == "id" || field.name == "_id");
    let is_message = [
        "Request", "Response", "Props", "Input", "Output", "Params", "Dto", "DTO", "Payload",
        "Options", "Config", "Result", "Args", "State", "Context",
    ]
    .iter()
    .any(|end| name.ends_with(end) && name.len() > end.len());
    let not_stored = title.as_ref().is_some_and(|title| title.not_stored.is_some());
    let span = document.code_span(code, range);
    if not_stored || !(named || has_id && !is_message) || out.known.get(name).is_some() && !named {
        out.mark(document, span.range(), Mark::SetAside);
        return;
    }
    let first = fields.first().map_or(span, |(_, at)| document.code_span(code, at.clone()));
    let entity = EntityFact {
        name: name.to_owned(),
        kind: EntityKind::Entity,
        table: None,
        description: None,
    };
    out.state(document, if named { span } else { first }, Fact::Entity(entity));
    for (field, at) in fields {
        let span = document.code_span(code, at);
        out.state(document, span, Fact::Field { entity: name.to_owned(), field });
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn interfaces_enums_and_unions() {
        check(
            "### Resort Information\n```typescript\ninterface ResortInfo {\n  id: string;\n  phone?: string; // E.164\n  status: 'open' | 'closed';\n  images: {\n    hero: string;\n  };\n}\nexport interface TimeSlot {\n  start: Date;\n}\nexport type Role = 'admin' | 'user';\nexport const Kind = {\n  A: 'a-a',\n  B: 'b',\n} as const;\nenum Level { \n  Low = 'low',\n  High = 'high',\n}\n```\n",
            &expect![[r#"
                3 typescript  entity ResortInfo
                4 typescript  field ResortInfo.id string required
                5 typescript  field ResortInfo.phone string optional -- E.164
                6 typescript  field ResortInfo.status enum required [open | closed]
                7 typescript  field ResortInfo.images object required
                14 typescript  enumeration Role: admin | user
                15 typescript  enumeration Kind: a-a | b
                19 typescript  enumeration Level: low | high
            "#]],
        );
    }
}
