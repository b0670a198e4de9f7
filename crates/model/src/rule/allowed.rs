//! What documents let rows do that nobody would expect of their names: "a shift may end before it starts", "two steps may
//! share a position". Nothing keeps it; it keeps us from presuming otherwise.

use super::Meaning;
use super::sentence::Sentence;
use crate::Presumptions;

const EARLY: [&str; 6] = [
    "may end before it",
    "can end before it",
    "may be before its beginning",
    "may end before they",
    "can end before they",
    "may run backwards",
];
const SHARED: [&str; 6] = [
    "may share a ",
    "can share a ",
    "may share the ",
    "can share the ",
    "may have the same ",
    "can have the same ",
];

/// Whether a rule lets a row end before it begins.
pub(crate) fn lets_end_early(text: &str) -> bool {
    says(text, &EARLY)
}

/// Whether a rule lets rows of one parent have the same number, place or language.
pub(crate) fn lets_share(text: &str) -> bool {
    says(text, &SHARED)
}

fn says(text: &str, phrases: &[&str]) -> bool {
    let lower = text.to_lowercase();
    phrases.iter().any(|phrase| lower.contains(phrase)) && !lower.contains("not ")
}

/// Said where it makes a difference: where the names alone would have us presume otherwise.
pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    let (ends, shares) = (lets_end_early(sentence.text), lets_share(sentence.text));
    if !(ends || shares) {
        return None;
    }
    let (presumed, entity) = (Presumptions::of(sentence.model_so_far()), sentence.entity());
    let differs = ends && !presumed.spans(entity).is_empty()
        || shares && presumed.sibling_key(entity).is_some();
    differs.then(|| Meaning::Known("nothing that rows are held to".to_owned()))
}
