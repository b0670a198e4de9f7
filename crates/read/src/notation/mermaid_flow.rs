//! `mermaid` flowcharts whose nodes are states.

use std::ops::Range;

use indexmap::IndexMap;

use crate::diagram::mermaid::{Diagram, diagrams};
use crate::diagram::states::{Edge, Machine, OUTSIDE, state};
use crate::document::Document;
use crate::lifecycle::{by_values, diagram_holder, is_strict_state_topic, state_name};
use crate::notation::{Mark, Output};
use crate::words::unquote;

pub(super) const DOC: &str = "A `mermaid` `flowchart` of states: by its heading, or since its nodes are the values of a field.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (diagram, code, block) in diagrams(out.blocks(document), &["graph", "flowchart"]) {
        let Some(flow) = Flow::of(&diagram) else { continue };
        let states = Machine::states(&flow.edges);
        let list: Vec<&str> = states.iter().map(String::as_str).collect();
        let section = document.blocks[block].section;
        // A title that says "states" is enough; else the nodes must be known as states.
        let said = diagram
            .title
            .into_iter()
            .chain(document.lead(block))
            .chain(document.path_of(section).take(2).map(|section| document.title(section)))
            .any(is_strict_state_topic);
        let holder = if said {
            diagram_holder(document, block, diagram.title, &list, out)
        } else {
            by_values(&list, out)
        };
        let Some(holder) = holder else { continue };
        diagram.set_drawing_aside(document, code, out);
        state(document, code, &holder, &flow.edges, out);
        for at in flow.other {
            out.mark(document, document.code_span(code, at).range(), Mark::SetAside);
        }
    }
}

pub(super) struct Flow {
    pub(super) edges: Vec<Edge>,
    other: Vec<Range<usize>>,
}

impl Flow {
    /// `None` where a node is no state: a store, a decision, a step in a sentence.
    pub(super) fn of(diagram: &Diagram<'_>) -> Option<Self> {
        let mut labels: IndexMap<String, String> = IndexMap::new();
        let mut flow = Self { edges: Vec::new(), other: Vec::new() };
        for (line, at) in &diagram.lines {
            let first = line.split_whitespace().next().unwrap_or_default();
            if matches!(first, "subgraph" | "end" | "class") {
                flow.other.push(at.clone());
                continue;
            }
            flow.chain(line, at, &mut labels)?;
        }
        for edge in &mut flow.edges {
            for end in [&mut edge.from, &mut edge.to] {
                let label = labels.get(end).cloned().unwrap_or_else(|| end.clone());
                *end = match label.to_lowercase().as_str() {
                    "start" | "end" | "[*]" | "●" | "◉" => OUTSIDE.to_owned(),
                    _ => state_name(&label)?,
                };
            }
        }
        (!flow.edges.is_empty()).then_some(flow)
    }

    /// `A[Draft] -->|submit| B & C --> D`.
    fn chain(
        &mut self,
        line: &str,
        at: &Range<usize>,
        labels: &mut IndexMap<String, String>,
    ) -> Option<()> {
        let mut rest = line;
        let mut before: Vec<String> = Vec::new();
        let mut on: Option<String> = None;
        loop {
            let mut group = Vec::new();
            loop {
                let (id, label, after) = node(rest)?;
                if let Some(label) = label {
                    labels.insert(id.clone(), label);
                }
                group.push(id);
                rest = after.trim_start();
                match rest.strip_prefix('&') {
                    Some(after) => rest = after.trim_start(),
                    None => break,
                }
            }
            for from in &before {
                for to in &group {
                    self.edges.push(Edge {
                        from: from.clone(),
                        to: to.clone(),
                        on: on.clone(),
                        at: at.clone(),
                        scope: None,
                    });
                }
            }
            if rest.is_empty() {
                if before.is_empty() {
                    self.other.push(at.clone());
                }
                return Some(());
            }
            let (label, after) = link(rest)?;
            on = label;
            rest = after;
            before = group;
        }
    }
}

