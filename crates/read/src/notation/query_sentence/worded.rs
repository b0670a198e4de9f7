//! Requests that are said with nouns: "The book list supports filtering by title and author", "multi-select filters for title
//! and author", "Advanced book search: title, author", "Filterable list of books (title, author)".

use std::borrow::Cow;

use underpin_base::{Lowered, Phrases};

/// Nouns for what shows rows.
const LISTS: &[&str] = &[" list", " page", " view", " table", " catalog", " lists", " listing"];

/// The sentence as a request with a verb.
pub(super) fn as_request(text: &str) -> Cow<'_, str> {
    let lower = Lowered::new(text);
    let shown = || {
        visible(text, &lower).or_else(|| details(text, &lower)).or_else(|| dashboard(text, &lower))
    };
    // Most sentences hold neither of the words that the others need.
    let found = if lower.holds("search") || lower.holds("filter") {
        narrowing(text, &lower)
            .or_else(|| listing(text, &lower))
            .or_else(|| searching(text, &lower))
            .or_else(shown)
            .or_else(|| supports(text, &lower))
            .or_else(|| filters_for(text, &lower))
            .or_else(|| labelled(text, &lower))
            .or_else(|| filters_last(text, &lower))
            .or_else(|| filterable(text, &lower))
    } else {
        shown()
    };
    let found = found
        .or_else(|| returned(text, &lower))
        .or_else(|| looked_up(text, &lower))
        .or_else(|| deduplicate(text, &lower));
    found.map_or(Cow::Borrowed(text), Cow::Owned)
}

/// "Filters include title and author", "Search works by title", "List with filtering by title": what the place
/// is about is narrowed by these.
fn narrowing(text: &str, lower: &Lowered) -> Option<String> {
    let leads = [
        ("filters include ", "Filter by "),
        ("filters included: ", "Filter by "),
        ("filters available: ", "Filter by "),
        ("available filters: ", "Filter by "),
        ("search works by ", "Search by "),
        ("search works with ", "Search by "),
        ("search supports ", "Search by "),
        ("listing with filtering by ", "Filter by "),
        ("list with filtering by ", "Filter by "),
        ("table with filtering by ", "Filter by "),
        ("search bar to search by ", "Search by "),
        ("search using ", "Search by "),
        ("filter using ", "Filter by "),
    ];
    let led = leads.iter().find_map(|(lead, verb)| {
        lower.starts_with(lead).then(|| format!("{verb}{}", &text[lead.len()..]))
    });
    // "provide filter controls for title and author".
    let controls = || {
        ["filter controls for ", "filter control for ", "filter options for ", "filters by "]
            .iter()
            .find_map(|mark| {
                let at = lower.find(mark)?;
                let is_offered = lower[..at].trim_end_matches("a ").ends_with("provide ")
                    || lower[..at].ends_with("offer ")
                    || lower[..at].ends_with("include ");
                let rest = text[at + mark.len()..].split(" with ").next()?;
                is_offered.then(|| format!("Filter by {}", rest.trim_end_matches(" selection")))
            })
    };
    led.or_else(controls)
}

/// "When viewing book lists, the system shall allow filtering by title": the books.
fn listing(text: &str, lower: &Lowered) -> Option<String> {
    let by = lower.find(" filtering by ")? + " filtering by ".len();
    let marks = ["when viewing ", "when browsing ", "when accessing ", "when displaying "];
    let from = marks.iter().find_map(|mark| Some(lower.find(mark)? + mark.len()))?;
    let end = [" lists", " list"].iter().find_map(|end| lower[from..by].find(end))? + from;
    let thing = text[from..end].trim_start_matches("the ");
    let is_one = thing.split(' ').count() <= 2 && !thing.contains(',');
    is_one.then(|| format!("Filter {thing} by {}", &text[by..]))
}

/// "provide search functionality for books by title", "filtering of books (title, author)", "search terms match the
/// title and author of books".
fn searching(text: &str, lower: &Lowered) -> Option<String> {
    for noun in [" functionality", " capability", " capabilities", " feature"] {
        for verb in ["search", "filtering", "filter"] {
            let mark = format!("{verb}{noun} for ");
            if let Some(at) = lower.place_of(&mark) {
                return Some(format!("{verb} {}", &text[at + mark.len()..]));
            }
        }
    }
    if let Some(at) = lower.place_of("filtering of ") {
        let (thing, list) = text[at + "filtering of ".len()..].split_once(" (")?;
        return Some(format!("Filter {thing} by {}", list.trim_end_matches(['.', ')'])));
    }
    let at = ["search terms match ", "search matches ", "search term matches "]
        .iter()
        .find_map(|mark| Some(lower.place_of(mark)? + mark.len()))?;
    let (fields, thing) = text[at..].trim_end_matches('.').split_once(" of ")?;
    let fields = fields.trim_start_matches("the ").replace('/', ", ");
    Some(format!("Search {thing} by {fields}"))
}

