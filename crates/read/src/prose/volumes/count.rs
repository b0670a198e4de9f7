//! The numbers of a line that may count rows, each with what stands behind it.

use std::ops::Range;

use super::words::{HOLDING, ROW_WORDS};
use crate::notation::Output;
use crate::prose::{resolve, singular};
use crate::quantity::{self, months, months_of_adverb};

/// A word or a number in a line.
pub(super) struct Word<'t> {
    pub(super) text: &'t str,
    pub(super) lower: String,
    pub(super) range: Range<usize>,
}

pub(super) fn split(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut start = None;
    let is_inside = |c: char| c.is_alphanumeric() || c == '_' || c == '\'';
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, is_inside(c)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                let word = &text[from..at];
                words.push(Word { text: word, lower: word.to_lowercase(), range: from..at });
                start = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }
    words
}

/// A number of rows in a line: what it counts, and whether that comes anew in a time.
#[derive(Debug)]
pub(super) struct Count {
    /// The noun behind the number; none where a word for rows stands there, or nothing does.
    pub(super) noun: Option<String>,
    /// Whether a word for rows stands behind the number.
    pub(super) is_rows: bool,
    pub(super) value: f64,
    /// How often in a month.
    pub(super) times: Option<f64>,
    /// Whether a sign or a word says that it is added, or whether it is added.
    pub(super) is_added: bool,
    /// Whether the noun stands before the number, in a list of such: "Desk 40, Trader 900".
    pub(super) is_labelled: bool,
    pub(super) range: Range<usize>,
}

impl Count {
    /// Whether a word is part of the noun's name: "requests" of transfer requests.
    pub(super) fn is_named_by(&self, word: &str) -> bool {
        let words = self.noun.as_deref().map(crate::words::lower_words).unwrap_or_default();
        words.len() > 1 && words.iter().any(|it| singular(it) == singular(word))
    }

    /// Whether so few rows count only where numbers of rows are listed.
    pub(super) fn is_small(&self) -> bool {
        self.value < 100.0
    }
}

/// The entity that a list names before a number: "Trader" in "Desk 40, Trader 900".
fn label(before: &str, rest: &str, out: &Output) -> Option<String> {
    let label = before.rsplit([',', ';']).next()?.trim().trim_start_matches(['-', '*', ' ']);
    let is_listed = before.contains(',') || rest.trim_start().starts_with(',');
    let is_short = !label.is_empty() && label.split(' ').count() <= 3;
    (is_listed && is_short).then(|| out.known.get(label).map(str::to_owned))?
}

