//! Acceptance criteria: "Given a closed account, when somebody tries to rename it, then the change is refused".

use super::modal::Force;
use super::{Clause, Link, Voice};

/// Whoever tries.
const ATTEMPTS: &[&str] = &["tries", "attempts", "try", "wants"];

/// What becomes of the attempt where it fails.
const REFUSED: &[&str] = &[
    "refused",
    "rejected",
    "denied",
    "fails",
    "fail",
    "blocked",
    "error",
    "impossible",
    "prevented",
    "declined",
    "forbidden",
];

/// Something that is refused in a state.
pub(super) fn parse(words: &[&str]) -> Option<Clause> {
    let given = words.strip_prefix(&["given"])?;
    let (state, rest) = split(given, "when")?;
    let (attempt, outcome) = split(rest, "then")?;
    outcome.iter().any(|it| REFUSED.contains(it)).then_some(())?;
    let tries = attempt.iter().position(|it| ATTEMPTS.contains(it))?;
    let [verb, object @ ..] = attempt[tries + 1..].strip_prefix(&["to"])? else { return None };
    (!object.is_empty()).then_some(())?;
    Some(Clause {
        subject: object.join(" "),
        force: Force::Must,
        negated: true,
        only: None,
        verb: (*verb).to_owned(),
        voice: Voice::Passive,
        object: String::new(),
        conditions: vec![(Link::While, state.join(" "))],
        exclusive: false,
    })
}

/// The words before and behind ", word".
fn split<'w, 't>(words: &'w [&'t str], word: &str) -> Option<(&'w [&'t str], &'w [&'t str])> {
    let at = words.iter().position(|it| *it == word)?;
    let front = &words[..at];
    Some((front.strip_suffix(&[","]).unwrap_or(front), &words[at + 1..]))
}