/// "Loan history visible to each reader": each looks at their own.
fn visible(text: &str, lower: &Lowered) -> Option<String> {
    let marks = [" visible to each ", " available to each ", " shown to each ", " visible to the "];
    let (at, mark) = marks.iter().find_map(|mark| Some((lower.place_of(mark)?, *mark)))?;
    let (thing, who) = (&text[..at], &text[at + mark.len()..]);
    let is_history = lower[..at].ends_with(" history");
    (is_history && at < 40).then(|| format!("view {thing} of a {who}"))
}

/// "Reader details include contact data and loan history": the loans of the reader.
fn details(text: &str, lower: &Lowered) -> Option<String> {
    if !lower.holds(" history") {
        return None;
    }
    let (at, length) = ["details", "profile", "detail page", "page", "detail view"]
        .iter()
        .flat_map(|noun| {
            ["include", "includes", "show", "shows", "contain", "contains", "display", "displays"]
                .iter()
                .filter_map(move |verb| {
                    let mark = format!(" {noun} {verb} ");
                    lower.place_of(&mark).map(|at| (at, mark.len()))
                })
        })
        .next()?;
    let owner = text[..at].trim_start_matches("The ").trim_start_matches("the ");
    let rest = text[at + length..].trim_end_matches('.');
    let history = rest
        .split([',', ';'])
        .flat_map(|part| part.split(" and "))
        .map(|part| part.trim().trim_start_matches("the ").trim_start_matches("their "))
        .find(|part| part.ends_with(" history"))?;
    let is_one = owner.split(' ').count() <= 2 && !lower.starts_with("my ");
    is_one.then(|| format!("view {history} of a {owner}"))
}

/// "The dashboard shows revenue, recent loans and overdue books": each that says which is asked for.
fn dashboard(text: &str, lower: &Lowered) -> Option<String> {
    let at = lower.place_of("dashboard").filter(|at| *at < 40)? + "dashboard".len();
    let marks =
        [" shows ", " displays ", " displaying ", " showing ", " includes ", " with ", ": ", " ("];
    let from = marks
        .iter()
        .filter_map(|mark| lower[at..].find(mark).map(|found| at + found + mark.len()))
        .filter(|from| *from < at + 24)
        .min()?;
    let asked: Vec<String> = text[from..]
        .trim_end_matches(['.', ')'])
        .split([',', ';'])
        .flat_map(|part| part.split(" and "))
        .map(|part| part.trim().trim_start_matches("and ").trim_start_matches("the "))
        .filter(|part| says_which(part))
        .map(|part| format!("show {part}"))
        .collect();
    (!asked.is_empty()).then(|| asked.join("; "))
}

/// Whether a few words name some of many: "recent loans", "5 latest books", "low-stock items".
fn says_which(part: &str) -> bool {
    let lower = part.to_lowercase();
    let mut words = lower.split(' ').filter(|word| word.parse::<u32>().is_err());
    let first = words.next().unwrap_or_default();
    let is_state = crate::prose::sounds_like_state(first)
        || matches!(
            first,
            "recent"
                | "latest"
                | "newest"
                | "upcoming"
                | "overdue"
                | "unpaid"
                | "low-stock"
                | "today's"
                | "unread"
                | "top"
        );
    let rest: Vec<&str> = words.collect();
    is_state && (1..=3).contains(&rest.len()) && rest.last().is_some_and(|last| last.ends_with('s'))
}

/// "Books list supports filtering by title".
fn supports(text: &str, lower: &Lowered) -> Option<String> {
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
    let (at, mark) = marks.iter().find_map(|mark| Some((lower.place_of(mark)?, *mark)))?;
    let front = &text[..at];
    let thing = LISTS.iter().find_map(|list| front.strip_suffix(list))?;
    let thing = thing.trim_start_matches("The ").trim_start_matches("the ");
    Some(format!("Filter {} by {}", thing.trim(), &text[at + mark.len()..]))
}

/// "a page with multi-select filters for title and author".
fn filters_for(text: &str, lower: &Lowered) -> Option<String> {
    let marks = [
        "multi-select filters for ",
        "with filters for ",
        "with filters by ",
        "and filters by ",
        "and filters for ",
    ];
    let (at, mark) = marks.iter().find_map(|mark| Some((lower.place_of(mark)?, *mark)))?;
    let front = text[..at].trim_end().trim_end_matches('(').trim_end();
    let rest = text[at + mark.len()..].replace(')', "");
    Some(format!("{front} filtering by {rest}"))
}

