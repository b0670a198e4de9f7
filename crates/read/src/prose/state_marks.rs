//! What becomes of the marks that sentences tell of: "flag the account as frozen" is a flag, several are states.

use std::collections::BTreeMap;

use super::noun::is_attribute;
use crate::document::{BlockKind, Document};
use crate::notation::Output;
use crate::words::fold;
use crate::{Fact, FieldFact};

/// One mark is a flag of its own; several are states.
pub(super) fn state(
    document: &Document<'_>,
    clauses: &[super::clause::Clause],
    marks: &[(String, String, usize)],
    out: &mut Output,
) {
    let columns = state_columns(document);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (owner, _, _) in marks {
        *counts.entry(owner).or_default() += 1;
    }
    for (owner, state, index) in marks {
        let span = document.span(clauses[*index].range.clone());
        let count = counts[owner.as_str()];
        let known = ["status", "state"].into_iter().find(|name| out.field(owner, name).is_some());
        if known.is_some() || out.prose.is_described(owner) {
            continue;
        }
        let field = if count > 1 {
            FieldFact { name: "status".to_owned(), ..FieldFact::default() }
        } else if is_attribute(state) {
            continue;
        } else {
            FieldFact {
                name: state.to_lowercase(),
                type_text: Some("boolean".to_owned()),
                ..FieldFact::default()
            }
        };
        if out.field(owner, &field.name).is_some() {
            continue;
        }
        let mut field = field;
        // "Not frozen" and "frozen" in a table of examples are the two states that the mark joins.
        let states = (count == 1).then(|| opposite(&columns, state)).flatten();
        if let Some((from, to)) = &states {
            field.type_text = None;
            field.enum_values = vec![from.clone(), to.clone()];
        }
        let name = field.name.clone();
        out.state(document, span, Fact::Field { entity: owner.clone(), field });
        if let Some((from, to)) = states {
            let on = Some(clauses[*index].text.trim_end_matches('.').to_owned());
            let fact = Fact::Transition { entity: owner.clone(), field: Some(name), from, to, on };
            out.state(document, span, fact);
        }
    }
}

/// The cells of each column about states in the tables of a document; of few tables, since one about
/// an example stands alone.
fn state_columns<'d>(document: &'d Document<'_>) -> Vec<Vec<&'d str>> {
    let columns = document.blocks.iter().filter_map(|block| {
        let BlockKind::Table(table) = &block.kind else { return None };
        let column = table.header.iter().position(|cell| {
            matches!(cell.text.trim().to_lowercase().as_str(), "status" | "state")
        })?;
        Some(table.rows.iter().take(100).map(|row| row.text(column).trim()).collect())
    });
    columns.take(8).collect()
}

/// The states "not x" and "x" as a column about states spells them, which has no others.
fn opposite(columns: &[Vec<&str>], state: &str) -> Option<(String, String)> {
    columns.iter().find_map(|cells| {
        let to = cells.iter().find(|cell| fold(cell) == fold(state))?;
        let without = cells.iter().find(|cell| fold(cell) == fold(&format!("not {state}")))?;
        let only_two = cells.iter().all(|cell| cell.is_empty() || cell == to || cell == without);
        only_two.then(|| ((*without).to_owned(), (*to).to_owned()))
    })
}
