//! Things drawn as a tree, each with its fields in square brackets: "├── Project [name, archived?]".

use std::ops::Range;

use crate::document::{BlockKind, Document};
use crate::entity_name::read_title;
use crate::notation::mermaid_er::relationship;
use crate::notation::relationship_verbs::{MANY, ONE};
use crate::notation::{Output, bullet_fields, entity_fact};
use crate::words::{is_identifier, lower_words, split_top};
use crate::{Fact, FieldFact, ReferenceFact};

pub(super) const DOC: &str = "Things drawn as a tree, each with its fields in square brackets: `├── Project [name, archived?]`.";

/// A thing of a tree: how far in it stands, and the place of its line.
struct Node {
    indent: usize,
    name: String,
    fields: Vec<FieldFact>,
    at: Range<usize>,
}

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for block in &document.blocks {
        let BlockKind::Code(code) = &block.kind else { continue };
        let is_plain = code.is_plain() || matches!(code.language.as_str(), "tree" | "txt");
        if !is_plain || !out.is_open(document, block.range.start) {
            continue;
        }
        let lines: Vec<(&str, Range<usize>)> =
            code.lines().filter(|(line, _)| !line.trim().is_empty()).collect();
        let nodes: Vec<Node> =
            lines.iter().filter_map(|(line, at)| node(line, at.clone())).collect();
        // Folders and menus are drawn as trees, too: most lines must list fields.
        if nodes.len() < 2 || nodes.len() * 3 < lines.len() * 2 {
            continue;
        }
        for node in &nodes {
            if out.known.get(&node.name).is_none() {
                let span = document.code_span(code, node.at.clone());
                out.state(document, span, entity_fact(&node.name));
            }
        }
        let mut above: Vec<(usize, String)> = Vec::new();
        for node in nodes {
            let span = document.code_span(code, node.at);
            let Some(entity) = out.known.get(&node.name).map(str::to_owned) else { continue };
            for mut field in node.fields {
                if field.references.is_none() && field.type_text.is_none() {
                    let target = out.known.get(&field.name).map(str::to_owned);
                    field.references =
                        target.map(|entity| ReferenceFact { entity, field: None, on_delete: None });
                }
                out.state(document, span, Fact::Field { entity: entity.clone(), field });
            }
            above.retain(|(indent, _)| *indent < node.indent);
            if let Some((_, owner)) = above.last() {
                let fact = relationship(owner.clone(), ONE, entity.clone(), MANY, None);
                let reason = "one stands under the other in a drawing";
                out.infer(document, span, Fact::Relationship(fact), reason);
            }
            above.push((node.indent, entity));
        }
    }
}

/// The thing of a line: "│   ├── Board [title, position]".
fn node(line: &str, at: Range<usize>) -> Option<Node> {
    let is_drawn =
        |c: char| matches!(c, '│' | '├' | '└' | '╰' | '─' | '|' | '+' | '-' | '`' | ' ' | '\t');
    let text = line.trim_start_matches(is_drawn);
    let indent = line.chars().count() - text.chars().count();
    let (name, inside) = text.trim_end().strip_suffix(']')?.split_once('[')?;
    let title = read_title(name.trim()).filter(|title| title.not_stored.is_none())?;
    let is_name =
        (1..=3).contains(&lower_words(name).len()) && title.name.starts_with(char::is_alphabetic);
    let parts = split_top(inside, &[',', ';']);
    let fields: Vec<FieldFact> = parts.iter().filter_map(|part| field(part.trim())).collect();
    let is_list = !fields.is_empty() && fields.len() == parts.len();
    (is_name && is_list).then_some(Node { indent, name: title.name, fields, at })
}

/// "slug (unique)", "plan: free|pro", "archived?", "author -> Member".
fn field(part: &str) -> Option<FieldFact> {
    let (_, field) = bullet_fields::field(part, true)?;
    is_identifier(&field.name).then_some(field)
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn things_with_their_fields_in_brackets() {
        check(
            "# Yard\n\n```\nYard [name, code (unique), plan: free|pro]\n├── Berth [number, depth_cm?, kind: fixed | floating]\n│   └── Boat [name, owner -> Sailor, launched_at]\n│       └── Survey [surveyor, passed, noted_on]\n└── Sailor [email (unique), phone?]\n```\n\n```\nsrc [code]\n├── main.rs\n├── lib.rs\n└── tests [more code]\n```\n",
            &expect![[r#"
                4 field-tree  entity Yard
                4 field-tree  field Yard.name
                4 field-tree  field Yard.code unique
                4 field-tree  field Yard.plan [free | pro]
                5 field-tree  entity Berth
                5 field-tree  field Berth.number
                5 field-tree  field Berth.depth_cm optional
                5 field-tree  field Berth.kind [fixed | floating]
                5 field-tree  relationship Yard 1:N Berth [inferred: one stands under the other in a drawing]
                6 field-tree  entity Boat
                6 field-tree  field Boat.name
                6 field-tree  field Boat.owner -> Sailor
                6 field-tree  field Boat.launched_at
                6 field-tree  relationship Berth 1:N Boat [inferred: one stands under the other in a drawing]
                7 field-tree  entity Survey
                7 field-tree  field Survey.surveyor
                7 field-tree  field Survey.passed
                7 field-tree  field Survey.noted_on
                7 field-tree  relationship Boat 1:N Survey [inferred: one stands under the other in a drawing]
                8 field-tree  entity Sailor
                8 field-tree  field Sailor.email unique
                8 field-tree  field Sailor.phone optional
                8 field-tree  relationship Yard 1:N Sailor [inferred: one stands under the other in a drawing]
            "#]],
        );
    }
}
