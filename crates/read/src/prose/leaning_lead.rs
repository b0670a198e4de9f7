//! A sentence that leans on the one before to say whose fields follow: "A tank belongs to a farm. It has:".

use std::ops::Range;

use super::field_sentence::Lead;
use super::noun::{is_generic, phrase_at};
use super::tag::{Tag, tag};
use crate::document::{BlockKind, Document};

/// A sentence of more words than these says more than whose fields follow.
const LONGEST_LEANING: usize = 16;

/// The thing that the first sentence of the paragraph above a list is about, where the last one says that it has what follows.
pub(super) fn find(document: &Document<'_>, block: usize) -> Option<Lead> {
    let BlockKind::Paragraph(inline) = &document.blocks.get(block.checked_sub(1)?)?.kind else {
        return None;
    };
    let text = inline.text.trim().strip_suffix(':')?.trim();
    let (before, last) = text.rsplit_once(". ").map_or(("", text), |(before, last)| (before, last));
    let last = tag(last);
    let has = last.last().is_some_and(|token| {
        token.is_any(&["has", "have", "includes", "contains", "holds", "records", "stores"])
    });
    let leans = last.first().is_some_and(|token| token.is_any(&["it", "they", "each"]));
    // "A dispatch belongs to a company and has".
    let goes_on = last.len() > 2 && last[last.len() - 2].is("and");
    if !has
        || last.len() > LONGEST_LEANING
        || !(leans && !before.is_empty() || goes_on && before.is_empty())
    {
        return None;
    }
    let tokens = tag(text);
    let subject = phrase_at(&tokens, 0).or_else(|| phrase_at(&tokens, 1))?;
    let is_one =
        tokens.first().is_some_and(|token| token.is_any(&["a", "an", "each", "every", "the"]));
    let is_told = tokens.get(subject.end).is_some_and(|token| token.tag != Tag::Punctuation);
    let is_thing = is_one && is_told && !is_generic(&subject.noun);
    is_thing.then_some(Lead { owner: subject.noun, required: None, is_sure: true, is_label: false })
}

/// The place of the last sentence of a paragraph.
pub(super) fn last_sentence(document: &Document<'_>, paragraph: Range<usize>) -> Range<usize> {
    let text = document.text_of(paragraph.clone());
    let from = text.trim_end().rfind(". ").map_or(0, |at| at + 2);
    paragraph.start + from..paragraph.end
}
