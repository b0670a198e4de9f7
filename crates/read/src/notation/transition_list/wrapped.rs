//! Running text between whose words stand arrows: "A run is planned. It goes planned → running. A running run can be aborted:
//! running → aborted". Where its lines are broken to fit a page, its sentences count, and no line.

use std::ops::Range;

use crate::document::Inline;
use crate::notation::state_chain::ARROWS;
use crate::words::first_word;

/// A line this long, in characters, is broken where the page ends and not where its author wanted.
const LONG: usize = 60;

/// The lines of a paragraph, or its sentences with the place of the line that each begins on.
pub(super) fn pieces(inline: &Inline) -> Vec<(&str, Range<usize>)> {
    let lines = || inline.lines.iter().map(|line| (line.text.as_str(), line.range.clone()));
    if !is_wrapped(inline) {
        return lines().collect();
    }
    let mut starts = Vec::new();
    let mut at = 0;
    for (text, range) in lines() {
        starts.push((at, range));
        at += text.len() + 1;
    }
    let mut found = Vec::new();
    let mut from = 0;
    for sentence in inline.text.split_inclusive(". ") {
        let line = starts.iter().rev().find(|(start, _)| *start <= from);
        if let Some((_, range)) = line {
            found.push((sentence.trim().trim_end_matches('.'), range.clone()));
        }
        from += sentence.len();
    }
    found
}

fn is_wrapped(inline: &Inline) -> bool {
    let texts: Vec<&str> = inline.lines.iter().map(|line| line.text.trim()).collect();
    let is_broken = |pair: &[&str]| {
        let goes_on = !pair[0].ends_with(['.', ':', ';']) && pair[0].chars().count() >= LONG;
        goes_on || ARROWS.iter().any(|arrow| pair[0].ends_with(arrow) || pair[1].starts_with(arrow))
    };
    inline.text.contains(". ") && texts.windows(2).any(is_broken)
}

/// "It goes planned → running": what stands behind the words for the thing and its change.
pub(super) fn without_lead(text: &str) -> &str {
    const CHANGING: &[&str] = &[
        "goes", "go", "moves", "move", "runs", "run", "passes", "pass", "changes", "change", "is",
        "are",
    ];
    const FILLING: &[&str] = &["from", "through", "as", "first"];
    let next = |rest: &str, words: &[&str]| -> Option<usize> {
        let first = first_word(rest).filter(|it| words.contains(&it.as_str()))?;
        let behind = rest.trim_start();
        Some(rest.len() - behind.len() + first.len())
    };
    let Some(pronoun) = next(text, &["it", "they"]) else { return text };
    let Some(verb) = next(&text[pronoun..], CHANGING) else { return text };
    let mut rest = &text[pronoun + verb..];
    while let Some(filler) = next(rest, FILLING) {
        rest = &rest[filler..];
    }
    rest.trim_start()
}
