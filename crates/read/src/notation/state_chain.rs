//! States with arrows between them: `draft → placed → paid`, `a --[paid]--> b`.

use smol_str::SmolStr;
use underpin_base::Phrases;

use crate::lifecycle::state_names;
use crate::words::{code_spans, first_word, lower_words, parenthesized};

/// States in the order of their arrows.
#[derive(Debug, Clone)]
pub(crate) struct Chain {
    /// At each place one state, or several that share the arrows around them.
    pub(crate) steps: Vec<Vec<String>>,
    /// What causes the last change.
    pub(crate) on: Option<String>,
    /// For each arrow whether it points both ways.
    both_ways: Vec<bool>,
    /// For each place whether a chain ends there and another begins: in "a → b, c → d" the last state is
    /// where the next begins, and no arrow leads to it.
    turns: Vec<bool>,
}

impl Chain {
    /// All states, each once.
    pub(crate) fn states(&self) -> Vec<String> {
        let mut states: Vec<String> = Vec::new();
        for state in self.steps.iter().flatten() {
            if !states.contains(state) {
                states.push(state.clone());
            }
        }
        states
    }

    /// Each state with one that may follow it.
    ///
    /// A state that follows itself changes nothing.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.all_pairs().filter(|(from, to)| from != to)
    }

    fn all_pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.steps.windows(2).enumerate().flat_map(move |(at, pair)| {
            let both_ways = self.both_ways.get(at).copied().unwrap_or_default();
            let turns = |at: usize| self.turns.get(at).copied().unwrap_or_default();
            let leaves = if turns(at) { pair[0].len().saturating_sub(1) } else { 0 };
            let reached = pair[1].len() - usize::from(turns(at + 1));
            pair[0][leaves..].iter().flat_map(move |from| {
                pair[1][..reached].iter().flat_map(move |to| {
                    let back = both_ways.then_some((to.as_str(), from.as_str()));
                    std::iter::once((from.as_str(), to.as_str())).chain(back)
                })
            })
        })
    }
}

/// Marks that lead from one state to the next.
pub(crate) const ARROWS: &[&str] =
    &["──►", "─►", "►", "→", "⟶", "➔", "➜", "─▶", "──▶", "──→", "-->", "->", "=>", "↔", "<->"];

/// The states of a line and the arrows between them.
pub(crate) fn chain(text: &str) -> Option<Chain> {
    let text = text.trim();
    // Each arrow has a sign that few texts have.
    if !text.bytes().any(|byte| byte == b'>' || !byte.is_ascii()) {
        return None;
    }
    // A state does not end as a sentence does: "Payment succeeded. → Access is given."
    if [". →", ". ->", ". =>"].iter().any(|mark| text.contains(mark)) {
        return None;
    }
    // A whole chain set as code, or with each state set as code.
    let text = match code_spans(text).as_slice() {
        [one] if ARROWS.iter().any(|arrow| one.contains(arrow)) => {
            let rest = crate::words::without_code(text);
            if lower_words(&rest).len() > 12 {
                return None;
            }
            *one
        }
        _ => text,
    };
    let parted = several(text);
    let (text, labels) = without_labels(parted.as_deref().unwrap_or(text));
    let text = text.as_str();
    let mut rest = text;
    let mut parts: Vec<&str> = Vec::new();
    let mut both_ways = Vec::new();
    while let Some((at, arrow)) = ARROWS
        .iter()
        .filter_map(|arrow| rest.place_of(arrow).map(|at| (at, *arrow)))
        .min_by_key(|&(at, arrow)| (at, usize::MAX - arrow.len()))
    {
        parts.push(&rest[..at]);
        both_ways.push(matches!(arrow, "↔" | "<->"));
        rest = &rest[at + arrow.len()..];
    }
    if parts.is_empty() || parts.len() > 20 {
        return None;
    }
    // "Submit → status SUBMITTED" says what an event does, and of no state before it.
    let sets = |part: &str| {
        matches!(first_word(part).as_ref().map(SmolStr::as_str), Some("status" | "state"))
    };
    if sets(rest) && !sets(parts[0]) {
        return None;
    }
    // A label before the first state: "Status: a → b".
    if let Some((_, state)) = parts[0].rsplit_once(": ") {
        parts[0] = state;
    }
    // What follows the last state says what causes the change.
    let (last, on) = split_cause(rest);
    let on = on.or_else(|| labels.last().cloned().filter(|_| labels.len() == 1));
    parts.push(last);
    // "[New order] → open" begins with what happens before there is a state.
    let is_event = |part: &str| part.trim().starts_with('[') && part.trim().ends_with(']');
    if is_event(parts[0]) && parts[0].contains(' ') && !parts[1..].iter().any(|part| is_event(part))
    {
        parts.remove(0);
        both_ways.remove(0);
    }
    let middle = 1..parts.len().saturating_sub(1);
    let turns = |(at, part): (usize, &&str)| middle.contains(&at) && part.contains([',', ';']);
    let turns: Vec<bool> = parts.iter().enumerate().map(turns).collect();
    let steps = parts
        .into_iter()
        .map(|part| {
            let part = part.trim_matches(|c: char| matches!(c, '│' | '├' | '└' | '─' | ' '));
            // "(a | b) → c" groups the states before the arrow.
            let inside = part.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
            state_names(&inside.unwrap_or(part).replace(';', ","))
        })
        .collect::<Option<Vec<_>>>()?;
    Some(Chain { steps, on, both_ways, turns })
}