/// A node's id, its text and the rest: `A`, `A[Pending]`, `A(["Pending"]):::style`. `None` for a
/// decision `A{...}` and a store `A[(...)]`, which are no states.
fn node(text: &str) -> Option<(String, Option<String>, &str)> {
    let text = text.trim_start();
    let end =
        text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.'))).unwrap_or(text.len());
    let (id, rest) = text.split_at(end);
    if id.is_empty() {
        return None;
    }
    let (label, rest) = match rest.chars().next() {
        Some('{' | '>') => return None,
        Some('[') if rest.starts_with("[(") => return None,
        Some('[' | '(') => {
            let mut depth = 0_usize;
            let close = rest.char_indices().find_map(|(at, c)| {
                match c {
                    '[' | '(' | '{' => depth += 1,
                    ']' | ')' | '}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                (depth == 0).then_some(at)
            })?;
            let label = rest[..=close]
                .trim_matches(['[', ']', '(', ')', '/', '\\', ' '])
                .split("<br")
                .next()
                .unwrap_or_default();
            (Some(unquote(label).trim_matches('"').trim().to_owned()), &rest[close + 1..])
        }
        _ => (None, rest),
    };
    let rest = match rest.strip_prefix(":::") {
        Some(style) => {
            style.trim_start_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-'))
        }
        None => rest,
    };
    Some((id.to_owned(), label, rest))
}

/// An arrow with its label: `-->|label|`, `-- label -->`, `-.->`, `==>`. `None` for a line without a
/// head, which says nothing of an order.
fn link(text: &str) -> Option<(Option<String>, &str)> {
    let head = text.find('>')?;
    let shaft = &text[..head];
    if !shaft.starts_with(['-', '=']) || !shaft.ends_with(['-', '=']) || shaft.contains(['[', '('])
    {
        return None;
    }
    let inner = shaft.trim_matches(['-', '=', '.', ' ']);
    let rest = text[head + 1..].trim_start();
    let (label, rest) = match rest.strip_prefix('|').and_then(|rest| rest.split_once('|')) {
        Some((label, rest)) => (label, rest),
        None => (inner, rest),
    };
    let label = unquote(label.split("<br").next().unwrap_or(label)).to_owned();
    Some(((!label.is_empty()).then_some(label), rest.trim_start()))
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn states_by_heading_and_by_values() {
        check(
            "# Order\n| Field | Type |\n|-|-|\n| id | int |\n| status | enum: draft, open, paid |\n\n## Order states\n```mermaid\nflowchart LR\n  S((Start)) --> A([Draft]):::new\n  A -->|submit| B[\"Open<br/>visible\"]\n  A & B -- cancel --> C(Cancelled)\n  classDef new fill:#fff\n```\n## How it works\n```mermaid\ngraph TD\n  draft --> open --> paid\n```\n",
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id int
                5 field-table  field Order.status enum [draft | open | paid]
                10 mermaid-flow  life cycle Order: Draft | Open | Cancelled from Draft
                11 mermaid-flow  transition Order: Draft -> Open on submit
                12 mermaid-flow  transition Order: Draft -> Cancelled on cancel
                12 mermaid-flow  transition Order: Open -> Cancelled on cancel
                18 mermaid-flow  life cycle Order.status: draft | open | paid
                18 mermaid-flow  transition Order.status: draft -> open
                18 mermaid-flow  transition Order.status: open -> paid
            "#]],
        );
    }

    #[test]
    fn steps_and_pictures_are_no_states() {
        check(
            "# Order\n| Field | Type |\n|-|-|\n| id | int |\n\n## Order status\n```mermaid\nflowchart TD\n  A[Customer opens the order page and pays] --> B{Paid?}\n  B -->|yes| C[Done]\n```\n## Architecture\n```mermaid\ngraph TD\n  Web --> Api\n  Api --> Db[(PostgreSQL)]\n```\n## Order flow\n```mermaid\ngraph LR\n  A[Pick] --> B[Pack]\n```\n",
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id int
                7 R002 a code block (mermaid) looks like data and was not understood
                13 R002 a code block (mermaid) looks like data and was not understood
                19 R002 a code block (mermaid) looks like data and was not understood
            "#]],
        );
    }
}
