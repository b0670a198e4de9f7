//! Lines of running text and lists that state something of entities which nobody described: chains of
//! states without an owner, and sentences among relationships.

use std::ops::Range;

use crate::code;
use crate::coverage::{note, shortened};
use crate::document::{BlockKind, Document};
use crate::lifecycle::is_state_topic;
use crate::notation::{Output, relates};

/// Lists such lines, where no notation took them.
pub(crate) fn cover_lines(document: &Document<'_>, lines: &mut [bool], out: &mut Output) {
    let known = &*out;
    let found = document.find_in_blocks(|index, found| {
        let block = &document.blocks[index];
        let topic = document.lead(index).is_some_and(is_state_topic)
            || block.section.is_some_and(|section| is_state_topic(document.title(section)));
        let texts: Vec<(&str, Range<usize>)> = match &block.kind {
            BlockKind::Paragraph(inline) => {
                inline.lines.iter().map(|line| (line.text.as_str(), line.range.clone())).collect()
            }
            BlockKind::List(list) => list
                .items
                .iter()
                .map(|item| (item.content.text.as_str(), item.content.range()))
                .collect(),
            BlockKind::Code(code)
                if topic && matches!(code.language.as_str(), "" | "text" | "txt" | "plaintext") =>
            {
                code.lines()
                    .map(|(line, at)| (line, document.code_span(code, at).range()))
                    .collect()
            }
            BlockKind::Table(_) | BlockKind::Code(_) => Vec::new(),
        };
        for (text, range) in texts {
            if range.is_empty() || !known.is_open(document, range.start) {
                continue;
            }
            let (message, help) = if topic && is_chain(text) {
                (
                    format!("the states `{}` belong to no entity", shortened(text)),
                    "name the entity in the heading above, or write \"Life cycle of `Entity.field`:\" before it",
                )
            } else if relates(document, index, text) {
                (
                    format!("`{}` relates something that no document describes", shortened(text)),
                    "describe both things with their fields, and name them here as they are named there",
                )
            } else {
                continue;
            };
            found.push((range, message, help));
        }
    });
    for (range, message, help) in found {
        note(document, &range, lines);
        out.warn(code::UNREAD_LINE, message, document.span(range), help);
    }
}

/// Words joined by arrows, each part as short as a state's name.
fn is_chain(text: &str) -> bool {
    let text = text.trim().trim_matches('`');
    let text = text.split_once(": ").map_or(text, |(_, rest)| rest);
    let parts: Vec<&str> =
        text.split(['→', '⟶', '➔', '➜']).flat_map(|part| part.split("->")).collect();
    parts.len() > 1
        && text.len() < 200
        && parts.iter().all(|part| {
            let words = part.split_whitespace().count();
            (1..=3).contains(&words) && part.contains(char::is_alphabetic)
        })
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn lines_about_what_nobody_described_are_listed() {
        check(
            "# Dog\n| Field | Type |\n|-|-|\n| id | int |\n\n# Relationships\n\n- An Owner has many Dogs\n- We like dogs a lot\n\n# Status flow\n\nnew → seen → gone\n\n# Pipeline\n\nclient → server → disk\n",
            &expect![[r#"
                1 field-table  entity Dog
                4 field-table  field Dog.id int
                8 prose-entities  candidate Owner -- An Owner has many Dogs
                8 R005 `An Owner has many Dogs` relates something that no document describes
                13 R005 the states `new → seen → gone` belong to no entity
            "#]],
        );
    }
}
