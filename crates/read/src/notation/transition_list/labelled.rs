//! A life cycle in running text behind the name of its thing: "**Ticket** (`status`). A new ticket is `open`; `open` → `sold`,
//! `open` → `void`. Both are final."

use super::Holder;
use crate::Fact;
use crate::document::{Document, Inline};
use crate::notation::Output;
use crate::notation::initial_state::{initial_state, is_state};
use crate::notation::state_chain::{ARROWS, chain};
use crate::words::is_identifier;

/// Reads a paragraph that begins with the name of a thing, set in bold; `false` where it tells of no state.
pub(super) fn read(document: &Document<'_>, inline: &Inline, out: &mut Output) -> bool {
    let is_open = inline.lines.first().is_some_and(|it| out.is_open(document, it.range.start));
    let Some((holder, said)) = told(inline, out).filter(|_| is_open) else { return false };
    let pieces =
        || said.split(". ").flat_map(|it| it.split("; ")).map(|it| it.trim_end_matches('.'));
    let chains: Vec<_> = pieces()
        .filter(|it| ARROWS.iter().any(|arrow| it.contains(arrow)))
        .filter_map(|it| chain(behind_label(it)))
        .collect();
    let span = document.span(inline.range());
    let Holder { entity, field } = &holder;
    let mut found = false;
    for one in &chains {
        for (from, to) in one.pairs() {
            let (from, to, on) = (from.to_owned(), to.to_owned(), one.on.clone());
            let fact =
                Fact::Transition { entity: entity.clone(), field: field.clone(), from, to, on };
            out.state(document, span, fact);
            found = true;
        }
    }
    for piece in pieces() {
        let Some((initial, is_named)) = initial_state(piece) else { continue };
        if is_named || is_state(&holder, &initial, out) {
            let (entity, field) = (entity.clone(), field.clone());
            let fact =
                Fact::Lifecycle { entity, field, states: Vec::new(), initial: Some(initial) };
            out.state(document, span, fact);
            found = true;
        }
    }
    found
}

/// The thing that a paragraph begins with, and what it says of it.
fn told<'t>(inline: &'t Inline, out: &Output) -> Option<(Holder, &'t str)> {
    let label = inline.label.trim_end_matches([':', '.', ' ']);
    let entity = out.known.get(label.trim_matches('`')).filter(|_| !label.is_empty())?.to_owned();
    let rest = inline.text.strip_prefix(label)?.trim_start();
    let (field, rest) = match rest.strip_prefix('(').and_then(|inner| inner.split_once(')')) {
        Some((name, rest)) => {
            let name = name.trim().trim_matches('`');
            (Some(is_identifier(name).then(|| name.to_owned())?), rest)
        }
        None => (None, rest),
    };
    let rest = rest.trim_start_matches([':', '.', ' ']);
    Some((Holder { entity, field }, rest))
}

/// "It goes planned → running": the words before the first state are none of it.
fn behind_label(piece: &str) -> &str {
    piece.rsplit_once(": ").map_or(piece, |(_, chain)| chain)
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn what_stands_behind_the_name_of_a_thing() {
        check(
            "## Ticket\n\n- id: uuid\n- status: enum `open`, `sold`, `void`\n\n## Life cycles\n\n**Ticket** (`status`). A new ticket is `open`; `open` → `sold`,\n`open` → `void`. Both are final.\n\n**Ticket** (see below). A new ticket is cheap.\n",
            &expect![[r#"
                1 bullet-fields  entity Ticket
                3 bullet-fields  field Ticket.id uuid
                4 bullet-fields  field Ticket.status enum [open | sold | void]
                8 transition-list  transition Ticket.status: open -> sold
                8 transition-list  transition Ticket.status: open -> void
                8 transition-list  life cycle Ticket.status from open
            "#]],
        );
    }
}
