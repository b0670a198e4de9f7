//! The names of known entities in running text, and what is said beside them.

use underpin_base::Phrases;

use crate::notation::Output;
use crate::words::{code_spans, is_key_name, parenthesized, strip_prefix_ignoring_case, unquote};

/// The name of a known entity, however it is spelled.
pub(super) fn entity(text: &str, out: &Output) -> Option<String> {
    let text = text.trim().trim_matches(|c: char| {
        matches!(c, '.' | ',' | ';' | '-' | '│' | '├' | '└' | '─' | '▶' | '*' | ' ')
    });
    let text = ["One ", "A ", "An ", "Each ", "Every ", "The ", "Existing "]
        .iter()
        .find_map(|lead| strip_prefix_ignoring_case(text, lead))
        .unwrap_or(text);
    let code = code_spans(text);
    if let [one] = code.as_slice() {
        // "`owner_id` references `users.id`" relates no thing called `owner_id`.
        let known = out.known.get(one).map(str::to_owned);
        return known.or_else(|| (!out.is_field(one)).then(|| (*one).to_owned()));
    }
    let name = unquote(parenthesized(text).map_or(text, |(before, _, _)| before));
    out.known.get(name).map(str::to_owned)
}

pub(super) fn through(text: &str) -> Option<String> {
    for mark in ["through ", "via ", "using "] {
        if let Some((_, rest)) = text.cut_at(mark) {
            let name = match code_spans(rest).first() {
                // "via `Loan.reader_id`" names the reference, and no entity between the two.
                Some(code) if code.contains(['.', '@']) || is_key_name(code) => {
                    return None;
                }
                Some(code) if rest.trim_start().starts_with('`') => (*code).to_owned(),
                _ => rest
                    .trim_start()
                    .split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.')))
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
            };
            if !name.is_empty() {
                return Some(name);
            }
        }
    }
    None
}

/// Words behind a relationship by which its rows go with the row that they belong to.
/// Words beside "delete" that say what becomes of the rows.
const ACTIONS: &[&str] = &["cascade", "restrict", "set null", "no action"];

const GONE_WITH: &[&str] = &[
    "are deleted with ",
    "is deleted with ",
    "are removed with ",
    "is removed with ",
    "are deleted together with ",
    "is deleted together with ",
    "are deleted along with ",
    "is deleted along with ",
];

pub(in crate::notation) fn on_delete(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let is_of_it = |rest: &str| rest.starts_with("it") || rest.starts_with("them");
    let goes = |words: &&str| lower.cut_at(words).is_some_and(|(_, rest)| is_of_it(rest));
    if GONE_WITH.iter().any(goes) {
        return Some("cascade".to_owned());
    }
    let actions: &[&str] = if lower.holds("delete") { ACTIONS } else { &[] };
    actions.iter().find(|action| lower.holds(action)).map(|&action| action.to_owned())
}

/// The longest run of words that names a known entity and begins the text.
pub(super) fn first_known(text: &str, out: &Output) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().take(6).collect();
    for start in 0..words.len().min(3) {
        for end in (start + 1..=words.len().min(start + 3)).rev() {
            let name = words[start..end].join(" ");
            if let Some(name) = out.known.get(unquote(&name)) {
                return Some(name.to_owned());
            }
        }
    }
    None
}

/// The longest run of words that names a known entity and ends the text.
pub(super) fn last_known(text: &str, out: &Output) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let words = &words[words.len().saturating_sub(6)..];
    for end in (words.len().saturating_sub(2)..=words.len()).rev() {
        for start in end.saturating_sub(3)..end {
            let name = words[start..end].join(" ");
            if let Some(name) = out.known.get(unquote(&name)) {
                return Some(name.to_owned());
            }
        }
    }
    None
}
