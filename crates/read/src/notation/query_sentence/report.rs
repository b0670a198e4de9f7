//! Reports that somebody makes of rows, and what they may be narrowed by: "create a trip report, with options to filter by
//! driver and date".

use std::borrow::Cow;

use underpin_base::{Lowered, Phrases};

/// What leads to the fields by which a report or a list is narrowed.
const NARROWED: &[&str] = &[
    "with options to filter by ",
    "with the option to filter by ",
    "with an option to filter by ",
    "with the ability to filter by ",
    "with ability to filter by ",
    "with options to filter on ",
    "that can be filtered by ",
    "which can be filtered by ",
];

/// Words for putting rows side by side, which leave none of them out.
const GROUPED: &[&str] = &["categorized by ", "categorised by ", "organized by ", "organised by "];

/// The sentence with such a request in the words of any other.
pub(super) fn as_request(text: &str) -> Cow<'_, str> {
    let text = match without_groups(text) {
        Some(rest) => Cow::Owned(rest),
        None => Cow::Borrowed(text),
    };
    let lower = Lowered::new(&text);
    let found =
        made(&text, &lower).or_else(|| narrowed(&text, &lower)).or_else(|| sorted(&text, &lower));
    match found {
        Some(found) => Cow::Owned(found),
        None => text,
    }
}

/// "all expenses, categorized by fuel, repair, and other": all of them.
fn without_groups(text: &str) -> Option<String> {
    let lower = Lowered::new(text);
    let at = GROUPED.iter().find_map(|mark| lower.place_of(mark))?;
    let behind = lower[at..].find([';', '(']).map_or("", |end| &text[at + end..]);
    let front = text[..at].trim_end_matches([',', ' ']);
    Some(format!("{front}{behind}"))
}

/// "generate a trip report by driver and date": the trips are looked for.
fn made(text: &str, lower: &Lowered) -> Option<String> {
    const MAKE: &[&str] =
        &["create ", "generate ", "produce ", "run ", "export ", "download ", "build "];
    let from = MAKE.iter().find_map(|verb| {
        let at = lower.place_of(verb)?;
        let begins = at == 0 || lower[..at].ends_with([' ', '(']);
        begins.then_some(at + verb.len())
    })?;
    let rest = &lower[from..];
    let end = [" reports", " report"].iter().find_map(|end| {
        let at = rest.find(end)?;
        let behind = &rest[at + end.len()..];
        behind.starts_with([' ', ',']).then_some((at, end.len()))
    })?;
    let thing = ["a ", "an ", "the "]
        .iter()
        .find_map(|article| rest[..end.0].strip_prefix(article))
        .unwrap_or(&rest[..end.0]);
    let is_thing = !thing.is_empty() && thing.split(' ').count() <= 2 && !thing.contains(',');
    let behind = &text[from + end.0 + end.1..];
    let behind_lower = behind.to_lowercase();
    let behind_lower = behind_lower.trim_start_matches([',', ' ']);
    let leads = ["filtered by ", "filterable by ", "filter by ", "by "];
    let lead = NARROWED.iter().chain(&leads).find(|lead| behind_lower.starts_with(**lead))?;
    let fields = &behind[behind.len() - behind_lower.len() + lead.len()..];
    is_thing.then(|| format!("filter {thing}s by {fields}"))
}

/// "view a list, with options to filter by date": filtered by it.
fn narrowed(text: &str, lower: &Lowered) -> Option<String> {
    let (at, mark) = NARROWED.iter().find_map(|mark| Some((lower.place_of(mark)?, *mark)))?;
    let front = text[..at].trim_end_matches([',', ' ']);
    Some(format!("{front} filtered by {}", &text[at + mark.len()..]))
}

/// "users can sort tasks by deadline": all of them, in that order.
fn sorted(text: &str, lower: &Lowered) -> Option<String> {
    let at = lower.place_of("sort ")?;
    let asks = ["", "can ", "to ", "should ", "may "].iter().any(|lead| match *lead {
        "" => at == 0,
        lead => lower[..at].ends_with(lead),
    });
    let (thing, order) = text[at + "sort ".len()..].split_once(" by ")?;
    let is_thing = thing.split(' ').count() <= 3 && !thing.contains([',', '/', '(']);
    (asks && is_thing && !lower[..at].contains("filter"))
        .then(|| format!("{}list {thing} sorted by {order}", &text[..at]))
}

#[cfg(test)]
mod tests {
    use super::as_request;

    #[test]
    fn reports_are_of_rows() {
        for (text, request) in [
            (
                "Clerks can create a trip report, with options to filter by driver, and date",
                "filter trips by driver, and date",
            ),
            ("Generate boat reports by harbour", "filter boats by harbour"),
            (
                "see a list of all boats, with the option to filter by length",
                "see a list of all boats filtered by length",
            ),
            ("See all boats, categorized by sailing, mooring, and sunk", "See all boats"),
            ("Users can sort my boats by length", "Users can list my boats sorted by length"),
            ("Filter and sort boats by length", "Filter and sort boats by length"),
            // Nothing says by what.
            ("Create a trip report", "Create a trip report"),
            ("Report a trip by mail", "Report a trip by mail"),
        ] {
            assert_eq!(as_request(text), request);
        }
    }
}
