//! Headings of a document that changes a model: "Modify: `orders` table", "Changes to existing User".

use crate::words::{code_spans, is_identifier, lower_words};
use smol_str::SmolStr;

/// What a heading says is done to what it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change<'t> {
    /// It is added or altered; the name follows.
    Of(&'t str),
    /// It goes, or the heading is about the doing.
    Gone,
    /// The heading speaks of no change.
    None,
}

/// Reads the words about a change before a name.
pub(super) fn change(head: &str) -> Change<'_> {
    let words = lower_words(head);
    let Some(first) = words.first().map(SmolStr::as_str) else { return Change::None };
    if let Some((before, after)) = head.split_once(':') {
        let before = lower_words(before);
        let Some(last) = before.last().map(SmolStr::as_str) else { return Change::None };
        let after = after.trim();
        if after.is_empty() || !before.iter().all(|word| is_change(word) || is_kind(word)) {
            return if matches!(first, "migration" | "removed" | "deleted" | "dropped") {
                Change::Gone
            } else {
                Change::None
            };
        }
        if matches!(first, "removed" | "unchanged" | "deleted" | "dropped") {
            return Change::Gone;
        }
        // "Entity: X" is read without this.
        return if is_change(last) || is_change(first) { Change::Of(after) } else { Change::None };
    }
    // "Migration 003" and the like divide the document.
    let counts = |word: &SmolStr| word.chars().all(|c| c.is_ascii_digit());
    if first == "migration" && words.get(1).is_some_and(counts) {
        return Change::Gone;
    }
    // "Changes to existing entity X", "New columns for `conversations`".
    let is_noun = |word: &str| {
        matches!(
            word,
            "changes"
                | "change"
                | "extension"
                | "extensions"
                | "additions"
                | "addition"
                | "updates"
                | "modifications"
                | "modification"
                | "alterations"
                | "fields"
                | "columns"
                | "attributes"
        )
    };
    let front =
        words.iter().position(|word| matches!(word.as_str(), "to" | "for" | "on" | "of" | "in"));
    if let Some(at) = front.filter(|&at| at > 0 && at <= 3) {
        let speaks = words[..at].iter().all(|word| is_change(word) || is_noun(word))
            && words[..at].iter().any(|word| is_noun(word));
        let says_change = words[..at]
            .iter()
            .any(|word| !matches!(word.as_str(), "fields" | "columns" | "attributes"));
        if speaks && (says_change || !code_spans(head).is_empty()) {
            let preposition = &words[at];
            let rest = head
                .to_lowercase()
                .find(&format!(" {preposition} "))
                .and_then(|found| head.get(found + preposition.len() + 2..));
            return rest.map_or(Change::None, |rest| Change::Of(rest.trim()));
        }
    }
    // "Modified `orders` table", "Modify User": a verb before a name that is marked as one.
    if matches!(
        first,
        "modify" | "modified" | "extend" | "extended" | "updated" | "changed" | "alter"
    ) {
        if let Some((_, rest)) = head.split_once(' ') {
            let rest = rest.trim();
            let name = rest.split_whitespace().next().unwrap_or_default();
            let is_type = is_identifier(name)
                && name.starts_with(char::is_uppercase)
                && rest.split_whitespace().count() <= 2;
            if !code_spans(rest).is_empty() || is_type {
                return Change::Of(rest);
            }
        }
    }
    Change::None
}

/// A word that says that something is new, altered or there already.
fn is_change(word: &str) -> bool {
    matches!(
        word,
        "new"
            | "modify"
            | "modified"
            | "modifies"
            | "extend"
            | "extended"
            | "extends"
            | "updated"
            | "update"
            | "changed"
            | "change"
            | "alter"
            | "altered"
            | "add"
            | "added"
            | "create"
            | "existing"
            | "removed"
            | "unchanged"
            | "deleted"
            | "dropped"
            | "modification"
            | "extension"
            | "addition"
            | "core"
            | "main"
            | "supporting"
            | "schema"
    )
}

/// A word for the sort of thing that is changed.
fn is_kind(word: &str) -> bool {
    matches!(word, "table" | "entity" | "model" | "collection" | "aggregate" | "class")
}
