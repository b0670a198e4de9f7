//! Life cycles of things that only sentences establish: "**Work Order Lifecycle**: Open -> Closed", and
//! state diagrams whose thing the title of the document or its first sentence names. The exact
//! notations ran before those things were known.

use std::collections::BTreeSet;

use underpin_base::Span;

use super::clause::Clause;
use super::{
    over_clauses, resolve, state_chains, state_pairs, state_steps, state_verbs, state_words, titled,
};
use crate::Fact;
use crate::diagram::mermaid::diagrams;
use crate::diagram::states::{Machine, parse, state_machine};
use crate::document::{BlockKind, Document};
use crate::lifecycle::{Holder, diagram_holder, is_state_topic, is_strict_state_topic};
use crate::notation::state_chain::{Chain, chain};
use crate::notation::{Output, mentioned};
use crate::words::{fold, lower_words};

pub(crate) const DOC: &str = "Chains of states behind a title (\"Order status: open -> closed\"), and \
     state diagrams of a thing that the document's title or its first sentence names.";

pub(crate) fn read(document: &Document<'_>, out: &mut Output) {
    drawings(document, out);
    let mut described = with_transitions(out);
    over_clauses(out, |clauses, out| {
        state_pairs::read(document, clauses, out);
        state_verbs::read(document, clauses, out);
        state_steps::read(document, clauses, out);
        let mut near = Near { clauses, heard: 0, last: None };
        for (at, clause) in clauses.iter().enumerate() {
            let here = || near.before(at, out).map(str::to_owned);
            if let Some((entity, chain)) = state_chains::find(clause, here, document, out) {
                near.pass_over(at, out);
                if described.insert(fold(&entity)) {
                    state(document, document.span(clause.range.clone()), &entity, &chain, out);
                }
                continue;
            }
            let Some(title) = clause.title.as_deref() else {
                told(document, clause, &mut described, out);
                continue;
            };
            if !is_state_topic(title) && !lower_words(title).iter().any(|word| word == "tracking") {
                continue;
            }
            let Some(chain) = chain(&clause.text).filter(|chain| chain.steps.len() > 2) else {
                continue;
            };
            let Some(entity) = titled::noun(title).and_then(|noun| resolve(&noun, out)) else {
                continue;
            };
            let span = document.span(clause.range.clone());
            if !described.insert(fold(&entity)) {
                continue;
            }
            state(document, span, &entity, &chain, out);
        }
    });
}

/// What sentences last spoke of. Few ask, so that the sentences up to one are heard when it does, each once.
struct Near<'c> {
    clauses: &'c [Clause],
    /// How many were heard.
    heard: usize,
    /// The section of the last that spoke of an entity, and which.
    last: Option<(Option<usize>, String)>,
}

impl Near<'_> {
    /// What the sentences before one spoke of last in its section.
    fn before(&mut self, at: usize, out: &Output) -> Option<&str> {
        for clause in &self.clauses[self.heard..at] {
            if let Some(entity) = state_words::spoken_of(clause, clause.tokens.len(), None, out) {
                self.last = Some((clause.section, entity));
            }
        }
        self.heard = at;
        let section = self.clauses[at].section;
        self.last.as_ref().filter(|it| it.0 == section).map(|it| it.1.as_str())
    }

    /// Leaves out a sentence that only draws states.
    fn pass_over(&mut self, at: usize, out: &Output) {
        self.before(at, out);
        self.heard = at + 1;
    }
}

fn state(document: &Document<'_>, span: Span, entity: &str, chain: &Chain, out: &mut Output) {
    for (from, to) in chain.pairs() {
        let fact = Fact::Transition {
            entity: entity.to_owned(),
            field: None,
            from: from.to_owned(),
            to: to.to_owned(),
            on: chain.on.clone(),
        };
        out.state(document, span, fact);
    }
}

/// "The system shall support resource status lifecycle: `open` → `closed`": the one entity before the
/// colon, and the states behind it.
fn told(
    document: &Document<'_>,
    clause: &Clause,
    described: &mut BTreeSet<String>,
    out: &mut Output,
) {
    let Some((label, rest)) = clause.text.split_once(": ") else { return };
    // "Order status tracking: Quote → Paid → Sent": a short label leaves no doubt what follows.
    let is_label =
        || lower_words(label).len() <= 4 && chain(rest).is_some_and(|it| it.steps.len() > 2);
    if !is_strict_state_topic(label) || !rest.trim_start().starts_with('`') && !is_label() {
        return;
    }
    let mut named = mentioned(label, out);
    let (Some(entity), true) = (named.pop(), named.is_empty()) else { return };
    if let Some(chain) = chain(rest)
        && described.insert(fold(&entity))
    {
        state(document, document.span(clause.range.clone()), &entity, &chain, out);
    }
}

