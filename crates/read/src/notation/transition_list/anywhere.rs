//! Steps from whatever state a row is in: "any → void", "* -> closed", "from any state to".

use std::borrow::Cow;

use underpin_base::Phrases;

use crate::Fact;
use crate::lifecycle::state_name;
use crate::notation::Output;
use crate::notation::state_chain::{ARROWS, split_cause};
use crate::words::fold;

/// Whether what stands before an arrow means every state: `*`, `[any]`, "from any state".
pub(super) fn is_any_state(from: &str) -> bool {
    let from = from.trim().trim_matches(['`', '[', ']', '(', ')', ' ']).to_lowercase();
    let from = from.strip_prefix("from ").unwrap_or(&from);
    matches!(
        from,
        "*" | "any"
            | "any state"
            | "any status"
            | "any other"
            | "any other state"
            | "every state"
            | "all"
            | "all states"
            | "anywhere"
    )
}

/// The state in "From any state to `void`".
pub(super) fn from_any_in_words(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let marks = ["any state to ", "any status to ", "any other state to ", "every state to "];
    let (mark, at) = lower.first_of(&marks)?;
    let at = at + mark.len();
    let leads =
        lower[..at].trim_start().starts_with("from ") || lower.trim_start().starts_with("any");
    let to = text.get(at..)?.trim().trim_end_matches('.');
    leads.then(|| state_name(split_cause(to).0)).flatten()
}

/// The state in "closed → (none)", "void → end": none follows it.
pub(super) fn last_state(text: &str) -> Option<String> {
    let (from, to) = crate::words::split_once_any(text, &["→", "->", "=>"])?;
    let to = to.trim().trim_matches(['`', '(', ')', '[', ']', '.', ' ']).to_lowercase();
    let ends = matches!(
        to.as_str(),
        "none"
            | "end"
            | "nothing"
            | "final"
            | "terminal"
            | "-"
            | "—"
            | "–"
            | "∅"
            | "*"
            | "no further state"
    );
    ends.then(|| state_name(from)).flatten()
}

/// "* → deleted", "any → cancelled": a step from every state, and the rest of the line.
pub(super) fn from_anywhere(text: &str) -> (Cow<'_, str>, Vec<String>) {
    // Few lines have an arrow, and fewer one from anywhere.
    let has_arrow = text.bytes().any(|byte| byte == b'>' || !byte.is_ascii());
    if let Some(to) = from_any_in_words(text) {
        return (Cow::Borrowed(""), vec![to]);
    }
    if !has_arrow || !text.contains('*') && !text.to_lowercase().contains("any") {
        return (Cow::Borrowed(text), Vec::new());
    }
    let (label, steps) = match text.split_once(": ") {
        Some((label, steps)) if !ARROWS.iter().any(|arrow| label.contains(arrow)) => (label, steps),
        Some(_) | None => ("", text),
    };
    let reached = |part: &str| {
        let (from, to) = crate::words::split_once_any(part, &["→", "->", "=>"])?;
        is_any_state(from).then(|| state_name(split_cause(to).0)).flatten()
    };
    let (wild, others): (Vec<&str>, Vec<&str>) =
        steps.split([',', ';']).partition(|part| reached(part).is_some());
    if wild.is_empty() {
        return (Cow::Borrowed(text), Vec::new());
    }
    let rest = others.join(",");
    let rest = if label.is_empty() { rest } else { format!("{label}: {rest}") };
    (Cow::Owned(rest), wild.into_iter().filter_map(reached).collect())
}

/// The states that steps of a life cycle have named so far, and those that every other may change to.
pub(super) fn states_of(
    entity: &str,
    field: Option<&str>,
    wild: &[String],
    out: &Output,
) -> Vec<String> {
    let mut states: Vec<String> = Vec::new();
    for state in wild {
        if states.iter().all(|known| fold(known) != fold(state)) {
            states.push(state.clone());
        }
    }
    for statement in out.stated() {
        let Fact::Transition { entity: owner, field: of, from, to, .. } = &statement.fact else {
            continue;
        };
        let is_same = fold(owner) == fold(entity) && of.as_deref().map(fold) == field.map(fold);
        for state in [from, to] {
            if is_same && states.iter().all(|known| fold(known) != fold(state)) {
                states.push(state.clone());
            }
        }
    }
    states
}
