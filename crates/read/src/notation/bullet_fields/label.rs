//! What the words before a list say of its items.

use crate::words::{lower_words, parenthesized};

/// What the words before a list, or the item that it stands in, say of its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::notation) enum Label {
    /// They are fields.
    Fields,
    /// They are something else: rules, indexes, relationships.
    Other,
    /// They may be fields, if they look like it.
    Unknown,
}

/// Reads the words before a list.
pub(in crate::notation) fn label(text: &str) -> Label {
    let words = lower_words(parenthesized(text).map_or(text, |(before, _, _)| before));
    let Some(last) = words.last() else { return Label::Unknown };
    let is_fields = matches!(
        last.as_str(),
        "fields"
            | "attributes"
            | "columns"
            | "properties"
            | "field"
            | "contains"
            | "stores"
            | "includes"
            | "data"
            | "schema"
            | "timestamps"
            | "structure"
    );
    if is_fields
        && words.len() <= 5
        && !words.iter().any(|word| {
            matches!(
                word.as_str(),
                "merge" | "allowed" | "search" | "computed" | "required" | "filter" | "sort"
            )
        })
    {
        return Label::Fields;
    }
    let is_other = words.iter().any(|word| {
        matches!(
            word.as_str(),
            "index"
                | "indexes"
                | "indices"
                | "constraint"
                | "constraints"
                | "rule"
                | "rules"
                | "validation"
                | "validations"
                | "relationship"
                | "relationships"
                | "relations"
                | "invariant"
                | "invariants"
                | "policy"
                | "policies"
                | "trigger"
                | "triggers"
                | "state"
                | "states"
                | "transition"
                | "transitions"
                | "enum"
                | "enums"
                | "enumerations"
                | "parameters"
                | "params"
                | "values"
                | "notes"
                | "note"
                | "behavior"
                | "behaviour"
                | "queries"
                | "examples"
                | "responsibilities"
                | "methods"
                | "operations"
                | "events"
                | "permissions"
                | "endpoints"
                | "actions"
                | "commands"
                | "evidence"
                | "owns"
                | "storage"
                | "usage"
                | "purpose"
                | "allowed"
                | "merge"
                | "search"
                | "filters"
                | "steps"
                | "retention"
                | "computed"
                | "lifecycle"
                | "associations"
        )
    });
    if is_other { Label::Other } else { Label::Unknown }
}

/// Whether the words introduce something that is read as such.
pub(in crate::notation) fn is_other_label(text: &str) -> bool {
    label(text) == Label::Other || label(text) == Label::Fields
}
