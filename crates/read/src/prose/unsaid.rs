//! Sentences that mention data and state nothing: questions, open points, what is left out, denials.
//! Every pattern of sentences asks here, so that none of them takes a doubt for a fact.

use crate::words::{lower_words, strip_prefix_ignoring_case};

/// Why nothing follows from a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unsaid {
    /// It asks whether something is so.
    Question,
    /// It says what somebody has still to find out or to do.
    Open,
    /// It says what is not built, or not yet.
    Excluded,
}

/// Labels of what is still to be decided; a mark must follow them.
const OPEN: &[&str] = &[
    "todo",
    "to do",
    "to-do",
    "tbd",
    "tbc",
    "fixme",
    "xxx",
    "open question",
    "open questions",
    "open point",
    "open points",
    "open issue",
    "open issues",
    "to be decided",
    "to be discussed",
    "to be clarified",
    "to be confirmed",
    "to be determined",
    "undecided",
    "unclear",
];

/// Labels of what is left out; a mark must follow them.
const EXCLUDED: &[&str] = &[
    "out of scope",
    "out-of-scope",
    "not in scope",
    "non-goal",
    "non-goals",
    "nongoals",
    "non goals",
    "no goal",
    "no goals",
    "not a goal",
    "excluded",
    "won't have",
    "wont have",
    "future",
    "future work",
    "future scope",
    "future version",
    "future versions",
    "future enhancement",
    "future enhancements",
    "not planned",
    "not part of this version",
    "rejected",
    "dropped",
    "removed from scope",
];

/// What is to be done, in capitals and without a mark: "TODO ask whether".
const TASKS: &[&str] = &[
    "ask",
    "check",
    "clarify",
    "confirm",
    "decide",
    "define",
    "discuss",
    "find",
    "figure",
    "verify",
    "investigate",
    "add",
    "maybe",
    "should",
    "does",
    "do",
    "is",
    "are",
    "can",
    "whether",
    "if",
    "think",
];

/// Words with which a sentence begins that asks for yes or no.
const ASKING: &[&str] = &[
    "should", "shall", "can", "could", "may", "might", "must", "will", "would", "does", "do",
    "did", "is", "are", "was", "has", "have", "whether", "maybe", "perhaps",
];

/// The rest of a text behind one of these labels and its mark, or the label alone.
fn labelled(text: &str, labels: &[&str]) -> bool {
    labels.iter().any(|label| {
        strip_prefix_ignoring_case(text, label).is_some_and(|rest| {
            // "TODO(ann): ask", "TODO - ask".
            let rest = rest.trim_start();
            let rest = match rest.strip_prefix('(').and_then(|it| it.split_once(')')) {
                Some((_, rest)) => rest.trim_start(),
                None => rest,
            };
            rest.starts_with([':', '–', '—', '?']) || rest.starts_with("- ")
        })
    })
}

/// Whether a heading, or the line before a list, names what is left out or still open.
pub(crate) fn leads_to_unsaid(label: &str) -> Option<Unsaid> {
    let label = crate::entity_name::strip_numbering(label.trim());
    let label = label.trim_matches(['*', ':', ' ']);
    let is = |labels: &[&str]| labels.iter().any(|it| label.eq_ignore_ascii_case(it));
    // A heading "To do" or "Future" may be a thing or a part of the product; only a label has a mark.
    if is(EXCLUDED) && !label.eq_ignore_ascii_case("removed") {
        Some(Unsaid::Excluded)
    } else if is(&OPEN[6..]) || is(&["tbd", "tbc", "fixme"]) {
        Some(Unsaid::Open)
    } else {
        None
    }
}

