//! Words over a list that leave it to the heading whose fields they are: "Displays:", "The record shall
//! contain at least:", and headings such as "List of Patients" or "Input".

use super::clause::{topic, without_number};
use super::lexicon;
use super::noun::{is_generic, singular};
use super::tag::{Tag, Token, tag};
use super::titled;
use super::usual::is_usual;
use crate::document::Document;
use crate::words::lower_words;
use smol_str::SmolStr;

/// Labels of lists of fields.
const LABELS: &[&str] = &[
    "displays",
    "shows",
    "fields",
    "inputs",
    "input",
    "attributes",
    "columns",
    "properties",
    "details",
    "includes",
    "contains",
    "form",
    "captures",
    "requires",
    "collects",
    "stores",
    "records",
    "information",
    "data",
    "information displayed",
];

/// Words before or behind a label that change nothing.
const BESIDE: &[&str] = &[
    "required",
    "optional",
    "mandatory",
    "captured",
    "supported",
    "stored",
    "key",
    "main",
    "form",
    "data",
    "table",
    "displayed",
    "input",
    "possible",
    "basic",
    "necessary",
    "additional",
    "must",
    "should",
    "shall",
    "may",
    "include",
    "includes",
    "the",
    "following",
    "each",
    "shown",
    "to",
    "capture",
    "collect",
    "at",
    "least",
    "minimum",
    "core",
    "entry",
    "are",
    "is",
    "store",
    "display",
    "customer-facing",
    "contain",
];

/// Containers of fields that are no things of the domain.
const CONTAINERS: &[&str] = &[
    "record",
    "form",
    "entry",
    "row",
    "table",
    "page",
    "view",
    "system",
    "information",
    "detail",
    "data",
    "field",
    "profile",
    "screen",
    "list",
    "card",
    "it",
    "application",
    "app",
];

/// Verbs by which a container has fields.
const HAVING: &[&str] = &[
    "include", "contain", "display", "show", "collect", "capture", "have", "has", "store",
    "record", "require", "list", "hold", "request", "ask",
];

/// Whether a sentence or label says that fields follow, and not of what.
pub(super) fn is_bare(text: &str) -> bool {
    let text = without_number(text).trim_end_matches(':').trim();
    let words = lower_words(text);
    if words.is_empty() || words.len() > 16 {
        return false;
    }
    let is_label = |word: &SmolStr| LABELS.contains(&word.as_str());
    let is_beside = |word: &SmolStr| BESIDE.contains(&word.as_str()) || is_label(word);
    if words.iter().any(is_label) && words.iter().all(is_beside) {
        return true;
    }
    // "The record shall contain at least", "Registration form fields".
    let tokens = tag(text);
    let Some(verb) = tokens
        .iter()
        .position(|it| matches!(it.tag, Tag::Verb | Tag::Auxiliary) && it.is_verb_of(HAVING))
    else {
        return false;
    };
    let is_container = |token: &Token| CONTAINERS.contains(&singular(&token.lower).as_str());
    let subject = tokens[..verb].iter().rfind(|it| it.tag == Tag::Noun);
    let leads_on = tokens[verb + 1..].iter().all(|it| {
        it.is_any(&[
            "at",
            "least",
            "the",
            "following",
            "these",
            ",",
            "for",
            "minimum",
            "a",
            "of",
            "all",
        ]) || is_container(it)
    });
    subject.is_some_and(is_container) && leads_on
}

/// Whether a sentence says of the whole system that it keeps what follows: "The system shall store".
pub(super) fn keeps(text: &str) -> bool {
    const KEEPING: &[&str] = &["store", "record", "save", "capture", "persist", "keep"];
    tag(without_number(text)).iter().any(|it| it.is_verb_of(KEEPING))
}

/// The thing that a heading is about, whatever it says of it: "Customer" of "Customer Search Results",
/// "deposit transaction" of "Deposit Transaction Creation".
pub(super) fn about(title: &str) -> Option<String> {
    let title = topic(title);
    let tokens = tag(title);
    let words: Vec<&str> = tokens
        .iter()
        .skip_while(|it| {
            it.tag == Tag::Determiner
                || tokens.len() > 1
                    && (lexicon::MANAGE.contains(&it.lower.as_str()) && !is_usual(&it.lower)
                        || it.is_any(&[
                            "view", "list", "browse", "search", "display", "of", "edit", "&",
                        ]))
        })
        .map(|it| it.text.as_str())
        .collect();
    let first = words.iter().position(|word| is_usual(word))?;
    let last = (first..words.len()).take_while(|&at| is_usual(words[at])).last()?;
    (first <= 2).then(|| words[..=last].join(" "))
}

/// What the list in a section has the fields of, by the nearest heading that is about a thing.
pub(super) fn section_owner(document: &Document<'_>, section: Option<usize>) -> Option<String> {
    document.path_of(section).find_map(|section| {
        let title = document.title(section);
        let about = about(title).or_else(|| titled::noun(topic(title)));
        about.filter(|noun| !is_generic(noun) && !is_bare(title))
    })
}

/// Whose fields a list under a heading has: "List of Patients", "A table with the Doctor's
/// information", "Product Details", "Order Fields"; the second is whether the words leave no doubt.
pub(super) fn headed(title: &str) -> Option<(String, bool)> {
    let title = topic(title);
    let tokens = tag(title);
    let says = |words: &[&str]| tokens.iter().any(|it| it.is_any(words));
    let is_form = says(&[
        "information",
        "details",
        "fields",
        "form",
        "attributes",
        "data",
        "info",
        "profile",
    ]);
    let is_listing =
        tokens.first().is_some_and(|it| it.is_any(&["list", "table"])) && says(&["of"]);
    if !is_form && !is_listing || says(&["model", "flow", "requirements", "management"]) {
        return None;
    }
    let thing = tokens.iter().find(|it| is_usual(&it.lower))?;
    Some((thing.text.to_string(), says(&["fields", "attributes"])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        for text in [
            "Displays",
            "Required fields",
            "The record shall contain at least",
            "The displayed information may include",
            "Inputs:",
        ] {
            assert!(is_bare(text), "{text}");
        }
        for text in ["The system shall support", "Admin operations", "Route guards must handle"] {
            assert!(!is_bare(text), "{text}");
        }
    }

    #[test]
    fn headings() {
        assert_eq!(about("FR-CUST-001 — Customer Registration").as_deref(), Some("Customer"));
        assert_eq!(about("Deposit Transaction Creation").as_deref(), Some("Deposit Transaction"));
        assert_eq!(about("Error Handling"), None);
        assert_eq!(headed("List of Patients").map(|it| it.0).as_deref(), Some("Patients"));
        assert_eq!(headed("Buttons"), None);
    }
}