/// How many months' worth a period is, where one stands at the beginning of a text or few words later; and whether it is there.
fn period(words: &[Word<'_>], text: &str, from: usize) -> Option<f64> {
    // Between the two no more than what happens to the rows: "orders are placed every day".
    const BETWEEN: usize = 4;
    let behind = text[from..].trim_start();
    let is_slash = behind.starts_with('/');
    let first = words.iter().position(|word| word.range.start >= from)?;
    for (count, at) in (first..words.len().min(first + BETWEEN + 1)).enumerate() {
        // Another clause begins.
        if text[from..words[at].range.start].contains([',', ';', '(']) && count > 0 {
            return None;
        }
        let unit = |word: &str| months(word);
        if let Some(months) = months_of_adverb(&words[at].lower) {
            return Some(months);
        }
        match words[at].lower.as_str() {
            "per" | "a" | "an" | "each" | "every" => {
                let next = words.get(at + 1)?;
                if let Some(months) = unit(&next.lower) {
                    return Some(months);
                }
                // "10,000 lines per order" is a ratio.
                return None;
            }
            word if is_slash && count == 0 => return unit(word),
            word if word.starts_with(|c: char| c.is_ascii_digit()) => return None,
            _ => {}
        }
        if text[words[at].range.end..].starts_with('/') {
            return words.get(at + 1).and_then(|next| unit(&next.lower));
        }
    }
    None
}

/// Words behind a number that make it a measure of something else.
fn is_other_unit(word: &str) -> bool {
    const OTHERS: &[&str] =
        &["kb", "mb", "gb", "tb", "percent", "usd", "eur", "tps", "rps", "qps", "times", "x"];
    quantity::is_duration_unit(word) || OTHERS.contains(&word)
}

/// All numbers of a line that may count rows.
pub(super) fn counts(text: &str, out: &Output) -> Vec<Count> {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let words = split(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let word = &words[at];
        at += 1;
        if !word.text.starts_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let before = text[..word.range.start].trim_end();
        let is_other = before.ends_with(['$', '€', '£', '<', '≤', '-', '–', '.', '#', '/']);
        let Some((value, rest)) = quantity::number(&text[word.range.start..]) else { continue };
        let mut end = text.len() - rest.len();
        // What the number swallowed.
        while at < words.len() && words[at].range.start < end {
            at += 1;
        }
        if is_other || rest.starts_with(['%', '-', '–', ':']) {
            continue;
        }
        if rest.starts_with('+') {
            end += 1;
        }
        let gap = |from: usize, to: usize| &text[from..to];
        let mut next = at;
        // "400 million entries (growing 5 million per month)": more of the same.
        let said_before = before.to_lowercase();
        let mut is_new = before.ends_with('+')
            || ["growing", "growing by", "grows by", "increasing by", "growth", "growth of"]
                .iter()
                .any(|lead| said_before.ends_with(lead));
        while words.get(next).is_some_and(|word| {
            matches!(
                word.lower.as_str(),
                "new"
                    | "more"
                    | "additional"
                    | "active"
                    | "registered"
                    | "total"
                    | "of"
                    | "the"
                    | "distinct"
                    | "different"
            )
        }) && gap(end, words[next].range.start).trim_matches([' ', '`', '*']).is_empty()
        {
            is_new |= matches!(words[next].lower.as_str(), "new" | "more" | "additional");
            next += 1;
        }
        let skipped = if next > at { words[next - 1].range.end } else { end };
        let Some(noun) = words
            .get(next)
            .filter(|noun| gap(skipped, noun.range.start).trim_matches([' ', '`', '*']).is_empty())
        else {
            let label = label(before, rest, out);
            found.push(Count {
                is_labelled: label.is_some(),
                noun: label,
                is_rows: false,
                value,
                times: period(&words, text, end),
                is_added: is_new,
                range: word.range.start..end,
            });
            continue;
        };
        if is_other_unit(&noun.lower) {
            continue;
        }
        let (noun, is_rows, behind) = if ROW_WORDS.contains(&noun.lower.as_str()) {
            (None, true, noun.range.end)
        } else if let Some((entity, count)) = named(text, &words[next..], out) {
            (Some(entity), false, words[next + count - 1].range.end)
        } else if matches!(noun.lower.as_str(), "today" | "now" | "initially" | "currently") {
            (None, true, noun.range.end)
        } else if matches!(
            noun.lower.as_str(),
            "per"
                | "a"
                | "each"
                | "every"
                | "daily"
                | "weekly"
                | "monthly"
                | "yearly"
                | "at"
                | "and"
                | "in"
                | "after"
                | "within"
                | "by"
                | "growing"
                | "with"
        ) {
            (None, false, end)
        } else {
            continue;
        };
        if is_ratio(&words, behind) {
            continue;
        }
        found.push(Count {
            noun,
            is_rows,
            value,
            times: period(&words, text, behind),
            is_added: is_new,
            is_labelled: false,
            range: word.range.start..behind,
        });
    }
    found
}

/// Whether a number is one of many for each of another thing: "200 readings per order".
fn is_ratio(words: &[Word<'_>], from: usize) -> bool {
    const BETWEEN: usize = 2;
    let behind = words.iter().position(|word| word.range.start >= from).unwrap_or(words.len());
    let each = words[behind..]
        .iter()
        .take(BETWEEN + 1)
        .position(|word| matches!(word.lower.as_str(), "per" | "each" | "every"));
    let of = each.and_then(|each| words.get(behind + each + 1));
    of.is_some_and(|of| months(&of.lower).is_none())
}

/// The entity that the words begin with in the plural, and how many words name it.
pub(super) fn named(text: &str, words: &[Word<'_>], out: &Output) -> Option<(String, usize)> {
    const LONGEST: usize = 4;
    // A comma or a bracket ends the name.
    let is_next = |pair: &&[Word<'_>]| {
        text[pair[0].range.end..pair[1].range.start].trim_end_matches('`') == " "
    };
    let most = words.windows(2).take_while(is_next).count() + 1;
    (1..=most.min(words.len()).min(LONGEST)).rev().find_map(|count| {
        let last = &words[count - 1].lower;
        let is_plural = singular(last) != *last || last == "people";
        let name: Vec<&str> = words[..count].iter().map(|word| word.text).collect();
        let is_name = words[..count - 1].iter().all(|word| !HOLDING.contains(&word.lower.as_str()));
        (is_plural && is_name)
            .then(|| resolve(&name.join(" "), out))
            .flatten()
            .map(|entity| (entity, count))
    })
}