/// Whether nothing follows from a sentence, and why.
pub(crate) fn unsaid(sentence: &str) -> Option<Unsaid> {
    let text = sentence.trim().trim_start_matches(['*', '_', '-', '>', ' ']);
    // Markdown has been taken away where it was read; "**TODO**: ask" may still stand in a cell.
    let plain = text.replace("**", "");
    let text = plain.trim();
    if labelled(text, OPEN) {
        return Some(Unsaid::Open);
    }
    if labelled(text, EXCLUDED) {
        return Some(Unsaid::Excluded);
    }
    for mark in ["TODO ", "FIXME ", "TBD "] {
        let words = text.strip_prefix(mark).map(lower_words);
        if words.is_some_and(|it| it.first().is_some_and(|it| TASKS.contains(&it.as_str()))) {
            return Some(Unsaid::Open);
        }
    }
    // An appeal "that is not decided" is in a state.
    let lower = text.to_ascii_lowercase().replace("that is not decided", "that is open");
    let lower = lower.replace("that are not decided", "that are open");
    // "We have not decided whether an order has many payers".
    if [
        "not decided",
        "to be decided whether",
        "unclear whether",
        "not clear whether",
        "ask whether",
        "decide whether",
        "clarify whether",
        "check whether a",
        "is out of scope",
        "are out of scope",
        "is not in scope",
        "are not in scope",
    ]
    .iter()
    .any(|it| lower.contains(it))
    {
        return Some(if lower.contains("scope") { Unsaid::Excluded } else { Unsaid::Open });
    }
    let first = lower.split([' ', ',']).next().unwrap_or_default();
    // Which, what and how many ask for rows: those are queries.
    let asks = text.ends_with('?')
        && !matches!(first, "which" | "what" | "who" | "how" | "where" | "when");
    let doubts = matches!(first, "whether" | "maybe" | "perhaps") && lower.contains(' ');
    if asks && (ASKING.contains(&first) || lower.split_whitespace().count() > 3) || doubts {
        return Some(Unsaid::Question);
    }
    None
}

/// Verbs that give a thing others or properties, which a sentence may deny.
const GIVING: &[&str] = &[
    "have",
    "contain",
    "include",
    "own",
    "hold",
    "belong",
    "store",
    "keep",
    "record",
    "carry",
    "reference",
    "need",
    "consist",
    "refer",
    "track",
    "save",
];

/// Whether a sentence denies that a thing has something: "A patient does not have many doctors", "An
/// order no longer has a code". What may not be is a rule, and none of this.
pub(crate) fn denies(sentence: &str) -> bool {
    let lower = sentence.to_ascii_lowercase().replace('’', "'");
    let words: Vec<&str> = lower
        .split(|c: char| !(c.is_alphanumeric() || c == '\''))
        .filter(|word| !word.is_empty())
        .collect();
    let gives = |word: Option<&&str>| {
        word.is_some_and(|word| {
            GIVING.iter().any(|verb| {
                *word == *verb
                    || word.strip_prefix(verb).is_some_and(|end| matches!(end, "s" | "es"))
                    || matches!(*word, "has" | "had" | "carries")
            })
        })
    };
    let after = |at: usize| {
        // "does not actually have".
        gives(words.get(at))
            || words.get(at).is_some_and(|it| it.ends_with("ly")) && gives(words.get(at + 1))
    };
    words.iter().enumerate().any(|(at, word)| match *word {
        "don't" | "doesn't" | "didn't" | "dont" | "doesnt" | "never" => after(at + 1),
        "not" => {
            let helper = at.checked_sub(1).map(|it| words[it]);
            helper.is_some_and(|it| matches!(it, "do" | "does" | "did")) && after(at + 1)
        }
        "no" => words.get(at + 1).is_some_and(|it| *it == "longer") && after(at + 2),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubts_are_told_from_statements() {
        for (text, expected) in [
            ("Should a herd have many keepers?", Some(Unsaid::Question)),
            ("A herd has many keepers?", Some(Unsaid::Question)),
            ("TODO: ask whether a herd has many keepers.", Some(Unsaid::Open)),
            ("TODO(ann): a herd has many keepers.", Some(Unsaid::Open)),
            ("TODO decide who keeps the herd.", Some(Unsaid::Open)),
            ("TBD: keepers of a herd", Some(Unsaid::Open)),
            ("Out of scope: a herd has many keepers.", Some(Unsaid::Excluded)),
            ("Future: a herd has many keepers.", Some(Unsaid::Excluded)),
            ("Keepers of keepers are out of scope.", Some(Unsaid::Excluded)),
            ("Which herds have no keeper?", None),
            ("A herd has many keepers.", None),
            ("TODO items have a title.", None),
            ("Future visits are shown first.", None),
            ("An excluded herd has a reason.", None),
            ("A herd has at most one sale that is not decided.", None),
            ("It is not decided who keeps the herd.", Some(Unsaid::Open)),
        ] {
            assert_eq!(unsaid(text), expected, "{text}");
        }
    }

    #[test]
    fn denials_are_told_from_rules() {
        for (text, expected) in [
            ("A herd does not have many keepers.", true),
            ("Herds don't contain goats", true),
            ("A herd no longer has a keeper", true),
            ("A herd never belongs to a farm", true),
            ("A herd has many keepers that do not work on Sundays", false),
            ("A keeper must not have two herds", false),
            ("Goats are not sold", false),
        ] {
            assert_eq!(denies(text), expected, "{text}");
        }
    }
}