/// "Book listing shall apply stable ordering, and optional title and author filters": what stands before the last word.
fn filters_last(text: &str, lower: &Lowered) -> Option<String> {
    let end = lower.trim_end_matches('.').strip_suffix(" filters")?.len();
    let modal = [" shall ", " must ", " should ", " supports ", " offers ", " provides "];
    let front = modal.iter().find_map(|mark| lower.place_of(mark))?;
    let thing = LISTS.iter().find_map(|list| text[..front].strip_suffix(list))?;
    let marks =
        [" optional ", " with ", " and by ", " support ", " offer ", " provide ", " apply "];
    let from =
        marks.iter().filter_map(|mark| Some(lower[..end].rfind(mark)? + mark.len())).max()?;
    let fields = text[from..end].trim();
    let is_list = front < from && fields.split(' ').count() <= 8 && !fields.contains(['(', ':']);
    let thing = thing.trim_start_matches("The ").trim_start_matches("the ");
    is_list.then(|| format!("Filter {thing}s by {fields}"))
}

/// "Filter books: title, author", "Advanced book search: title, author".
fn labelled(text: &str, lower: &Lowered) -> Option<String> {
    let (label, list) = text.cut_at(": ").filter(|(_, list)| list.contains(','))?;
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
fn filterable(text: &str, lower: &Lowered) -> Option<String> {
    let at = ["filterable list of ", "filterable table of ", "searchable list of "]
        .iter()
        .find_map(|mark| Some(lower.place_of(mark)? + mark.len()))?;
    let (thing, list) = text[at..].split_once(" (")?;
    Some(format!("Filter {thing} by {}", list.trim_end_matches(['.', ')'])))
}

/// "The history endpoint shall return loans in ascending order of time": which rows somebody gets.
fn returned(text: &str, lower: &Lowered) -> Option<String> {
    let marks = [" shall return ", " must return ", " should return ", " returns "];
    let (at, mark) = marks.iter().find_map(|mark| Some((lower.place_of(mark)?, *mark)))?;
    let places = ["endpoint", "api", "listing", "feed", "timeline", "query", "list", "search"];
    let is_place = places.iter().any(|place| lower[..at].ends_with(place));
    let rest = &text[at + mark.len()..];
    let is_ordered = [" order", "sorted", " first"].iter().any(|it| lower[at..].contains(it));
    let is_answer = rest.contains("error") || rest.starts_with(|c: char| c.is_ascii_digit());
    (is_place && is_ordered && !is_answer).then(|| format!("list {rest}"))
}

/// "Stock movement queries by item and date range", "Fast lookups by email".
fn looked_up(text: &str, lower: &Lowered) -> Option<String> {
    let marks = [" queries by ", " query by ", " lookups by ", " lookup by ", " retrieval by "];
    let (at, mark) = marks.iter().find_map(|mark| Some((lower.place_of(mark)?, *mark)))?;
    let qualities = ["fast ", "quick ", "efficient ", "frequent ", "common ", "optimized "];
    let is_of_quality = |lead: &&&str| lower.starts_with(**lead);
    let from = qualities.iter().find(is_of_quality).map_or(0, |lead| lead.len()).min(at);
    let thing = text[from..at].trim();
    let is_noun = thing.split(' ').count() <= 3
        && thing.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '`' | '-'))
        // "Avoid queries by hand": what is told to do is no thing.
        && !matches!(&lower[from..at], "avoid" | "run" | "allow" | "support" | "no" | "use");
    is_noun.then(|| format!("find {thing} by {}", &text[at + mark.len()..]))
}

/// "deduplicate jobs by title and company": whoever does so looks for rows with these.
fn deduplicate(text: &str, lower: &Lowered) -> Option<String> {
    let at = lower.place_of("deduplicate ")?;
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
            ("Filters include title and author", "Filter by title and author"),
            (
                "The system SHALL provide filter controls for title, author",
                "Filter by title, author",
            ),
            (
                "WHEN viewing book lists, the system SHALL allow filtering by title",
                "Filter book by title",
            ),
            ("Search works by title or author.", "Search by title or author."),
            (
                "The system shall provide search functionality for books by title",
                "search books by title",
            ),
            ("Advanced filtering of books (title, author)", "Filter books by title, author"),
            ("Search terms match the title/author of books.", "Search books by title, author"),
            ("Loan history visible to each reader", "view Loan history of a reader"),
            (
                "The dashboard shows revenue, recent loans and overdue books.",
                "show recent loans; show overdue books",
            ),
            (
                "Reader details include contact data and loan history.",
                "view loan history of a Reader",
            ),
            ("Book copy queries by shelf and date range", "find Book copy by shelf and date range"),
            ("Fast lookups by title", "find  by title"),
            (
                "Book listing shall apply stable ordering, and optional title and author filters.",
                "Filter Books by title and author",
            ),
            (
                "The loan endpoint shall return loans in ascending time order.",
                "list loans in ascending time order.",
            ),
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
            "WHEN viewing book lists, the system SHALL allow exports",
            "Clean the filter controls for dust",
            "Filter options: title, author",
            "Search: name, city",
            "Spam filters for mail are trained",
            "Reader details include name and city",
            "Avoid queries by hand",
            "The loan endpoint shall return an error in any order.",
            "The pump shall apply filters",
            "The engine filters include files",
            "The dashboard shows revenue, loans and a chart",
        ] {
            assert_eq!(as_request(text), text);
        }
    }
}
