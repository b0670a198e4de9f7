//! The order that a phrase asks for.

use super::phrase::{Word, is_asked_for};
use super::vocabulary;

/// "sorted by date in descending order" as "sorted by date descending", "in ascending name order" as "sorted by name ascending":
/// the order is no Order.
pub(super) fn plainly(text: String) -> String {
    const ORDERS: &[(&str, &str)] = &[
        (" in descending order", " descending"),
        (" in ascending order", " ascending"),
        (" in alphabetical order", " alphabetically"),
        (" in reverse chronological order", ", newest first"),
        (" in reverse-chronological order", ", newest first"),
        (" in chronological order", " chronologically"),
        (" in the order of ", ", sorted by "),
    ];
    let lower = text.to_ascii_lowercase();
    let told = ORDERS.iter().find_map(|(said, plain)| Some((lower.find(said)?, said, plain)));
    if let Some((at, said, plain)) = told {
        return format!("{}{plain}{}", &text[..at], &text[at + said.len()..]);
    }
    for direction in ["ascending", "descending"] {
        let Some(at) = lower.find(&format!(" in {direction} ")) else { continue };
        let from = at + direction.len() + " in  ".len();
        let Some(field) = lower[from..].find(" order").map(|end| &text[from..from + end]) else {
            continue;
        };
        // "global sequence": what the field is called stands last.
        let words: Vec<&str> = field.split(' ').collect();
        let name = words.iter().rev().find(|word| !word.is_empty()).unwrap_or(&"");
        if (1..=3).contains(&words.len()) {
            let name = if words.len() == 3 { *name } else { field };
            let behind = &text[from + field.len() + " order".len()..];
            return format!("{}, sorted by {name} {direction}{behind}", &text[..at]);
        }
    }
    text
}