/// The folded names of the entities with transitions so far.
fn with_transitions(out: &Output) -> BTreeSet<String> {
    let entities = out.stated().filter_map(|statement| match &statement.fact {
        Fact::Transition { entity, .. } => Some(fold(entity)),
        _ => None,
    });
    entities.collect()
}

/// State diagrams that no notation could give to an entity before the sentences were read.
fn drawings(document: &Document<'_>, out: &mut Output) {
    let mut described = with_transitions(out);
    for (diagram, code, block) in
        diagrams(out.blocks(document), &["stateDiagram", "stateDiagram-v2"])
    {
        let machine = parse(&diagram.lines);
        let arrows = machine.arrows();
        let Some(first) = arrows.first() else { continue };
        let place = document.code_span(code, first.at.clone()).range();
        if !out.is_open(document, place.start) {
            continue;
        }
        let states = Machine::states(&arrows);
        let list: Vec<&str> = states.iter().map(String::as_str).collect();
        let holder = diagram_holder(document, block, diagram.title, &list, out)
            .or_else(|| subject(document, out).map(|entity| Holder { entity, field: None }))
            .filter(|holder| described.insert(fold(&holder.entity)));
        if let Some(holder) = holder {
            diagram.set_drawing_aside(document, code, out);
            state_machine(document, code, &holder, &machine, out);
        }
    }
}

/// What the title of a document names, or else the subject of its first sentence: a known entity.
fn subject(document: &Document<'_>, out: &Output) -> Option<String> {
    let title = document.sections.first().map(|section| section.title.text.as_str())?;
    let by_title = titled::noun(title).and_then(|noun| resolve(&noun, out));
    by_title.or_else(|| {
        let first = document.blocks.iter().find_map(|block| match &block.kind {
            BlockKind::Paragraph(inline) => Some(inline.text.as_str()),
            BlockKind::Table(_) | BlockKind::List(_) | BlockKind::Code(_) => None,
        })?;
        let tokens = super::tag::tag(first.split_inclusive(". ").next()?);
        // "Order is the orchestrator because it owns the order's state": "order" may be a verb.
        let verb = tokens.iter().take(5).position(|token| {
            token.is_any(&["is", "are", "has", "moves", "goes", "passes", "represents"])
        })?;
        let words: Vec<&str> = tokens[..verb]
            .iter()
            .filter(|token| token.tag != super::tag::Tag::Determiner)
            .map(|token| token.text.as_str())
            .collect();
        resolve(&words.join(" "), out)
    })
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn chains_behind_titles() {
        check(
            "# Repairs\n\n## Functional Requirements\n\n- **Work Orders**: Staff submit requests (Title, Description, Priority).\n- **Work Order Lifecycle**: Open -> In Progress -> Closed.\n- **Build pipeline**: Lint -> Test -> Deploy.\n",
            &expect![[r#"
                5 prose-entities  entity Work Order
                5 prose-inline-fields  field Work Order.Title
                5 prose-inline-fields  field Work Order.Description
                5 prose-inline-fields  field Work Order.Priority
                6 told-transitions  transition Work Order: Open -> In Progress
                6 told-transitions  transition Work Order: In Progress -> Closed
            "#]],
        );
    }

    #[test]
    fn a_diagram_of_what_the_first_sentence_is_about() {
        check(
            "# Checkout\n\nParcel is what the checkout makes.\n\n## Flow\n\n```mermaid\nstateDiagram-v2\n  OPEN --> SENT: label printed\n```\n\n## Rules\n\n- Users can create parcels with a weight and a number.\n",
            &expect![[r#"
                9 prose-lifecycle  life cycle Parcel: OPEN | SENT
                9 prose-lifecycle  transition Parcel: OPEN -> SENT on label printed
                14 prose-entities  entity Parcel
                14 prose-entities  entity User
                14 prose-inline-fields  field Parcel.weight
                14 prose-inline-fields  field Parcel.number
                14 prose-possession  relationship User 1:N Parcel [inferred: the sentence calls them its own]
            "#]],
        );
    }

    #[test]
    fn chains_behind_a_sentence_about_one_thing() {
        check(
            "# Rooms\n\n| ID | Requirement |\n|-|-|\n| FR-1 | The system shall allow admins to create rooms with name and capacity |\n| FR-2 | System shall support room status lifecycle: `open` → `shut` → `gone` |\n| FR-3 | System shall run the build status: `lint` → `test` |\n",
            &expect![[r#"
                5 prose-entities  entity Room
                5 prose-inline-fields  field Room.name
                5 prose-inline-fields  field Room.capacity
                6 prose-lifecycle  transition Room: open -> shut
                6 prose-lifecycle  transition Room: shut -> gone
                7 R004 the row `FR-3` was not understood
            "#]],
        );
    }
}
