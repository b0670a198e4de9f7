//! Life cycles drawn with characters: boxes and the arrows between them.

use crate::Fact;
use crate::diagram::boxes::{Boxed, Drawing};
use crate::document::{BlockKind, Document};
use crate::lifecycle::{diagram_holder, is_state_topic, state_name};
use crate::notation::Output;

pub(super) const DOC: &str =
    "States in boxes that are drawn with characters, under a heading about states.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in document.blocks.iter().enumerate() {
        let BlockKind::Code(code) = &block.kind else { continue };
        let is_drawing = code.is_plain() && (code.text.contains('┌') || code.text.contains("+--"));
        let is_topic = document.lead(index).is_some_and(is_state_topic)
            || block.section.is_some_and(|section| is_state_topic(document.title(section)));
        if !is_drawing || !is_topic || !out.is_open(document, block.range.start) {
            continue;
        }
        let Some(drawing) = Drawing::read(&code.text) else { continue };
        let names: Vec<String> = drawing.boxes.iter().map(Boxed::name).collect();
        // A question is a step of some work and no state.
        if names.iter().any(|name| name.contains('?')) {
            continue;
        }
        // "(deleted)" says that the row is gone.
        let states: Vec<Option<String>> =
            names.iter().map(|name| state_name(name).filter(|_| !name.starts_with('('))).collect();
        let arrows: Vec<(&str, &str)> = drawing
            .arrows()
            .into_iter()
            .filter_map(|(from, to)| Some((states[from].as_deref()?, states[to].as_deref()?)))
            .filter(|(from, to)| from != to)
            .collect();
        let listed: Vec<&str> = states.iter().flatten().map(String::as_str).collect();
        if arrows.is_empty() || listed.len() * 2 < names.len() {
            continue;
        }
        let Some(holder) = diagram_holder(document, index, None, &listed, out) else { continue };
        let span = document.span(block.range.clone());
        for (from, to) in arrows {
            let fact = Fact::Transition {
                entity: holder.entity.clone(),
                field: holder.field.clone(),
                from: from.to_owned(),
                to: to.to_owned(),
                on: None,
            };
            out.state(document, span, fact);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn boxes_under_a_heading_about_states() {
        check(
            "# Order\n| Field | Type |\n|-|-|\n| id | int |\n\n## Order Status\n\n```\n┌─────┐     ┌──────┐\n│ new │────►│ paid │ (by card)\n└─────┘     └──┬───┘\n               ▼\n           ┌────────┐\n           │ (gone) │\n           └────────┘\n```\n\n## Layers\n\n```\n┌─────┐     ┌──────┐\n│ web │────►│ data │\n└─────┘     └──────┘\n```\n",
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id int
                8 state-boxes  transition Order.status: new -> paid
            "#]],
        );
    }
}
