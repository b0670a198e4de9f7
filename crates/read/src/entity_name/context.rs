//! Headings and labels that name a bounded context or a backend system: a part of the software that
//! owns entities and is none.

use crate::words::{lower_words, parenthesized, strip_prefix_ignoring_case, unquote};
use smol_str::SmolStr;

use super::strip_numbering;

/// A part of the software that owns entities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ContextTitle {
    pub(crate) name: String,
    /// The backend system, where the words call it one.
    pub(crate) backend: Option<String>,
}

/// The context that "Orders Context" or "Backend: user-service" names.
pub(crate) fn read_context(title: &str) -> Option<ContextTitle> {
    announced(title).or_else(|| {
        let name = bare(title);
        let stem = without_suffix(name);
        (stem.len() < name.len() && !stem.is_empty()).then(|| named(stem, false))
    })
}

/// The context that "Context: Orders" or "Backend system: user-service" announces.
pub(super) fn announced(title: &str) -> Option<ContextTitle> {
    const MARKS: &[(&str, bool)] = &[
        ("Bounded Context:", false),
        ("Context:", false),
        ("Backend System:", true),
        ("Backend Service:", true),
        ("Backend:", true),
        ("Subdomain:", false),
    ];
    let title = strip_numbering(title.trim());
    MARKS.iter().find_map(|(mark, is_backend)| {
        let name = bare(strip_prefix_ignoring_case(title, mark)?);
        (!name.is_empty() && name.split_whitespace().count() <= 4)
            .then(|| named(without_suffix(name), *is_backend))
    })
}

/// The context that a heading or an item names where only contexts are named.
pub(crate) fn context_among_contexts(title: &str) -> Option<ContextTitle> {
    read_context(title).or_else(|| {
        let name = bare(title);
        let count = name.split_whitespace().count();
        (1..=5).contains(&count).then(|| named(name, false))
    })
}

/// Whether a heading promises contexts: "Suggested Bounded Contexts", "Backend systems".
pub(crate) fn promises_contexts(title: &str) -> bool {
    // "Bounded Context: Sales" is one.
    if announced(title).is_some() {
        return false;
    }
    let words = lower_words(strip_numbering(title));
    let has = |word: &str| words.iter().any(|it| it == word);
    let last = words.last().map_or("", SmolStr::as_str);
    words.len() <= 5
        && (has("bounded") && (has("contexts") || has("context") && last != "context")
            || matches!(last, "contexts" | "subdomains" | "backends")
            || has("backend") && matches!(last, "systems" | "services"))
        && !has("map")
        && !has("mapping")
        && !has("between")
}

fn named(name: &str, is_backend: bool) -> ContextTitle {
    let name = name.to_owned();
    ContextTitle { backend: is_backend.then(|| name.clone()), name }
}

/// A title without its number, its brackets and what explains it.
fn bare(title: &str) -> &str {
    let title = strip_numbering(title.trim()).trim_end_matches(':').trim();
    let title = parenthesized(title).map_or(title, |(before, _, _)| before);
    let end = [" — ", " – ", " - "].iter().filter_map(|dash| title.find(dash)).min();
    unquote(title[..end.unwrap_or(title.len())].trim())
}

fn without_suffix(name: &str) -> &str {
    let lower = name.to_ascii_lowercase();
    [" bounded context", " context"]
        .iter()
        .find(|suffix| lower.ends_with(**suffix))
        .map_or(name, |suffix| name[..name.len() - suffix.len()].trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_contexts() {
        for (title, name) in [
            ("1. Reservation Context", "Reservation"),
            ("Orders Bounded Context (Core)", "Orders"),
            ("Context: Billing — money", "Billing"),
        ] {
            let expected = ContextTitle { name: name.to_owned(), backend: None };
            assert_eq!(read_context(title), Some(expected), "{title}");
        }
        let backend = read_context("Backend: `user-service`").expect("a backend");
        assert_eq!(backend.backend.as_deref(), Some("user-service"));
        for title in ["Context", "Orders", "Contextual help"] {
            assert_eq!(read_context(title), None, "{title}");
        }
    }

    #[test]
    fn headings_over_contexts() {
        for title in
            ["Suggested Bounded Contexts", "Backend Systems", "Bounded Context Definitions"]
        {
            assert!(promises_contexts(title), "{title}");
        }
        for title in [
            "Bounded Context Map",
            "Orders Context",
            "Bounded Context: Sales",
            "Relations between contexts",
        ] {
            assert!(!promises_contexts(title), "{title}");
        }
    }
}
