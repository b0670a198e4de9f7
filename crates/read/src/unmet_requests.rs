//! Lines that ask for what no design here has: row-level security, and functions of the database. What is read of them
//! is little, so that they are said to be left out.

use std::ops::Range;

use underpin_base::Diagnostic;

use crate::code;
use crate::document::{BlockKind, Document};
use crate::notation::Output;
use crate::words::lower_words;

/// How many places a diagnostic shows; it counts the others.
const SHOWN_PLACES: usize = 5;

/// What a line asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Request {
    RowSecurity,
    Function,
}

/// Says once for each sort and document what is asked for and not designed.
pub(crate) fn report(document: &Document<'_>, out: &mut Output) {
    let found = requests(document);
    out.unmet.extend(found.iter().map(|(_, place)| document.span(place.clone())));
    for (request, what, help) in [
        (
            Request::RowSecurity,
            "row-level security, which this design does not have: nothing in the database keeps one \
             reader from the rows of another",
            "write the policies by hand in a migration of their own, or let the application filter",
        ),
        (
            Request::Function,
            "a function in the database, which this design does not have: what it is to do is left to \
             the application",
            "write it by hand in a migration of its own; constraints and triggers of the design hold for it too",
        ),
    ] {
        let places: Vec<&Range<usize>> =
            found.iter().filter(|(it, _)| *it == request).map(|(_, place)| place).collect();
        if places.is_empty() {
            continue;
        }
        let message = match places.len() {
            1 => format!("a line asks for {what}"),
            count => format!("{count} lines ask for {what}"),
        };
        let mut diagnostic = Diagnostic::warning(code::UNMET_REQUEST, message);
        for place in places.into_iter().take(SHOWN_PLACES) {
            diagnostic = diagnostic.at(document.span(place.clone()), "asked for here");
        }
        out.diagnostics.push(diagnostic.help(help));
    }
}

/// What the lines of a document ask for. A label such as "RLS policies:" counts for the items below it.
fn requests(document: &Document<'_>) -> Vec<(Request, Range<usize>)> {
    document.find_in_blocks(|index, found| {
        let block = &document.blocks[index];
        let is_labelled = document.lead(index).is_some_and(names_row_security);
        let lines: Vec<(&str, Range<usize>)> = match &block.kind {
            BlockKind::Paragraph(inline) => inline
                .lines
                .iter()
                // The label of a list is not counted beside its items.
                .filter(|line| !line.text.trim_end().ends_with(':'))
                .map(|line| (line.text.as_str(), line.range.clone()))
                .collect(),
            BlockKind::List(list) => list
                .items
                .iter()
                .map(|item| (item.content.text.as_str(), item.content.range()))
                .collect(),
            BlockKind::Code(code) => code
                .lines()
                .map(|(line, at)| (line, document.code_span(code, at).range()))
                .collect(),
            BlockKind::Table(_) => Vec::new(),
        };
        for (text, range) in lines {
            let request = if is_labelled || asks_row_security(text) {
                Request::RowSecurity
            } else if asks_function(text) {
                Request::Function
            } else {
                continue;
            };
            found.push((request, range));
        }
    })
}

/// Whether a text speaks of row-level security.
fn names_row_security(text: &str) -> bool {
    let is_short = |word: &str| word == "RLS";
    let lower = text.to_ascii_lowercase();
    text.split(|c: char| !c.is_alphanumeric()).any(is_short)
        || ["row-level security", "row level security", "create policy "]
            .iter()
            .any(|it| lower.contains(it))
}

/// Whether it asks for it; who goes without says so.
fn asks_row_security(text: &str) -> bool {
    const WITHOUT: [&str; 8] =
        ["no ", "not ", "without ", "instead of ", "bypass", "disable", "never ", "n't "];
    let lower = text.to_ascii_lowercase();
    names_row_security(text) && !WITHOUT.iter().any(|it| lower.contains(it))
}

/// "`close_account()` PL/pgSQL function", "via the `book_table()` RPC".
fn asks_function(text: &str) -> bool {
    let is_call = text
        .match_indices("()")
        .any(|(at, _)| text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_'));
    let of_database = ["pl/pgsql", "plpgsql", "rpc", "stored procedure", "database function"];
    let lower = text.to_ascii_lowercase();
    is_call
        && of_database.iter().any(|it| {
            let words = lower_words(it);
            lower.contains(it) && (words.len() > 1 || lower_words(&lower).contains(&words[0]))
        })
}

#[cfg(test)]
mod tests {
    use underpin_base::Sources;

    fn said(text: &str) -> Vec<String> {
        let mut sources = Sources::default();
        sources.add("model.md", text);
        let diagnostics = crate::read(&sources).diagnostics;
        let of_us = diagnostics.into_iter().filter(|it| it.code == super::code::UNMET_REQUEST);
        of_us.map(|it| it.message.split(" which").next().unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn what_is_asked_for_and_not_designed_is_said() {
        assert_eq!(
            said("**RLS policies**:\n\n- `SELECT`: clerks only\n- `DELETE`: nobody\n"),
            ["2 lines ask for row-level security,"]
        );
        assert_eq!(
            said(
                "Rows are kept apart by row-level security.\n\nBooking goes through the `book_table()` RPC.\n"
            ),
            ["a line asks for row-level security,", "a line asks for a function in the database,"]
        );
    }

    #[test]
    fn who_goes_without_asks_for_nothing() {
        assert!(said("We do not use row-level security.\n").is_empty());
        assert!(said("The function `render()` draws the page.\n").is_empty());
        assert!(said("The corpus of RPCs is small.\n").is_empty());
    }
}