/// "a → b OR a → c" as a list of chains.
fn several(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(" OR ").flat_map(|part| part.split(" or ")).collect();
    let is_chain = |part: &&str| ARROWS.iter().any(|arrow| part.contains(arrow));
    (parts.len() > 1 && parts.iter().all(is_chain)).then(|| parts.join(", "))
}

/// The text with the labels taken out that stand within the shafts of its arrows, and the labels:
/// `a ──(pay)──► b`, `a --[paid]--> b`, `a --Start--> b`.
fn without_labels(text: &str) -> (String, Vec<String>) {
    let mut labels = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    for (opener, closers) in
        [("──", &["──►", "──▶", "──→", "─►", "─▶", "─→"][..]), ("--", &["-->", "->"][..])]
    {
        while let Some(at) = rest.find(opener) {
            let after = rest[at..].trim_start_matches(['─', '-']);
            let shaft = rest[at..].len() - after.len();
            let close = closers.iter().filter_map(|it| after.find(it).map(|at| (at, *it))).min();
            let label = close.map(|(end, _)| after[..end].trim().trim_end_matches(['─', '-']));
            let is_label = label.is_some_and(|label| {
                let inner = label.trim_matches(['(', ')', '[', ']', ' ']);
                !inner.is_empty()
                    && label.len() < 80
                    && !label.contains(['─', '→', '►', '▶', '>'])
                    && (label.starts_with(['(', '[']) || !label.contains(' ') || opener == "──")
            });
            let (Some((end, closer)), Some(label), true) = (close, label, is_label) else {
                let cut = at + shaft;
                plain.push_str(&rest[..cut]);
                rest = &rest[cut..];
                continue;
            };
            labels.push(label.trim_matches(['(', ')', '[', ']', ' ']).to_owned());
            plain.push_str(&rest[..at]);
            plain.push_str(" → ");
            rest = after[end + closer.len()..].trim_start();
        }
        if !labels.is_empty() {
            break;
        }
        // Nothing was found for this kind of shaft: look for the next in the whole text.
        plain.clear();
        rest = text;
    }
    if labels.is_empty() {
        return (text.to_owned(), labels);
    }
    plain.push_str(rest);
    (plain, labels)
}

/// A state, and the words behind it that say what causes the change.
pub(super) fn split_cause(text: &str) -> (&str, Option<String>) {
    let text = text.trim();
    let clean = |cause: &str| {
        let cause = cause.trim().trim_end_matches('.').trim();
        (!cause.is_empty()).then(|| cause.to_owned())
    };
    if let Some((state, cause, _)) = parenthesized(text) {
        if !state.trim().is_empty() {
            return (state.trim(), clean(cause));
        }
    }
    if let Some((state, cause)) = crate::words::split_once_any(
        text,
        &[": ", " — ", " – ", " - ", " when ", " on ", " if ", " by ", "; "],
    ) {
        return (state.trim(), clean(cause));
    }
    (text.trim_end_matches('.'), None)
}
