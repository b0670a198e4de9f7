//! Lines that state nothing: open points and what is left out. They are set aside before anything else
//! reads them, and the reader says so once for each document.

use std::ops::Range;

use underpin_base::Diagnostic;

use crate::code;
use crate::document::{BlockKind, Document, Inline};
use crate::prose::unsaid::{Unsaid, leads_to_unsaid, unsaid};

use super::output::{Mark, Output};

pub(super) const DOC: &str = "Open points and what is out of scope: \"TODO: ...\", \"Out of scope: ...\". Nothing follows from them.";

/// So many lines are shown at the note.
const SHOWN: usize = 5;

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let found = document.find_in_blocks(|index, found| {
        let block = &document.blocks[index];
        // What stands under "Out of scope" is out, whatever form it has.
        let headed = document
            .path_of(block.section)
            .any(|section| leads_to_unsaid(document.title(section)) == Some(Unsaid::Excluded));
        match &block.kind {
            BlockKind::Paragraph(inline) => paragraph(inline, headed, found),
            BlockKind::List(list) => {
                let led = document.lead(index).and_then(leads_to_unsaid).is_some();
                let mut out_of: Vec<bool> = Vec::with_capacity(list.items.len());
                for item in &list.items {
                    let text = &item.content.text;
                    let inside = headed || led || item.parent.is_some_and(|parent| out_of[parent]);
                    let is_out = inside
                        || is_unsaid(text)
                        || leads_to_unsaid(text).is_some() && item.has_children;
                    out_of.push(is_out);
                    if is_out {
                        found.extend(item.content.lines.iter().map(|line| line.range.clone()));
                    }
                }
            }
            BlockKind::Table(_) | BlockKind::Code(_) => {}
        }
    });
    for range in &found {
        out.mark(document, range.clone(), Mark::SetAside);
    }
    let Some(first) = found.first() else { return };
    let mut note = Diagnostic::note(
        code::UNSAID,
        "nothing was taken from what is left open or out of scope".to_owned(),
    );
    note = note.at(document.span(first.clone()), "");
    for range in found.iter().skip(1).take(SHOWN - 1) {
        note = note.at(document.span(range.clone()), "");
    }
    out.diagnostics.push(note.help("state it without the label once it is decided"));
}

/// Open points and what is out; a question may ask for rows.
fn is_unsaid(text: &str) -> bool {
    matches!(unsaid(text), Some(Unsaid::Open | Unsaid::Excluded))
}

fn paragraph(inline: &Inline, headed: bool, found: &mut Vec<Range<usize>>) {
    if headed {
        found.extend(inline.lines.iter().map(|line| line.range.clone()));
        return;
    }
    let sentences = crate::prose::placed_sentences(inline);
    for line in &inline.lines {
        let mut touching = sentences
            .iter()
            .filter(|(_, range)| range.start < line.range.end && line.range.start < range.end)
            .peekable();
        let label = line.text.trim_end_matches(':');
        let is_out = touching.peek().is_some() && touching.all(|(text, _)| is_unsaid(text));
        if is_out || line.text.ends_with(':') && leads_to_unsaid(label).is_some() {
            found.push(line.range.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    const ENTITIES: &str = "# Herd\n| Field | Type |\n|-|-|\n| id | int |\n# Keeper\n| Field | Type |\n|-|-|\n| id | int |\n\n";

    #[test]
    fn doubts_relate_nothing() {
        for sentence in [
            "A herd does not have many keepers.",
            "Should a herd have many keepers?",
            "TODO: ask whether a herd has many keepers.",
            "Out of scope: a herd has many keepers.",
            "- Out of scope: a herd has many keepers.",
            "Out of scope:\n\n- A herd has many keepers",
            "## Non-goals\n\n- A herd has many keepers",
            "Herds are counted. Does a herd have many keepers?",
        ] {
            let mut sources = underpin_base::Sources::default();
            sources.add("a.md", format!("{ENTITIES}{sentence}\n"));
            let reading = crate::read(&sources);
            let text = crate::statements_text(&reading, &sources);
            assert!(!text.contains("relationship"), "{sentence}: {text}");
        }
    }

    #[test]
    fn what_stands_beside_a_doubt_is_read() {
        check(
            &format!(
                "{ENTITIES}A herd has many keepers. TODO: decide who feeds it.\n\nTODO: ask whether a keeper has\na name and a phone.\n"
            ),
            &expect![[r#"
                1 field-table  entity Herd
                4 field-table  field Herd.id int
                5 field-table  entity Keeper
                8 field-table  field Keeper.id int
                10 relationship-lines  relationship Herd 1:N Keeper
                12 R013 nothing was taken from what is left open or out of scope
            "#]],
        );
    }
}
