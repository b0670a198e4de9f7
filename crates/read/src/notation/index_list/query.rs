//! The query that an index is asked for with: by its columns, its purpose and the rows it holds.

use crate::notation::filter_text;
use crate::query_phrase;
use crate::words::{is_identifier, lower_words, name_words, strip_prefix_ignoring_case};
use crate::{AccessKind, Fact, FilterFact, FilterOperator, IndexFact, PatternFact};
use smol_str::SmolStr;

/// The query that an index is said to serve: by its columns, sorted by the last where that descends.
pub(in crate::notation) fn pattern(index: &IndexFact) -> Option<Fact> {
    let purpose = index.purpose.as_deref()?;
    let (purpose, condition) = match purpose.strip_prefix("where ") {
        Some(condition) => ("", condition),
        None => purpose.split_once(" (where ").unwrap_or((purpose, "")),
    };
    let fixed = filter_text::filters(condition.trim_end_matches(')'));
    if purpose.is_empty() {
        // A part of the rows is indexed for those who ask for that part.
        let fields: Vec<&str> =
            index.columns.iter().filter_map(|column| column.split(' ').next()).collect();
        let name = format!("{} by {} where {condition}", index.entity, fields.join(" and "));
        return if fixed.is_empty() { None } else { query(index, &name, fixed) };
    }
    let looks_up = lower_words(purpose)
        .iter()
        .any(|word| matches!(word.as_str(), "lookup" | "lookups" | "search" | "find"));
    let is_constraint = !looks_up
        && lower_words(purpose).iter().any(|word| {
            matches!(
                word.as_str(),
                "index"
                    | "indexes"
                    | "indices"
                    | "enforces"
                    | "enforce"
                    | "prevents"
                    | "prevent"
                    | "uniqueness"
                    | "unique"
                    | "where"
                    | "integrity"
            )
        });
    if is_constraint || lower_words(purpose).len() < 2 {
        return None;
    }
    // What only sorts asks for all rows.
    let words = lower_words(purpose);
    let words: Vec<&str> = words.iter().map(SmolStr::as_str).collect();
    let sorts = matches!(
        words.as_slice(),
        ["sort" | "sorts" | "sorted" | "sorting" | "ordering", ..] | ["order", "by", ..]
    );
    if let ([only], true) = (index.columns.as_slice(), sorts) {
        let mut asked = asked(index, purpose);
        asked.sort = vec![only.clone()];
        return is_identifier(only).then_some(Fact::AccessPattern(asked));
    }
    query(index, purpose, fixed)
}

/// A query of an index's entity, by nothing yet.
fn asked(index: &IndexFact, purpose: &str) -> PatternFact {
    let name = purpose.trim().trim_end_matches('.');
    let name = strip_prefix_ignoring_case(name, "for ").unwrap_or(name);
    PatternFact {
        entity: Some(index.entity.clone()),
        ..query_phrase::empty(name, AccessKind::Read)
    }
}

/// Who writes of an index in words asks for it because of a query by its columns, even where the
/// reason stands elsewhere: "(R3)".
pub(super) fn by_columns(index: &IndexFact) -> Option<Fact> {
    let says_more = index.purpose.as_deref().is_some_and(|purpose| lower_words(purpose).len() > 1);
    let is_ordered = index.method.as_deref().is_none_or(|method| method == "btree");
    if says_more || !is_ordered {
        return None;
    }
    let columns: Vec<&str> =
        index.columns.iter().filter_map(|column| column.split(' ').next()).collect();
    query(index, &format!("{} by {}", index.entity, columns.join(" and ")), Vec::new())
}

/// Moments are asked for between two others, everything else as it is.
fn operator(field: &str) -> FilterOperator {
    let is_moment = ["_at", "At", "_date", "Date", "_time", "Time", "timestamp", "_until"]
        .iter()
        .any(|ending| field.ends_with(ending));
    if is_moment { FilterOperator::Range } else { FilterOperator::Equals }
}

/// Whether a column holds the place of a row among others, by which they are sorted and never asked for.
fn is_place(column: &str) -> bool {
    name_words(column).last().is_some_and(|word| {
        matches!(word.as_str(), "order" | "position" | "sequence" | "index" | "rank" | "ordinal")
    })
}

/// The query by an index's columns and the conditions of its rows.
fn query(index: &IndexFact, purpose: &str, fixed: Vec<FilterFact>) -> Option<Fact> {
    let mut columns: Vec<&str> = index.columns.iter().map(String::as_str).collect();
    let sort = match columns.last() {
        Some(last) if columns.len() > 1 && (last.ends_with(" desc") || is_place(last)) => {
            columns.pop().map(str::to_owned)
        }
        _ => None,
    };
    let filter: Option<Vec<FilterFact>> = columns
        .iter()
        .map(|column| {
            let field = column.split(' ').next().unwrap_or_default();
            is_identifier(field).then(|| FilterFact {
                field: field.to_owned(),
                operator: operator(field),
                optional: false,
            })
        })
        .collect();
    let mut filter = filter?;
    for condition in fixed {
        filter.retain(|known| known.field != condition.field);
        filter.push(condition);
    }
    Some(Fact::AccessPattern(PatternFact {
        filter,
        sort: sort.into_iter().collect(),
        ..asked(index, purpose)
    }))
}
