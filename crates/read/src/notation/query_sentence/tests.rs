//! Sentences that ask for rows, and those that do not.

use std::fmt::Write as _;

use expect_test::{Expect, expect};

const MODEL: &str = "\n# User\n| Field | Type |\n|-|-|\n| id | int |\n| email | text |\n# Booking\n| Field | Type |\n|-|-|\n| id | int |\n| status | text |\n| client_id | int |\n| starts_at | timestamp |\n";

/// Reads sentences about users and bookings, and compares what they ask for.
fn check(text: &str, expected: &Expect) {
    let mut sources = underpin_base::Sources::default();
    sources.add("test.md", format!("{text}{MODEL}"));
    let reading = crate::read(&sources);
    let mut lines = String::new();
    for statement in reading.statements.iter().filter(|it| it.notation == "query-sentence") {
        let line = sources.location(statement.span).line;
        let _ = writeln!(lines, "{line} {}", crate::render::statement_text(statement));
    }
    expected.assert_eq(&lines);
}

#[test]
fn requirements_and_stories() {
    check(
        "# Requirements\n- R1 Admins can:\n  - R1.1 View all bookings, and filter by status, client, or date range.\n  - R1.2 View all bookings.\n- Clients shall be able to view their own bookings (upcoming and past).\n- As a client, I want to see my bookings so that I remember them\n- Bookings can be searched by status\n- The top 10 bookings are shown\n- Users can look up a user by email\n- The system sends a mail by night\n\n```\n1. Load bookings for client on a date\n2. Sleep\n```\n",
        &expect![[r#"
            3 query-sentence  read "View all bookings, and filter by status, client" of Booking by status = ? if given, client = ? if given, date range range if given [inferred: a sentence asks for it]
            4 query-sentence  read "View all bookings" of Booking [inferred: a sentence asks for it]
            5 query-sentence  read "view their own bookings" of Booking by Client's own = ?, upcoming = upcoming, past = past [inferred: a sentence asks for it]
            6 query-sentence  read "see my bookings" of Booking by client's own = ? [inferred: a sentence asks for it]
            7 query-sentence  read "filter Booking by status" of Booking by status = ? if given [inferred: a sentence asks for it]
            9 query-sentence  read "look up a user by email" of User by email = ? [inferred: a sentence asks for it]
            13 query-sentence  read "Load bookings for client on a date" of Booking by date range [inferred: a sentence asks for it]
        "#]],
    );
}

#[test]
fn several_clauses_pages_and_people() {
    check(
        "# Pages\n- Admins can browse users and see bookings of a user, newest first.\n- The dashboard shows the latest 5 bookings.\n- List of bookings between two dates\n- An endpoint to get a flag that tells whether the booking is paid\n- Clients can create, cancel and view their bookings.\n- Bookings are sorted by status.\n- A desk can list a booking with a status.\n- Users search bookings by status\n\n# Client\n- View my bookings\n",
        &expect![[r#"
            2 query-sentence  read "browse users" of User [inferred: a sentence asks for it]
            2 query-sentence  read "see bookings of a user, newest first" of Booking by user = ? sorted time desc [inferred: a sentence asks for it]
            3 query-sentence  read "show latest 5 bookings" of Booking sorted time desc limit 5 [inferred: a sentence asks for it]
            4 query-sentence  read "List of bookings between two dates" of Booking by dates range [inferred: a sentence asks for it]
            5 query-sentence  read "get a flag that tells whether the booking" of Booking by id = ? [inferred: a sentence asks for it]
            6 query-sentence  read "view their bookings" of Booking by Client's own = ? [inferred: a sentence asks for it]
            7 query-sentence  read "list Booking sorted by status" of Booking sorted status [inferred: a sentence asks for it]
            9 query-sentence  read "search bookings by status" of Booking by status = ? if given [inferred: a sentence asks for it]
            12 query-sentence  read "View my bookings" of Booking by Client's own = ? [inferred: a sentence asks for it]
        "#]],
    );
}

#[test]
fn tables_of_requirements() {
    check(
        "# Requirements\n| ID | Story | Criteria | Out of scope |\n|-|-|-|-|\n| F1 | As a client, I want to view all bookings in a list so I know them | It is shown. Sorted newest first. | filter users by email |\n| F2 | The desk answers | | |\n",
        &expect![[r#"
            4 query-sentence  read "view all bookings in a list" of Booking [inferred: a sentence asks for it]
            4 query-sentence  read "list Sorted newest first" of Booking sorted time desc [inferred: a sentence asks for it]
        "#]],
    );
}

#[test]
fn what_bare_filters_filter_and_whose_rows_are_asked_for() {
    check(
        "# Lists\n- The desk shall provide filtering by status, starts and colour.\n- To be able to manage houses (add, filter by status and client)\n- Get the booking that a user should confirm next\n- A user sees one booking at a time\n- Callback: lock booking by client and ID, check the state, write\n# Free times\nFor a given `(clientId, date)`:\n\n```\n1. Load bookings that overlap the date\n```\n",
        &expect![[r#"
            2 query-sentence  read "filtering by status, starts and colour" of Booking by status = ? if given, starts = ? if given, colour = ? if given [inferred: a sentence asks for it]
            4 query-sentence  read "Get the booking that a user should confirm next" of Booking by user = ? [inferred: a sentence asks for it]
            6 query-sentence  read "lock booking by client and ID, check the state" of Booking by client = ?, ID = ? [inferred: a sentence asks for it]
            11 query-sentence  read "Load bookings that overlap the date" of Booking by start < ?, end > ?, client_id = ? [inferred: a sentence asks for it]
        "#]],
    );
}

#[test]
fn sentences_that_ask_for_nothing() {
    check(
        "# Notes\nBookings are created by clients. A user can see the page. Filter by size and colour. Check the status. List views are slow.\n# Future\n- Users can filter bookings by colour\n# Out of scope\n- Users can filter bookings by status\n",
        &expect![[r#""#]],
    );
}

#[test]
fn what_a_search_uses() {
    check(
        "# Requirements\n- Users can search for a booking using the status or client.\n- Users can find bookings using the barcode scanner.\n",
        &expect![[r#"
            2 query-sentence  read "search for a booking using the status or client" of Booking by status = ? if given, client = ? if given [inferred: a sentence asks for it]
        "#]],
    );
}

/// What is asked for in a text, as the fields that narrow it; `None` where nothing is asked.
fn asked(text: &str) -> Option<Vec<String>> {
    let mut sources = underpin_base::Sources::default();
    sources.add("test.md", format!("{text}{MODEL}"));
    let reading = crate::read(&sources);
    let mut found = reading.statements.iter().filter_map(|statement| {
        let crate::Fact::AccessPattern(pattern) = &statement.fact else { return None };
        Some(pattern)
    });
    let pattern = found.next_back().filter(|it| it.entity.as_deref() == Some("Booking"))?;
    let fields = pattern.filter.iter().map(|filter| filter.field.clone());
    Some(fields.chain(pattern.groups.iter().cloned()).collect())
}

#[test]
fn one_question_in_many_ways() {
    let frames = [
        "- Clients can {}.\n",
        "- The system shall allow a client to {}.\n",
        "| ID | Story |\n|-|-|\n| F1 | As a client, I want to {}, so that I know. |\n",
    ];
    let ways: &[(&str, &[&str])] = &[
        (
            "client",
            &[
                "track the status of their bookings",
                "access their own bookings",
                "have a list of their bookings",
                "manage their bookings",
                "view all bookings assigned to them",
                "see the bookings I made",
                "check their booking history",
            ],
        ),
        (
            "status",
            &[
                "list all bookings with an optional status filter",
                "view bookings with filters for status",
                "narrow bookings by status",
                "view a summary of bookings grouped by status",
                "view a breakdown of bookings by status",
                "generate a monthly report of bookings by status",
                "view the total amount of bookings per status",
            ],
        ),
        (
            "date",
            &[
                "view bookings in daily, weekly and monthly views",
                "see the bookings of the current month",
            ],
        ),
        (
            "user",
            &[
                "view the booking history of a user",
                "generate a report of bookings per user",
                "inspect the bookings of a user",
            ],
        ),
    ];
    for (field, sayings) in ways {
        for say in *sayings {
            for frame in frames {
                let text = format!("# Requirements\n{}", frame.replace("{}", say));
                let found = asked(&text).unwrap_or_default();
                let means = |it: &String| it.to_lowercase().contains(field);
                assert!(found.iter().any(means) && found.len() <= 2, "{text}: {found:?}");
            }
        }
    }
}

#[test]
fn lines_that_ask_without_a_verb() {
    for (line, fields) in [
        ("- Public booking listing page with pagination", Some(&["public"][..])),
        (
            "- Searchable directory of all bookings\n- Filter options: status, client.",
            Some(&["status", "client"]),
        ),
        ("- Total amount of bookings per user", Some(&["user"])),
        ("- Dashboard with booking counts by status", Some(&["status"])),
        ("- A page that displays the bookings of a user", Some(&["user"])),
        ("- Pending bookings are queryable by client", Some(&["pending", "client"])),
        (
            "## View my bookings\nAs a client, I want to view my bookings.\n- Supports filtering by `status` and `starts_at`",
            Some(&["status", "starts_at", "client's own"]),
        ),
        ("- Filter options:\n  - status\n  - client", None),
        ("## Bookings\n- Filters:\n  - status\n  - client", Some(&["status", "client"])),
        // What one row is found by narrows no list behind it.
        (
            "- Booking lookup by status\n- The booking list supports filtering by client",
            Some(&["client"]),
        ),
        ("- The list of bookings is configurable", None),
        ("- The total is calculated per booking", None),
        ("- Clients can manage bookings", None),
        ("- The system shall track their bookings", None),
        ("- The system shall generate a key for each booking", None),
        ("- Review the booking rules", None),
        ("- The system shall provide a mail to clients", None),
    ] {
        let found = asked(&format!("# Requirements\n{line}\n"));
        let fields = fields.map(|it| it.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>());
        assert_eq!(found, fields, "{line}");
    }
}

#[test]
fn words_above_their_query() {
    let words = "Clients can view their own bookings by status.";
    for (below, found) in [
        ("```sql\nSELECT id FROM bookings WHERE client_id = $1\n```", false),
        ("```sql\nCREATE INDEX ON bookings (client_id)\n```", true),
        ("```text\nSELECT\n```", true),
    ] {
        let document = format!(
            "# Booking\n\n| Field | Type |\n|-|-|\n| status | text |\n\n# Use\n\n{words}\n\n{below}\n"
        );
        let read = crate::notation::rendered("test.md", &document);
        assert_eq!(read.contains("query-sentence"), found, "{below}:\n{read}");
    }
}
