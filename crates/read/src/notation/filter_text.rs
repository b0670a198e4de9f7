//! The conditions of a query as people write them in tables and lists: `user_id, status = 'open'`, `status not in ('delivered',
//! 'cancelled')`, `created_at >= ?`, `metadata @> ?`.

use crate::words::{is_identifier, split_top};
use crate::{Bound, FilterFact, FilterOperator, Window};

const QUOTES: [char; 6] = ['\'', '"', '“', '”', '‘', '’'];

pub(crate) fn is_empty(text: &str) -> bool {
    matches!(text, "" | "-" | "—" | "–" | "n/a" | "N/A" | "none" | "None")
}

/// The conditions in a filter's text.
pub(crate) fn filters(text: &str) -> Vec<FilterFact> {
    if is_empty(text) {
        return Vec::new();
    }
    let mut found: Vec<FilterFact> = Vec::new();
    for part in split_top(text, &[',', ';', '\n']).into_iter().flat_map(|part| split_and(part)) {
        let Some(filter) = filter(part) else { continue };
        match found.iter_mut().find(|other| other.field == filter.field) {
            Some(other) if other.operator == FilterOperator::Equals => *other = filter,
            // Two bounds, one from each side, are a range.
            Some(other) => {
                if let (FilterOperator::Bound(one), FilterOperator::Bound(two)) =
                    (&other.operator, &filter.operator)
                {
                    if one.is_lower() != two.is_lower() {
                        other.operator = FilterOperator::Range;
                    }
                }
            }
            None => found.push(filter),
        }
    }
    found
}

fn split_and(text: &str) -> Vec<&str> {
    let lower = text.to_ascii_lowercase();
    if lower.contains("between") {
        return vec![text];
    }
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, _) in lower.match_indices(" and ") {
        parts.push(&text[start..at]);
        start = at + " and ".len();
    }
    parts.push(&text[start..]);
    parts.into_iter().flat_map(|part| part.split(" + ")).collect()
}

fn filter(text: &str) -> Option<FilterFact> {
    let plain = text.replace('`', "");
    let text = plain.trim().trim_end_matches('.');
    let text =
        ["optional ", "by ", "where ", "filter by ", "and "].iter().fold(text, |text, lead| {
            crate::words::strip_prefix_ignoring_case(text, lead).unwrap_or(text)
        });
    let end =
        text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.'))).unwrap_or(text.len());
    let (field, rest) = (text[..end].trim(), text[end..].trim());
    if !is_identifier(field) {
        return None;
    }
    let lower = rest.to_lowercase();
    let first = lower.split_whitespace().next().unwrap_or_default();
    let operator = if let Some(window) = window(&lower) {
        FilterOperator::Window(window)
    } else if rest.is_empty()
        || rest.starts_with('(')
        || first == "optional"
        || lower.starts_with("(optional")
    {
        FilterOperator::Equals
    } else if rest.starts_with("@>")
        || lower.starts_with("contains")
        || rest.starts_with('?') && rest.len() > 1
    {
        FilterOperator::Contains
    } else if lower.starts_with("is not null")
        || lower.starts_with("not null")
        || lower.starts_with("is set")
        || lower.starts_with("!= null")
        || lower.starts_with("is present")
    {
        FilterOperator::IsPresent
    } else if lower.starts_with("is null")
        || lower == "null"
        || lower.starts_with("= null")
        || lower.starts_with("is empty")
    {
        FilterOperator::IsNull
    } else if lower.starts_with("between") || lower.contains("range") {
        FilterOperator::Range
    } else if let Some(excluded) = excluded(rest) {
        FilterOperator::NoneOf(excluded)
    } else if let Some(listed) = first.starts_with("in").then(|| listed(&rest[2..])).flatten() {
        FilterOperator::OneOf(listed)
    } else if let Some(bound) = bound(&lower) {
        FilterOperator::Bound(bound)
    } else if first == "in"
        || first == "in("
        || lower.starts_with("in (")
        || lower.starts_with("any of")
        || lower.starts_with("= any")
    {
        FilterOperator::In
    } else if matches!(
        first,
        "like"
            | "ilike"
            | "search"
            | "matches"
            | "prefix"
            | "text"
            | "@@"
            | "full-text"
            | "fulltext"
            | "~"
    ) {
        FilterOperator::Search
    } else if let Some(value) = rest
        .strip_prefix("==")
        .or_else(|| rest.strip_prefix('='))
        .or_else(|| rest.strip_prefix(':'))
    {
        let value = value.trim();
        if is_parameter(value) {
            FilterOperator::Equals
        } else {
            FilterOperator::Constant(value.trim_matches(QUOTES).to_owned())
        }
    } else {
        return None;
    };
    Some(FilterFact { field: field.to_owned(), operator, optional: false })
}

