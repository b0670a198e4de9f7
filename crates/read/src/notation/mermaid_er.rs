//! `mermaid` entity-relationship diagrams.

use crate::document::{BlockKind, Code, Document};
use crate::modifier;
use crate::notation::{Mark, Output};
use crate::words::{parenthesized, unquote};
use crate::{EntityFact, EntityKind, Fact, FieldFact, RelationshipFact};

pub(super) const DOC: &str = "A `mermaid` `erDiagram` with its attributes and relationships.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for block in &document.blocks {
        let BlockKind::Code(code) = &block.kind else { continue };
        let first = code.lines().map(|(line, _)| line.trim()).find(|line| {
            !line.is_empty()
                && !line.starts_with("%%")
                && !line.starts_with("---")
                && !line.starts_with("title")
        });
        if first.is_some_and(|line| line.starts_with("erDiagram")) {
            read_diagram(document, code, out);
        }
    }
}

fn read_diagram(document: &Document<'_>, code: &Code, out: &mut Output) {
    let mut entity: Option<String> = None;
    for (raw, at) in code.lines() {
        let span = document.code_span(code, at);
        let line = raw.trim().trim_end_matches(';').trim();
        if line.is_empty() || line.starts_with("%%") {
            continue;
        }
        if line.starts_with("erDiagram")
            || line.starts_with("direction")
            || line.starts_with("---")
            || line.starts_with("title")
            || line.starts_with("classDef")
            || line.starts_with("style ")
        {
            out.mark(document, span.range(), Mark::SetAside);
            continue;
        }
        if let Some(name) = &entity {
            if line.starts_with('}') {
                out.mark(document, span.range(), Mark::Understood);
                entity = None;
            } else if let Some(field) = attribute(line) {
                out.state(document, span, Fact::Field { entity: name.clone(), field });
            }
            continue;
        }
        if let Some(relationship) = edge(line) {
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
        // `NAME {`, `NAME["alias"] {`, `NAME { }` or a bare name.
        let (head, body) =
            line.split_once('{').map_or((line, None), |(head, body)| (head, Some(body)));
        let name = unquote(head.split('[').next().unwrap_or(head)).trim().to_owned();
        let name = name.split(":::").next().unwrap_or_default().trim().to_owned();
        if name.is_empty() || name.split_whitespace().count() > 3 {
            continue;
        }
        out.state(document, span, entity_fact(&name));
        if let Some(body) = body {
            let closed = body.trim_end().ends_with('}');
            let inner = body.trim().trim_end_matches('}').trim();
            if let Some(field) = attribute(inner) {
                out.state(document, span, Fact::Field { entity: name.clone(), field });
            }
            if !closed {
                entity = Some(name);
            }
        }
    }
}

fn entity_fact(name: &str) -> Fact {
    Fact::Entity(EntityFact {
        name: name.to_owned(),
        kind: EntityKind::Entity,
        table: None,
        description: None,
    })
}

/// `type name PK, FK "comment"`.
fn attribute(line: &str) -> Option<FieldFact> {
    let (spec, comment) = match line.split_once('"') {
        Some((spec, rest)) => (spec, rest.trim_end().trim_end_matches('"')),
        None => (line, ""),
    };
    let mut words = spec.split_whitespace();
    let mut kind = words.next()?.to_owned();
    // Spaces inside a type's brackets: `decimal(10, 2)`.
    while kind.contains('(') && !kind.contains(')') {
        kind.push_str(words.next()?);
    }
    let mut field = FieldFact { name: words.next()?.to_owned(), ..FieldFact::default() };
    if let Some(stripped) = field.name.strip_prefix('*') {
        field.name = stripped.to_owned();
        field.primary_key = Some(true);
    }
    modifier::set_type(&kind, &mut field);
    for key in words.collect::<Vec<_>>().join(" ").split([',', ' ', '/']) {
        match key.to_ascii_uppercase().as_str() {
            "PK" => field.primary_key = Some(true),
            "FK" => field.constraints.push("foreign key".to_owned()),
            "UK" | "UNIQUE" | "UQ" => field.unique = Some(true),
            "NULL" | "NULLABLE" => field.required = Some(false),
            _ => {}
        }
    }
    // Comments hold modifiers ("nullable", "FK to User") or a meaning.
    modifier::read_description(comment, &mut field);
    Some(field)
}

/// `A ||--o{ B : label`, also with words in place of the crow's feet.
fn edge(line: &str) -> Option<RelationshipFact> {
    let (ends, label) = match line.split_once(':') {
        Some((ends, label)) => (ends, Some(label.trim())),
        None => (line, None),
    };
    let (at, middle) = ["--", ".."].iter().find_map(|mark| ends.find(mark).map(|at| (at, mark)))?;
    let left = ends[..at].trim_end();
    let right = ends[at + middle.len()..].trim_start();
    let (left_feet, right_feet) = (left.get(left.len().checked_sub(2)?..)?, right.get(..2)?);
    let left_end = end(left_feet)?;
    let right_end = end(right_feet)?;
    let from = entity_name(&left[..left.len() - 2])?;
    let to = entity_name(&right[2..])?;
    let label = label.map(unquote).filter(|label| !label.is_empty()).map(str::to_owned);
    Some(relationship(from, left_end, to, right_end, label))
}

fn entity_name(text: &str) -> Option<String> {
    let text = parenthesized(text).map_or(text, |(before, _, _)| before);
    let name = unquote(text.split('[').next().unwrap_or(text).trim()).trim();
    (!name.is_empty() && name.len() < 200).then(|| name.to_owned())
}

/// How many rows one end may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    pub(super) many: bool,
    pub(super) required: Option<bool>,
}

fn end(feet: &str) -> Option<End> {
    let many = feet.contains(['{', '}']);
    let required = match feet {
        "||" | "}|" | "|{" => true,
        "|o" | "o|" | "}o" | "o{" => false,
        _ => return None,
    };
    Some(End { many, required: Some(required) })
}

/// A relationship from its two ends, with the one side of a 1:N first.
pub(super) fn relationship(
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
                8 mermaid-er  field USER.total decimal(10,2)
                9 mermaid-er  field USER.role string [admin | member] -- admin | member
                11 mermaid-er  entity TAG [inferred: an end of a relationship in a diagram]
                11 mermaid-er  entity POST [inferred: an end of a relationship in a diagram]
                11 mermaid-er  relationship TAG N:M POST "marks"
            "#]],
        );
    }
}
