//! `mermaid` graphs whose nodes are entities, with arrows from what owns to what belongs to it.

use crate::diagram::mermaid::diagrams;
use crate::diagram::states::{Edge, Machine};
use crate::document::{Code, Document};
use crate::notation::mermaid_flow::Flow;
use crate::notation::relationship_lines::{is_relationship_topic, pair};
use crate::notation::relationship_verbs::{MANY, ONE};
use crate::notation::{Output, relationship};
use crate::words::lower_words;
use crate::{Fact, RelationshipFact};

pub(super) const DOC: &str =
    "A `mermaid` `graph` of entities in a section about relationships, aggregates or ownership.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (diagram, code, block) in diagrams(out.blocks(document), &["graph", "flowchart"]) {
        let is_open = out.is_open(document, document.blocks[block].range.start);
        let Some(flow) = Flow::of(&diagram).filter(|_| is_open) else { continue };
        let nodes = Machine::states(&flow.edges);
        let nodes: Vec<&str> = nodes.iter().map(String::as_str).collect();
        if relates(document, block, &nodes, out) {
            diagram.set_drawing_aside(document, code, out);
            relate(document, code, &flow.edges, out);
        }
    }
}

/// Whether a graph whose nodes are entities is drawn of what they are to each other, and not of what happens.
fn relates(document: &Document<'_>, block: usize, nodes: &[&str], out: &Output) -> bool {
    let section = document.blocks[block].section;
    let draws_things = document.path_of(section).take(2).any(|section| {
        let words = lower_words(document.title(section));
        let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        has(&["aggregate", "aggregates", "entity", "entities", "domain", "ownership"])
            && has(&["map", "graph", "diagram", "hierarchy", "ownership", "structure"])
    });
    (draws_things || is_relationship_topic(document, block))
        && nodes.len() >= 3
        && nodes.iter().all(|node| out.known.get(node).is_some())
}

/// An arrow leads from what owns to what belongs to it, unless its words say more.
fn relate(document: &Document<'_>, code: &Code, edges: &[Edge], out: &mut Output) {
    for edge in edges {
        let known = |name: &str| out.known.get(name).map(str::to_owned);
        let (Some(mut from), Some(mut to)) = (known(&edge.from), known(&edge.to)) else { continue };
        // What joins two others belongs to both, wherever its arrow leads.
        if joins(&from) {
            std::mem::swap(&mut from, &mut to);
        }
        let ends = edge.on.as_deref().and_then(pair);
        let fact = match ends {
            Some((left, right)) => relationship(from, left, to, right, None),
            None => {
                RelationshipFact { cardinality: None, ..relationship(from, ONE, to, MANY, None) }
            }
        };
        let span = document.code_span(code, edge.at.clone());
        out.infer(document, span, Fact::Relationship(fact), "an arrow joins them in a drawing");
    }
}

/// Whether an entity is called after joining two others: a membership, an assignment.
fn joins(entity: &str) -> bool {
    const ENDS: &[&str] = &["assignment", "enrollment", "enrolment", "link", "membership"];
    let lower = entity.to_lowercase();
    ENDS.iter().any(|end| lower.ends_with(end))
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn arrows_between_entities() {
        check(
            "## Zone\n\n- id: uuid\n\n## Spot\n\n- id: uuid\n\n## Ticket\n\n- id: uuid\n\n## ZoneMembership\n\n- id: uuid\n\n## Aggregate Map\n\n```mermaid\ngraph TD\nZone --> Spot\nSpot -->|1:N| Ticket\nZone --> ZoneMembership\nZoneMembership --> Spot\n```\n\n## Flow\n\n```mermaid\ngraph TD\nTicket --> Spot\nSpot --> Zone\n```\n",
            &expect![[r#"
                1 bullet-fields  entity Zone
                3 bullet-fields  field Zone.id uuid
                5 bullet-fields  entity Spot
                7 bullet-fields  field Spot.id uuid
                9 bullet-fields  entity Ticket
                11 bullet-fields  field Ticket.id uuid
                13 bullet-fields  entity ZoneMembership
                15 bullet-fields  field ZoneMembership.id uuid
                21 mermaid-graph  relationship Zone ? Spot [inferred: an arrow joins them in a drawing]
                22 mermaid-graph  relationship Spot 1:N Ticket [inferred: an arrow joins them in a drawing]
                23 mermaid-graph  relationship Zone ? ZoneMembership [inferred: an arrow joins them in a drawing]
                24 mermaid-graph  relationship Spot ? ZoneMembership [inferred: an arrow joins them in a drawing]
                29 R002 a code block (mermaid) looks like data and was not understood
            "#]],
        );
    }
}
