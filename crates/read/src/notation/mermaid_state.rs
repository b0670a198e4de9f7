//! `mermaid` state diagrams, and flowcharts whose nodes are states.

use crate::Fact;
use crate::document::{BlockKind, Code, Document};
use crate::lifecycle::{Holder, holder, is_state_topic};
use crate::notation::{Mark, Output};
use crate::words::unquote;
use indexmap::{IndexMap, IndexSet};
use std::ops::Range;

pub(super) const DOC: &str =
    "A `mermaid` `stateDiagram`, or a flowchart under a heading about states.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for block in &document.blocks {
        let BlockKind::Code(code) = &block.kind else { continue };
        let first = code
            .lines()
            .map(|(line, _)| line.trim())
            .find(|line| !line.is_empty() && !line.starts_with("%%"));
        let first = first.unwrap_or_default();
        let is_state = first.starts_with("stateDiagram");
        let is_flow = (first.starts_with("graph ") || first.starts_with("flowchart"))
            && document
                .path_of(block.section)
                .take(2)
                .any(|section| is_state_topic(document.title(section)));
        if is_state || is_flow {
            read_diagram(document, block.section, code, out);
        }
    }
}

struct Edge {
    from: String,
    to: String,
    on: Option<String>,
    at: Range<usize>,
}

fn read_diagram(document: &Document<'_>, section: Option<usize>, code: &Code, out: &mut Output) {
    let mut names: IndexMap<String, String> = IndexMap::new();
    let mut edges = Vec::new();
    let mut other = Vec::new();
    let mut in_note = false;
    for (raw, at) in code.lines() {
        let line = raw.trim().trim_end_matches(';');
        if line.is_empty() {
            continue;
        }
        if in_note {
            in_note = line != "end note";
            other.push(at);
        } else if line.starts_with("note ") {
            in_note = !line.contains(':');
            other.push(at);
        } else if let Some(edge) = edge(line, at.clone()) {
            edges.push(edge);
        } else {
            if let Some((name, id)) =
                line.strip_prefix("state ").and_then(|rest| rest.split_once(" as "))
            {
                names.insert(id.trim().to_owned(), unquote(name).to_owned());
            }
            other.push(at);
        }
    }
    // Flowcharts name a node where it first stands: `A[Pending]`.
    for edge in &mut edges {
        for end in [&mut edge.from, &mut edge.to] {
            let (id, text) = node(end);
            if let Some(text) = text {
                names.insert(id.clone(), text);
            }
            *end = id;
        }
    }
    let name = |id: &str| names.get(id).cloned().unwrap_or_else(|| id.to_owned());
    let states: IndexSet<String> = edges
        .iter()
        .flat_map(|edge| [name(&edge.from), name(&edge.to)])
        .filter(|state| state != "[*]")
        .collect();
    let list: Vec<&str> = states.iter().map(String::as_str).collect();
    let Some(Holder { entity, field }) = holder(document, section, &list, out) else { return };
    let initial = edges.iter().find(|edge| edge.from == "[*]").map(|edge| name(&edge.to));
    if let Some(first) = edges.first() {
        let span = document.code_span(code, first.at.clone());
        let fact = Fact::Lifecycle {
            entity: entity.clone(),
            field: field.clone(),
            states: states.iter().cloned().collect(),
            initial: initial.clone(),
        };
        out.state(document, span, fact);
    }
    // A diagram may start at several states; each start is a statement of its own.
    for edge in edges.iter().filter(|edge| edge.from == "[*]" && edge.to != "[*]") {
        let start = name(&edge.to);
        if initial.as_ref() != Some(&start) {
            let fact = Fact::Lifecycle {
                entity: entity.clone(),
                field: field.clone(),
                states: Vec::new(),
                initial: Some(start),
            };
            out.state(document, document.code_span(code, edge.at.clone()), fact);
        }
    }
    for edge in edges {
        let span = document.code_span(code, edge.at);
        if edge.from == "[*]" || edge.to == "[*]" {
            out.mark(document, span.range(), Mark::Understood);
            continue;
        }
        let fact = Fact::Transition {
            entity: entity.clone(),
            field: field.clone(),
            from: name(&edge.from),
            to: name(&edge.to),
            on: edge.on,
        };
        out.state(document, span, fact);
    }
    for at in other {
        out.mark(document, document.code_span(code, at).range(), Mark::SetAside);
    }
}

/// `a --> b : label`, `a -->|label| b`, `a -- label --> b`.
fn edge(line: &str, at: Range<usize>) -> Option<Edge> {
    let arrow = line.find("-->")?;
    let mut from = line[..arrow].trim();
    let mut rest = line[arrow + 3..].trim_start_matches('>').trim();
    let mut on = None;
    if let Some((before, label)) = from.split_once(" -- ") {
        (from, on) = (before.trim(), Some(label.trim().to_owned()));
    }
    if let Some((label, to)) = rest.strip_prefix('|').and_then(|rest| rest.split_once('|')) {
        (rest, on) = (to.trim(), Some(label.trim().to_owned()));
    } else if let Some((to, label)) = rest.split_once(':') {
        (rest, on) = (to.trim(), Some(label.trim().to_owned()));
    }
    let to = rest.split("-->").next().unwrap_or(rest).trim();
    let is_end = |text: &str| !text.is_empty() && text.len() < 120;
    (is_end(from) && is_end(to)).then(|| Edge {
        from: from.to_owned(),
        to: to.to_owned(),
        on: on.map(|label| unquote(&label).to_owned()).filter(|label| !label.is_empty()),
        at,
    })
}

/// A node's id and its text, of `A[Pending]`, `A(Pending)`, `A{Pending}`.
fn node(text: &str) -> (String, Option<String>) {
    if text == "[*]" {
        return (text.to_owned(), None);
    }
    match text.find(['[', '(', '{']) {
        Some(at) if at > 0 => {
            let label = text[at..].trim_matches(['[', ']', '(', ')', '{', '}', '"', '/', ' ']);
            (text[..at].trim().to_owned(), Some(label.to_owned()))
        }
        _ => (text.to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn states_and_labels() {
        check(
            "# Order\n| Field | Type |\n|-|-|\n| id | int |\n\n## Order Lifecycle\n```mermaid\nstateDiagram-v2\n  [*] --> draft\n  draft --> paid: pay\n  note right of paid\n    money\n  end note\n  paid --> [*]\n```\n## Order flow\n```mermaid\nflowchart LR\n  A[Draft] -->|submit| B[Open]\n```\n",
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id int
                9 mermaid-state  life cycle Order: draft | paid from draft
                10 mermaid-state  transition Order: draft -> paid on pay
                19 mermaid-state  life cycle Order: Draft | Open
                19 mermaid-state  transition Order: Draft -> Open on submit
            "#]],
        );
    }
}
