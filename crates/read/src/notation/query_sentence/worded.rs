//! Requests that are said with nouns: "The book list supports filtering by title and author", "multi-select filters for title
//! and author", "Advanced book search: title, author", "Filterable list of books (title, author)".

use std::borrow::Cow;

/// Nouns for what shows rows.
const LISTS: &[&str] = &[" list", " page", " view", " table", " catalog", " lists", " listing"];

/// The sentence as a request with a verb.
pub(super) fn as_request(text: &str) -> Cow<'_, str> {
    let lower = text.to_ascii_lowercase();
    let found = supports(text, &lower)
        .or_else(|| filters_for(text, &lower))
        .or_else(|| labelled(text, &lower))
        .or_else(|| filterable(text, &lower))
        .or_else(|| deduplicate(text, &lower));
    found.map_or(Cow::Borrowed(text), Cow::Owned)
}

/// "Books list supports filtering by title".
fn supports(text: &str, lower: &str) -> Option<String> {
    let marks = [
        " supports filtering by ",
        " supports filters by ",
        " supports filtering on ",
        " supports searching by ",
        " supports search by ",
        " should support filtering by ",
        " must support filtering by ",
        " has filters for ",
        " provides filters for ",
    ];
    let (at, mark) = marks.iter().find_map(|mark| Some((lower.find(mark)?, *mark)))?;
    let front = &text[..at];
    let thing = LISTS.iter().find_map(|list| front.strip_suffix(list))?;
    let thing = thing.trim_start_matches("The ").trim_start_matches("the ");
    Some(format!("Filter {} by {}", thing.trim(), &text[at + mark.len()..]))
}

/// "a page with multi-select filters for title and author".
fn filters_for(text: &str, lower: &str) -> Option<String> {
    let marks = [
        "multi-select filters for ",
        "with filters for ",
        "with filters by ",
        "and filters by ",
        "and filters for ",
    ];
    let (at, mark) = marks.iter().find_map(|mark| Some((lower.find(mark)?, *mark)))?;
    let front = text[..at].trim_end().trim_end_matches('(').trim_end();
    let rest = text[at + mark.len()..].replace(')', "");
    Some(format!("{front} filtering by {rest}"))
}

/// "Filter books: title, author", "Advanced book search: title, author".
fn labelled(text: &str, lower: &str) -> Option<String> {
    let (label, list) = text.split_once(": ").filter(|(_, list)| list.contains(','))?;
    let label_lower = &lower[..label.len()];
    let filtered =
        label_lower.strip_prefix("filter ").map(|thing| &label[label.len() - thing.len()..]);
    let searched = label_lower.strip_suffix(" search").map(|front| {
        label[..front.len()].trim_start_matches("Advanced ").trim_start_matches("advanced ")
    });
    let thing = filtered.or(searched).filter(|it| it.split(' ').count() <= 2)?;
    let is_topic = matches!(
        thing.to_lowercase().as_str(),
        "options" | "by" | "criteria" | "advanced" | "global"
    );
    let plural = if searched.is_some() && filtered.is_none() { "s" } else { "" };
    (!is_topic).then(|| format!("Filter {thing}{plural} by {list}"))
}

/// "Filterable list of books (title, author)".
fn filterable(text: &str, lower: &str) -> Option<String> {
    let at = ["filterable list of ", "filterable table of ", "searchable list of "]
        .iter()
        .find_map(|mark| Some(lower.find(mark)? + mark.len()))?;
    let (thing, list) = text[at..].split_once(" (")?;
    Some(format!("Filter {thing} by {}", list.trim_end_matches(['.', ')'])))
}

/// "deduplicate jobs by title and company": whoever does so looks for rows with these.
fn deduplicate(text: &str, lower: &str) -> Option<String> {
    let at = lower.find("deduplicate ")?;
    let rest = &text[at + "deduplicate ".len()..];
    let (thing, list) = rest.split_once(" by ")?;
    // "by (title, company) and a content hash" names the columns together.
    let list =
        list.strip_prefix('(').and_then(|it| it.split_once(')')).map_or(list, |(inside, _)| inside);
    (thing.split(' ').count() <= 3).then(|| format!("find {thing} by {list}"))
}

#[cfg(test)]
mod tests {
    use super::as_request;

    #[test]
    fn nouns_that_ask() {
        for (text, request) in [
            ("Books list supports filtering by title, author", "Filter Books by title, author"),
            (
                "Create book page with multi-select filters for title and author",
                "Create book page with filtering by title and author",
            ),
            ("Filter books: title, author", "Filter books by title, author"),
            ("Advanced book search: title, author", "Filter books by title, author"),
            ("Filterable list of books (title, author)", "Filter books by title, author"),
            (
                "The system shall deduplicate books by (title, author) and a hash",
                "find books by title, author",
            ),
        ] {
            assert_eq!(as_request(text), request);
        }
    }

    #[test]
    fn nouns_that_ask_for_nothing() {
        for text in [
            "The engine supports filtering by hand",
            "Filter options: title, author",
            "Search: name, city",
            "Spam filters for mail are trained",
        ] {
            assert_eq!(as_request(text), text);
        }
    }
}