/// The stretch of time by the clock that a condition is: `in the last 30 days`, `= today`, `>= now() - interval '7 days'`.
fn window(text: &str) -> Option<Window> {
    let plain = text.replace(['\'', '"'], " ");
    let text = plain.trim().trim_start_matches('(').trim_end_matches(')').trim();
    if let Some(by) = text.strip_prefix(">=").or_else(|| text.strip_prefix('>')) {
        let by = by.trim_start();
        let by = ["now()", "current_timestamp", "now"].iter().find_map(|it| by.strip_prefix(it))?;
        let by = by.trim_start().strip_prefix('-')?.trim_start();
        let by = by.strip_prefix("interval").unwrap_or(by);
        return Window::of(&format!("last {by}"));
    }
    let leads = ["in ", "within ", "during ", "from ", "is ", "=", ":"];
    let said = leads.iter().find_map(|lead| text.strip_prefix(lead)).unwrap_or(text);
    Window::of(said)
}

/// The bound that a comparison begins with.
fn bound(text: &str) -> Option<Bound> {
    // Longer signs first: `<=` begins with `<`.
    const SIGNS: [(&str, Bound); 10] = [
        (">=", Bound::AtLeast),
        ("<=", Bound::AtMost),
        ("≥", Bound::AtLeast),
        ("≤", Bound::AtMost),
        (">", Bound::MoreThan),
        ("<", Bound::LessThan),
        ("from", Bound::AtLeast),
        ("before", Bound::LessThan),
        ("after", Bound::MoreThan),
        ("until", Bound::LessThan),
    ];
    SIGNS.iter().find(|(sign, _)| text.starts_with(sign)).map(|&(_, bound)| bound)
}

fn is_parameter(value: &str) -> bool {
    value.starts_with(['?', '$', ':', '@', '{', '<', '%']) || value.is_empty()
}

/// The values that a condition excludes: `not in ('a', 'b')`, `<> 'a'`, `!= a`.
fn excluded(text: &str) -> Option<Vec<String>> {
    let after = |lead: &str| crate::words::strip_prefix_ignoring_case(text, lead);
    if let Some(list) = after("not in") {
        return listed(list);
    }
    let value = ["<>", "!=", "≠", "is not "].iter().find_map(|lead| after(lead))?.trim();
    let is_value = !is_parameter(value) && !value.contains([' ', '(']);
    is_value.then(|| vec![value.trim_matches(QUOTES).to_owned()])
}

/// The values of a list in brackets, where each is one that the document fixes.
fn listed(text: &str) -> Option<Vec<String>> {
    let list = text.trim().strip_prefix('(')?.strip_suffix(')')?;
    let values: Vec<&str> = list.split(',').map(str::trim).collect();
    let is_fixed =
        |value: &&str| !is_parameter(value) && !value.contains("...") && !value.contains('…');
    values
        .iter()
        .all(is_fixed)
        .then(|| values.into_iter().map(|value| value.trim_matches(QUOTES).to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::filters;
    use crate::render::filter_text;

    #[test]
    fn what_a_condition_says() {
        for (text, expected) in [
            ("user_id, status = 'open'", "user_id = ?; status = open"),
            ("status not in ('delivered', 'cancelled')", "status not in (delivered, cancelled)"),
            ("status NOT IN (done)", "status not in (done)"),
            ("status in ('a', 'b')", "status in (a, b)"),
            ("status in (?)", "status in ?"),
            ("status in (:states)", "status in ?"),
            ("status <> 'draft'", "status not in (draft)"),
            ("status != ?", ""),
            ("paid_at != null", "paid_at is present"),
            ("total < 10", "total < ?"),
            ("in stock", ""),
            ("placed_at in the last 30 days", "placed_at in last 30 days"),
            ("placed_at = today, user_id", "placed_at in this day; user_id = ?"),
            ("placed_at >= now() - interval '7 days'", "placed_at in last 7 days"),
            ("placed_at (this month)", "placed_at in this month"),
            ("placed_at >= ?", "placed_at >= ?"),
            ("placed_at before today", "placed_at < ?"),
        ] {
            let found: Vec<String> = filters(text).iter().map(filter_text).collect();
            assert_eq!(found.join("; "), expected, "{text}");
        }
    }
}
