//! A document in parts that can be read side by side.

use std::ops::Range;

use underpin_base::parallel;

use super::Document;

/// So much text makes a part at least, so that what all parts cost is little beside what is read in them.
pub(crate) const PART: usize = 1 << 16;

/// A stretch of a document from one heading to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) sections: Range<usize>,
    pub(crate) blocks: Range<usize>,
    pub(crate) lines: Range<usize>,
}

/// The parts of a document, each but the last of at least `least` bytes. They depend on nothing but the text: on every
/// machine the same is found.
pub(super) fn of(document: &Document<'_>, least: usize) -> Vec<Part> {
    let length = document.source.text().len();
    let Some(level) = level(document, length / least.max(1)) else {
        return vec![Part {
            sections: 0..document.sections.len(),
            blocks: 0..document.blocks.len(),
            lines: 0..document.line_count(),
        }];
    };
    let mut last = 0;
    let begins = document.sections.iter().enumerate().filter(|(_, section)| {
        let begins = section.level <= level && section.range.start >= last + least;
        if begins {
            last = section.range.start;
        }
        begins
    });
    let mut parts = Vec::new();
    let mut begin = (0, 0, 0);
    for (at, section) in begins {
        let block = document.blocks.partition_point(|block| block.section < Some(at));
        let next = (at, block, document.line_of(section.range.start));
        parts.push((begin, next));
        begin = next;
    }
    let end = (document.sections.len(), document.blocks.len(), document.line_count());
    parts.push((begin, end));
    parts
        .into_iter()
        .map(|(from, to)| Part {
            sections: from.0..to.0,
            blocks: from.1..to.1,
            lines: from.2..to.2,
        })
        .collect()
}

impl Document<'_> {
    /// What is found in its blocks, by their places, in their order: the parts of a long document are
    /// looked through side by side. For what a notation finds in a block by the block alone and what was known before.
    pub(crate) fn find_in_blocks<T: Send>(
        &self,
        find: impl Fn(usize, &mut Vec<T>) + Sync + Send,
    ) -> Vec<T> {
        let mut found = parallel::map_uneven(&self.parts, |part| {
            let mut found = Vec::new();
            for index in part.blocks.clone() {
                find(index, &mut found);
            }
            found
        });
        if let [only] = &mut found[..] {
            return std::mem::take(only);
        }
        found.into_iter().flatten().collect()
    }
}

/// The highest level that has enough headings for so many parts: what stands under headings further down belongs
/// together more closely. None where the document is one part.
fn level(document: &Document<'_>, parts: usize) -> Option<u8> {
    if parts < 2 || document.sections.is_empty() {
        return None;
    }
    let enough =
        |level: &u8| document.sections.iter().filter(|it| it.level <= *level).count() >= parts;
    Some((1..6).find(enough).unwrap_or(6))
}
