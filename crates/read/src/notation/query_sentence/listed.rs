//! Labels that ask for rows by what the list below them names: "Users shall search by" over fields, "The feed shall support
//! filtering" over what a page shows to choose with.

use smol_str::SmolStr;

use crate::document::List;
use crate::words::{code_spans, is_identifier, lower_words, split_once_any};

/// Whether a label asks for rows by what the list below it names: "Users shall search by".
pub(super) fn asks_by(label: &str) -> bool {
    let words = lower_words(label);
    let narrows = |word: &SmolStr| {
        matches!(
            word.as_str(),
            "search"
                | "searching"
                | "searchable"
                | "filter"
                | "filtering"
                | "filtered"
                | "filters"
                | "filterable"
                | "browse"
                | "find"
                | "lookup"
        )
    };
    // "Filters:", "Filter options:".
    let is_label = words.len() <= 3
        && words
            .first()
            .is_some_and(|word| matches!(word.as_str(), "filter" | "filters" | "filtering"))
        && words[1..].iter().all(|word| matches!(word.as_str(), "options" | "by" | "available"));
    // "The feed shall support filtering:".
    let is_told = words
        .last()
        .is_some_and(|word| matches!(word.as_str(), "filtering" | "filters") && words.len() <= 12)
        && words.iter().any(|word| {
            matches!(
                word.as_str(),
                "support" | "supports" | "offer" | "offers" | "provide" | "provides"
            )
        });
    is_label
        || is_told
        || words.last().is_some_and(|word| word == "by") && words.iter().any(narrows)
}

/// A label and the fields below it as one phrase: "Users shall search by" name, city.
pub(super) fn joined(label: &str, fields: &[String]) -> String {
    let label = label.trim_end_matches(':');
    let is_whole = label.contains(' ') && !label.to_lowercase().ends_with("options");
    // "The feed shall support filtering" by these.
    let label = label.strip_suffix(" filters").map_or(label, |front| front.trim_end());
    if label.ends_with(" filtering") {
        let thing = label.split(" shall ").next().unwrap_or_default();
        let thing = ["The ", "the ", "A "].iter().find_map(|it| thing.strip_prefix(it));
        return format!("{}: filter by {}", thing.unwrap_or_default(), fields.join(", "));
    }
    format!("{} {}", if is_whole { label } else { "Filter by" }, fields.join(", "))
}

/// The fields that the items below one name.
pub(super) fn fields(list: &List, parent: Option<usize>) -> Vec<String> {
    list.items
        .iter()
        .filter(|child| child.parent == parent)
        .flat_map(|child| {
            let text = child.content.text.as_str();
            // "Free or paid toggle (`daily_rate == 0`)": the field stands in the condition.
            let compared = code_spans(text).into_iter().find_map(|code| {
                let (field, _) =
                    split_once_any(code, &[" == ", " = ", " > ", " < ", " >= ", " <= "])?;
                is_identifier(field.trim()).then(|| field.trim().to_owned())
            });
            if let Some(field) = compared {
                return vec![field];
            }
            let text = without_control(text.split('(').next().unwrap_or_default());
            text.split(" or ")
                .map(|word| word.trim().trim_matches(['.', ',', ';', '`']).to_owned())
                .collect::<Vec<_>>()
        })
        .filter(|field| !field.is_empty() && field.split_whitespace().count() <= 3)
        .collect()
}

/// "Category" of "Category selector": what a page shows to choose it with is no part of its name.
fn without_control(text: &str) -> &str {
    const CONTROLS: &[&str] = &[
        " selector",
        " toggle",
        " dropdown",
        " picker",
        " slider",
        " checkbox",
        " filter",
        " select",
        " input",
        " chips",
    ];
    let text = text.trim();
    CONTROLS.iter().find_map(|control| text.strip_suffix(control)).unwrap_or(text)
}