/// "newest first", "sorted by priority descending", "alphabetically".
pub(super) fn sort(words: &[Word<'_>], sort: &mut Vec<String>) {
    let lower = |at: usize| words.get(at).map_or("", |word| word.lower.as_str());
    let mut add = |text: String| {
        if !sort.contains(&text) {
            sort.push(text);
        }
    };
    for at in 0..words.len() {
        match (lower(at), lower(at + 1)) {
            // "newest first by booked_at": the words behind "by" name what new is measured by.
            ("newest" | "latest" | "recent", "first") => {
                add(format!("{} desc", named_behind(words, at + 2).unwrap_or("time".to_owned())));
            }
            ("oldest" | "earliest", "first") => {
                add(named_behind(words, at + 2).unwrap_or("time".to_owned()));
            }
            // "newest 20", "the 10 most recent".
            ("newest" | "latest" | "recent", number) if is_count(number) => {
                add(format!("{} desc", named_behind(words, at + 2).unwrap_or("time".to_owned())));
            }
            ("oldest" | "earliest", number) if is_count(number) => {
                add(named_behind(words, at + 2).unwrap_or("time".to_owned()));
            }
            // "Highest priority first and then oldest".
            ("then", "oldest" | "earliest") if lower(at + 2) != "first" => add("time".to_owned()),
            ("then", "newest" | "latest") if lower(at + 2) != "first" => {
                add("time desc".to_owned());
            }
            // "top 10 orders by total".
            ("by", _) if tops(words, at).is_some() => {
                if let (Some(field), Some(is_high)) = (named_behind(words, at), tops(words, at)) {
                    add(format!("{field}{}", if is_high { " desc" } else { "" }));
                }
            }
            // "soonest due first", "cheapest first", "by priority, highest first".
            ("first" | "last", _) if at > 0 => {
                if let Some(asked) = superlative(words, at) {
                    add(asked);
                }
            }
            ("chronological" | "chronologically", _) => add("time".to_owned()),
            // "The prices of the next 24 hours in order".
            ("in", "order") if is_end(words, at + 1) && speaks_of_time(&words[..at]) => {
                add("time".to_owned());
            }
            ("alphabetical" | "alphabetically", _) => add("name".to_owned()),
            ("sorted" | "ordered" | "sort" | "order" | "sorting" | "ordering", "by" | "of")
                if !is_asked_for(words, at) && leads_order(words, at) =>
            {
                let mut field: Vec<&str> = Vec::new();
                let mut descends = false;
                for word in &words[at + 2..] {
                    if word.opens && !field.is_empty() {
                        break;
                    }
                    match word.lower.as_str() {
                        "desc" | "descending" | "newest" | "latest" | "highest" => descends = true,
                        "asc" | "ascending" => {}
                        other if vocabulary::ends_list(other) || matches!(other, "and" | "or") => {
                            break;
                        }
                        _ if field.len() < 3 && !descends => field.push(word.text),
                        _ => break,
                    }
                    if word.mark != ' ' && word.mark != '-' {
                        break;
                    }
                }
                if !field.is_empty() {
                    let direction = if descends { " desc" } else { "" };
                    add(format!("{}{direction}", field.join(" ")));
                }
            }
            _ => {}
        }
    }
}

/// "Sorted by", "in order of", and no "order of a customer".
fn leads_order(words: &[Word<'_>], at: usize) -> bool {
    let is_in = at.checked_sub(1).is_some_and(|before| words[before].lower == "in");
    words[at + 1].lower == "by" || is_in && words[at].lower == "order"
}

/// Whether nothing follows a word, or a mark.
fn is_end(words: &[Word<'_>], at: usize) -> bool {
    words.get(at + 1).is_none() || matches!(words[at].mark, ',' | ';' | '.' | ')')
}

/// Whether words ask for a stretch of time, by which rows then are ordered.
fn speaks_of_time(words: &[Word<'_>]) -> bool {
    words.iter().any(|word| {
        let unit = word.lower.trim_end_matches('s');
        matches!(unit, "minute" | "hour" | "day" | "week" | "month" | "year")
            || matches!(unit, "today" | "yesterday" | "tomorrow")
    })
}

fn is_count(word: &str) -> bool {
    word.parse::<u32>().is_ok()
}

/// Whether "by" behind "top 10 orders" names what they are ranked by, and whether the highest are asked for.
fn tops(words: &[Word<'_>], by: usize) -> Option<bool> {
    let at = words[..by].iter().position(|word| {
        matches!(
            word.lower.as_str(),
            "top" | "bottom" | "highest" | "largest" | "lowest" | "smallest"
        )
    })?;
    let is_ranked = is_count(words.get(at + 1)?.lower.as_str())
        && words[at..by].iter().all(|word| matches!(word.mark, ' ' | '-'));
    is_ranked.then(|| matches!(words[at].lower.as_str(), "top" | "highest" | "largest"))
}

/// The field behind "by" at a place: "by `booked_at`", "by due date desc".
fn named_behind(words: &[Word<'_>], by: usize) -> Option<String> {
    let is_apart = by.checked_sub(1).is_some_and(|at| !matches!(words[at].mark, ' ' | '-'));
    if is_apart || words.get(by)?.lower != "by" {
        return None;
    }
    let mut named: Vec<&str> = Vec::new();
    for word in &words[by + 1..] {
        let lower = word.lower.as_str();
        if named.len() == 3
            || word.opens
            || matches!(lower, "and" | "or" | "desc" | "descending" | "asc" | "ascending")
            || vocabulary::ends_list(lower)
        {
            break;
        }
        if !matches!(lower, "the" | "its" | "their") {
            named.push(word.text);
        }
        if word.mark != ' ' && word.mark != '-' {
            break;
        }
    }
    (!named.is_empty()).then(|| named.join(" "))
}

/// Words for the end of an order, what they order by where they say it, and whether that end is high.
const ENDS: &[(&str, &str, bool)] = &[
    ("soonest", "date", false),
    ("cheapest", "price", false),
    ("dearest", "price", true),
    ("longest", "duration", true),
    ("shortest", "duration", false),
    ("highest", "", true),
    ("lowest", "", false),
    ("largest", "", true),
    ("biggest", "", true),
    ("smallest", "", false),
    ("most", "", true),
    ("least", "", false),
    ("fewest", "", false),
    ("best", "rating", true),
    ("worst", "rating", false),
    ("nearest", "distance", false),
    ("closest", "distance", false),
    // "Oldest due date first": the words between say what is old.
    ("oldest", "time", false),
    ("earliest", "time", false),
    ("newest", "time", true),
    ("latest", "time", true),
];

/// Whether what stands behind "by" is an order: "by priority, highest first".
pub(super) fn follows(words: &[Word<'_>], by: usize) -> bool {
    // "newest first by booked_at", "top 10 orders by total", "newest 20 by created_at".
    let lower = |back: usize| by.checked_sub(back).map_or("", |at| words[at].lower.as_str());
    let is_end =
        |word: &str| matches!(word, "newest" | "latest" | "recent" | "oldest" | "earliest");
    let is_ordered = is_end(lower(2)) && (lower(1) == "first" || is_count(lower(1)));
    if is_ordered && words[by - 1].mark == ' ' || tops(words, by).is_some() {
        return true;
    }
    let near = words.iter().enumerate().skip(by + 1).take(5);
    let mut ends = near.filter(|(_, word)| matches!(word.lower.as_str(), "first" | "last"));
    ends.next().is_some_and(|(at, _)| superlative(words, at).is_some())
}

/// The order in the words before "first": "soonest due first", "highest price first", "by priority,
/// highest first", where the field stands before.
fn superlative(words: &[Word<'_>], first: usize) -> Option<String> {
    let from = first.saturating_sub(3);
    let at =
        (from..first).rev().find(|&at| ENDS.iter().any(|(word, _, _)| words[at].lower == *word))?;
    let (_, field, is_high) = ENDS.iter().find(|(word, _, _)| words[at].lower == *word)?;
    let named: Vec<&str> = words[at + 1..first].iter().map(|word| word.text).collect();
    let before = || {
        let by = words[..at].iter().rposition(|word| word.lower == "by")?;
        let named: Vec<&str> = words[by + 1..at].iter().map(|word| word.text).collect();
        (1..=3).contains(&named.len()).then(|| named.join(" "))
    };
    let field = match (named.as_slice(), *field) {
        ([], "") => before()?,
        // "By kind, latest first": what is new is no field that stands before.
        ([], "time") => return None,
        ([], field) => field.to_owned(),
        (named, _) => named.join(" "),
    };
    // "lowest last" has the highest first.
    let descends = *is_high == (words[first].lower == "first");
    Some(format!("{field}{}", if descends { " desc" } else { "" }))
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn ends_of_an_order() {
        check(
            "# Task\n| Field | Type |\n|-|-|\n| due_date | date |\n| priority | int |\n| price | int |\n\n## Queries\n\n- List tasks, soonest due first\n- List tasks by priority, highest first\n- List tasks, cheapest first\n- List tasks, oldest first\n- List tasks (oldest due_date first)\n- List tasks, safety first\n- List the first tasks\n",
            &expect![[r#"
                1 field-table  entity Task
                4 field-table  field Task.due_date date
                5 field-table  field Task.priority int
                6 field-table  field Task.price int
                10 query-list  read "List tasks, soonest due first" of Task sorted due [inferred: a list of queries names it]
                11 query-list  read "List tasks by priority, highest first" of Task sorted priority desc [inferred: a list of queries names it]
                12 query-list  read "List tasks, cheapest first" of Task sorted price [inferred: a list of queries names it]
                13 query-list  read "List tasks, oldest first" of Task sorted time [inferred: a list of queries names it]
                14 query-list  read "List tasks" of Task sorted due_date [inferred: a list of queries names it]
                15 query-list  read "List tasks, safety first" of Task [inferred: a list of queries names it]
                16 query-list  read "List the first tasks" of Task [inferred: a list of queries names it]
            "#]],
        );
    }
}
