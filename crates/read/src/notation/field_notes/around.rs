//! Whether a note stands among others: how much of what is around it has the shape of one.

use std::collections::BTreeMap;

use super::Note;
use crate::document::{BlockKind, Document, Inline};

/// How much of what stands around a note has the shape of one. Notes are how somebody wrote the things down, line
/// after line; the one line in ten of a list of requirements that looks like one ("Exports: member list, report") is
/// a requirement as the others are.
pub(super) struct Around<'d> {
    document: &'d Document<'d>,
    /// For each place in the outline: how many lines there are, or sections below it, and how many notes.
    lines: BTreeMap<Option<usize>, (usize, usize)>,
    sections: BTreeMap<Option<usize>, (usize, usize)>,
}

impl<'d> Around<'d> {
    /// One line in so many must have the shape of a note.
    const ONE_IN: usize = 3;

    pub(super) fn of<'n>(
        document: &'d Document<'d>,
        notes: impl Iterator<Item = &'n Note>,
    ) -> Self {
        let mut around = Self { document, lines: BTreeMap::new(), sections: BTreeMap::new() };
        let mut last = None;
        for block in &document.blocks {
            let lines = match &block.kind {
                BlockKind::Paragraph(inline) if is_wrapped(inline) => 1,
                BlockKind::Paragraph(inline) => inline.lines.len(),
                BlockKind::List(list) => list.items.iter().filter(|it| it.depth == 0).count(),
                BlockKind::Table(_) | BlockKind::Code(_) => 0,
            };
            around.lines.entry(block.section).or_default().0 += lines;
            if let Some(section) = block.section.filter(|_| last != Some(block.section)) {
                let parent = document.sections[section].parent;
                around.sections.entry(parent).or_default().0 += 1;
            }
            last = Some(block.section);
        }
        for note in notes {
            let (within, parent) = around.place(note);
            match note.section {
                Some(_) => around.sections.entry(parent).or_default().1 += 1,
                None => around.lines.entry(within).or_default().1 += note.height(),
            }
        }
        around
    }

    /// The section in which a note stands, and the one above that.
    fn place(&self, note: &Note) -> (Option<usize>, Option<usize>) {
        let at = note.lines.first().map_or(0, |(_, range)| range.start);
        let block = self.document.blocks.partition_point(|block| block.range.start <= at);
        let block = block.checked_sub(1).map(|block| &self.document.blocks[block]);
        let within = note.section.or_else(|| block.and_then(|block| block.section));
        (within, within.and_then(|section| self.document.sections[section].parent))
    }

    pub(super) fn is_jotted(&self, note: &Note) -> bool {
        let (within, parent) = self.place(note);
        let count = match note.section {
            Some(_) => self.sections.get(&parent),
            None => self.lines.get(&within),
        };
        count.is_none_or(|(all, notes)| notes * Self::ONE_IN >= *all)
    }
}

/// Whether a paragraph is one text that goes on from line to line, and not a line for each thing.
fn is_wrapped(inline: &Inline) -> bool {
    const WIDE: usize = 60;
    let (_, front) = inline.lines.split_last().unzip();
    front.is_some_and(|front: &[_]| {
        !front.is_empty() && front.iter().all(|line| line.text.len() >= WIDE)
    })
}
