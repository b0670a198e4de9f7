//! Whose index it is, where neither its own words nor a heading name the entity.

use crate::notation::{Output, mentioned};
use crate::words::{fold, lower_words};

/// By the index's own name, its purpose, or the columns that only one entity has.
pub(super) fn owner(
    name: Option<&str>,
    purpose: Option<&str>,
    columns: &[&str],
    out: &Output,
) -> Option<String> {
    name.and_then(|name| by_name(name, out))
        .or_else(|| purpose.and_then(|purpose| by_purpose(purpose, out)))
        .or_else(|| by_columns(columns, out))
}

/// `idx_payments_schedule`, `ix_order_items_sku`, `payments_receipt_idx`: names of indexes begin with
/// that of the table, behind a mark of what they are.
fn by_name(name: &str, out: &Output) -> Option<String> {
    let mut parts: Vec<&str> = name.split('_').filter(|part| !part.is_empty()).collect();
    let first = parts.first()?.to_lowercase();
    if matches!(
        first.as_str(),
        "idx" | "ix" | "index" | "uq" | "uk" | "ux" | "uidx" | "unique" | "pk" | "fk" | "i"
    ) {
        parts.remove(0);
    } else if !matches!(parts.last()?.to_lowercase().as_str(), "idx" | "index" | "key" | "pkey") {
        return None;
    }
    (1..=parts.len().min(4))
        .rev()
        .find_map(|count| out.known.get_folded(&fold(&parts[..count].join("_"))))
        .map(str::to_owned)
}

/// "for report listing" is about reports, "for audit queries" about the one entity whose name begins
/// or ends so.
fn by_purpose(purpose: &str, out: &Output) -> Option<String> {
    if let [one] = mentioned(purpose, out).as_slice() {
        return Some(one.clone());
    }
    let words = lower_words(purpose);
    let mut hits =
        words.iter().filter(|word| word.len() > 3 && !is_of_queries(word)).filter_map(|word| {
            let begins = out.known.beginning_with(word);
            begins.or_else(|| out.known.ending_with(word)).map(str::to_owned)
        });
    let first = hits.next()?;
    hits.all(|other| other == first).then_some(first)
}

/// Words that say of any query what it is.
fn is_of_queries(word: &str) -> bool {
    matches!(
        word,
        "query"
            | "queries"
            | "lookup"
            | "lookups"
            | "list"
            | "lists"
            | "listing"
            | "search"
            | "filter"
            | "filters"
            | "filtering"
            | "sorting"
            | "fast"
            | "quick"
            | "performance"
            | "history"
            | "time"
            | "with"
            | "data"
            | "status"
            | "range"
            | "index"
    )
}

/// The one entity that a document describes.
pub(super) fn only_thing(out: &Output) -> Option<String> {
    out.only_described().and_then(|it| out.known.get_folded(it)).map(str::to_owned)
}

/// The one entity that has most of the columns; a single column only where its name says more than
/// `name` or `status`.
fn by_columns(columns: &[&str], out: &Output) -> Option<String> {
    if let [one] = columns {
        let says_more = one.contains('_') || one.chars().skip(1).any(char::is_uppercase);
        let told = out.only_owner_of(one).filter(|_| says_more).map(str::to_owned);
        return told.or_else(|| only_thing(out).filter(|it| out.field(it, one).is_some()));
    }
    let (owner, count) = out.owner_of_most(columns, false)?;
    (count * 2 > columns.len()).then(|| out.known.get(owner).map(str::to_owned)).flatten()
}
