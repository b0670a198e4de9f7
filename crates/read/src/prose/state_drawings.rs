//! Diagrams of states that neither headings nor titles give to anything: the sentences around tell whose states they are.

use std::collections::BTreeMap;

use super::is_person_noun;
use crate::Fact;
use crate::diagram::mermaid::diagrams;
use crate::diagram::states::{Machine, parse, state_machine};
use crate::document::{BlockKind, Document};
use crate::lifecycle::Holder;
use crate::notation::{Output, mentioned};
use crate::words::fold;

pub(crate) const DOC: &str =
    "A `mermaid` `stateDiagram` whose states sentences tell of the one thing that has them.";

/// So often something must be spoken of beside the states.
const ENOUGH: usize = 2;

pub(crate) fn read(document: &Document<'_>, out: &mut Output) {
    let kinds = ["stateDiagram", "stateDiagram-v2"];
    for (diagram, code, _) in diagrams(document.blocks.iter().enumerate(), &kinds) {
        let machine = parse(&diagram.lines);
        let Some(first) = machine.edges.first() else { continue };
        if !out.is_open(document, document.code_span(code, first.at.clone()).range().start) {
            continue;
        }
        let states: Vec<String> = Machine::states(&machine.arrows()).into_iter().collect();
        let list: Vec<&str> = states.iter().map(String::as_str).collect();
        let Some(holder) = told(document, &list, out).filter(|_| list.len() > 1) else { continue };
        diagram.set_drawing_aside(document, code, out);
        state_machine(document, code, &holder, &machine, out);
    }
}

/// What sentences tell steps between the states of, or else speak of beside them more often than of anything else.
fn told(document: &Document<'_>, states: &[&str], out: &Output) -> Option<Holder> {
    let is_state = |word: &str| states.iter().any(|state| fold(state) == fold(word));
    let stepped = out.stated().filter_map(|statement| match &statement.fact {
        Fact::Transition { entity, from, to, .. } if is_state(from) && is_state(to) => {
            Some(entity.clone())
        }
        _ => None,
    });
    let stepped = most(stepped, 1);
    let entity = stepped.or_else(|| {
        let texts = document.blocks.iter().flat_map(|block| match &block.kind {
            BlockKind::Paragraph(inline) => vec![inline.text.as_str()],
            BlockKind::List(list) => list.items.iter().map(|it| it.content.text.as_str()).collect(),
            BlockKind::Table(_) | BlockKind::Code(_) => Vec::new(),
        });
        let named = texts.filter(|text| names_state(text, states));
        let things = named.flat_map(|text| mentioned(text, out));
        most(things.filter(|it| !is_person_noun(it)), ENOUGH)
    })?;
    Some(Holder { entity, field: None })
}

/// The name that comes most often, and so often at least; none where two come as often.
fn most(names: impl Iterator<Item = String>, least: usize) -> Option<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    let most = counts.values().copied().max().filter(|most| *most >= least)?;
    let mut first = counts.into_iter().filter(|(_, count)| *count == most);
    let (name, _) = first.next()?;
    first.next().is_none().then_some(name)
}

/// Whether a text names a state as the diagram writes it: in code, or in capital letters.
fn names_state(text: &str, states: &[&str]) -> bool {
    let is_written = |state: &&str| {
        text.contains(&format!("`{state}`"))
            || !state.contains(char::is_lowercase)
                && text.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|it| it == *state)
    };
    states.iter().any(is_written)
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    const DRAWN: &str = "## Features\n\n```mermaid\nstateDiagram-v2\n  [*] --> ASKED: by mail\n  ASKED --> LENT\n  LENT --> BACK: all is well\n```\n\n";

    #[test]
    fn sentences_tell_whose_states_they_are() {
        check(
            &format!(
                "# Shed\n\n{DRAWN}- A user creates a loan with a start date and a note. Its status is `ASKED`.\n- A loan is `LENT` once a clerk hands the tool out.\n- A user creates a tool with a name and a price.\n"
            ),
            &expect![[r#"
                7 prose-state-drawings  life cycle Loan: ASKED | LENT | BACK from ASKED
                8 prose-state-drawings  transition Loan: ASKED -> LENT
                9 prose-state-drawings  transition Loan: LENT -> BACK on all is well
                12 prose-entities  entity Loan
                12 prose-entities  entity User
                12 prose-inline-fields  field Loan.start date
                12 prose-inline-fields  field Loan.note
                12 prose-possession  relationship User 1:N Loan [inferred: the sentence calls them its own]
                13 prose-rule-sentence  rule *: A loan is `LENT` once a clerk hands the tool out [inferred: its words bind, and it is a rule where fields give it a meaning]
                14 prose-entities  entity Tool
                14 prose-inline-fields  field Tool.name
                14 prose-inline-fields  field Tool.price
                14 prose-possession  relationship User 1:N Tool [inferred: the sentence calls them its own]
            "#]],
        );
    }

    #[test]
    fn nobody_tells() {
        check(
            &format!(
                "# Shed\n\n{DRAWN}- A user creates a loan with a start date and a note.\n- A user creates a tool with a name and a price.\n- Loans and tools: `LENT` is red.\n- Tools and loans: `BACK` is green.\n"
            ),
            &expect![[r#"
                12 prose-entities  entity Loan
                12 prose-entities  entity User
                12 prose-inline-fields  field Loan.start date
                12 prose-inline-fields  field Loan.note
                12 prose-possession  relationship User 1:N Loan [inferred: the sentence calls them its own]
                13 prose-entities  entity Tool
                13 prose-inline-fields  field Tool.name
                13 prose-inline-fields  field Tool.price
                13 prose-possession  relationship User 1:N Tool [inferred: the sentence calls them its own]
                5 R002 a code block (mermaid) looks like data and was not understood
            "#]],
        );
    }
}
