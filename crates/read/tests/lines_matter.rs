//! A line that counts as understood matters: without it, the documents state something else.
//!
//! Coverage that calls a lost line understood is worse than none. So each line of each example is taken away in turn. Where
//! the statements stay the same although the line counted as understood, it must be one of those that only hold others
//! together, or stand in the list of exceptions with the reason.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use underpin_base::Sources;
use underpin_read::{Fate, read};

/// Pages as people type them, beside the examples of the notations.
const PAGES: &[&str] = &[
    "# Swim club (notes)\nGeneral: all ids are uuids, everything has created_at. Every table belongs to a club.\n\nclubs - name, city?, founded (date)\n\n## Swimmers\n* name (required)\n* email - unique per club\n* status: active/paused/left (starts as active)\n\n## Lane booking\n- swimmer -> Swimmers\n- lane number 1-8\n- from / to timestamps, to after from\n- no two bookings of one lane may overlap\n\nGET /clubs/{id}/swimmers?status=&name=   newest first\nGET /swimmers/{id}/bookings\npaused swimmers cannot book. left swimmers are deleted after 2 years\n",
    "# Desk\n\nTicket: title (req., max 120 chars), prio (low/med/high, default med), assignee -> User (optional)\nUser: name, email unique, role admin|agent\n\na ticket has many comments. deleting a ticket deletes its comments.\nStatus: new → open → solved. solved tickets can be reopened.\n",
];

/// Lines of the examples that are read and state nothing by themselves, by a part of them, each with its reason.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("csv-columns.md", "rows beyond the first confirm the types that it shows"),
    ("@Entity", "a class with a key is one without it too"),
    ("@GeneratedValue", "a key is made by the database where nothing is said"),
    ("@Enumerated", "how a value is stored is decided here"),
    ("@OneToMany(mappedBy", "the other end states the relationship"),
    ("type: string", "an enumeration is text without it too"),
    ("type: object", "what has properties is one"),
    ("\"type\": \"object\"", "what has properties is one"),
    ("<<Aggregate Root>>", "the composition below it states the aggregate"),
    ("+rename(", "methods are no data"),
    ("+place(", "methods are no data"),
    ("--> [*]", "that nothing follows a state is what the other steps leave"),
    ("note : text", "the form of a note, which states nothing"),
    ("note right of", "a note states nothing"),
    ("paid in advance", "a note states nothing"),
    ("orders Order[]", "the other end states the relationship"),
    ("relationship(\"Member\"", "the foreign key beside it states the relationship"),
    ("@dataclass", "a class with typed fields is one without it too"),
    (": end", "a block ends"),
    ("record each book", "one more sentence that the thing is kept"),
    ("log books", "one more sentence that the thing is kept"),
    ("log orders", "one more sentence that the thing is kept"),
];

/// What an example states, whatever the place and the order.
fn stated(name: &str, text: &str) -> BTreeSet<String> {
    let mut sources = Sources::default();
    sources.add(name, text);
    let reading = read(&sources);
    let said = reading.statements.iter();
    said.map(|it| format!("{:?} {:?} {:?}", it.fact, it.inferred, it.assumed)).collect()
}

/// Whether a line only holds others together: it opens or closes a block, or heads its rows.
fn is_frame(line: &str) -> bool {
    let line = line.trim();
    let signs = line.chars().all(|c| !c.is_alphanumeric());
    signs || line.starts_with("```") || line.ends_with(['{', '(', '[', ':'])
}

/// The lines of a text that count as understood and change nothing when they go.
fn idle(name: &str, text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let id = sources.add(name, text);
    let reading = read(&sources);
    let (_, fates) = &reading.fates[0];
    let whole = stated(name, text);
    let document = sources.get(id);
    let mut found = Vec::new();
    for (at, fate) in fates.iter().enumerate() {
        let range = document.line_range(at);
        let line = text[range.clone()].trim();
        if !matches!(fate, Fate::Understood(_)) || line.is_empty() || is_frame(line) {
            continue;
        }
        let without = format!("{}{}", &text[..range.start], &text[range.end..]);
        if stated(name, &without) == whole {
            found.push(format!("{name}:{}: {line}", at + 1));
        }
    }
    found
}

#[test]
fn a_line_that_is_understood_matters() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("notations");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        found.extend(idle(&name, &fs::read_to_string(&file).unwrap()));
    }
    for (at, page) in PAGES.iter().enumerate() {
        found.extend(idle(&format!("page-{at}.md"), page));
    }
    let is_excepted = |line: &String| EXCEPTIONS.iter().any(|(part, _)| line.contains(part));
    let idle: Vec<&String> = found.iter().filter(|line| !is_excepted(line)).collect();
    assert!(idle.is_empty(), "understood, and nothing changes without them: {idle:#?}");
    let unused =
        EXCEPTIONS.iter().filter(|(part, _)| !found.iter().any(|line| line.contains(part)));
    assert_eq!(unused.count(), 0, "an exception is no longer needed");
}

#[test]
fn a_line_that_changes_nothing_is_found() {
    let twice =
        "# Dog\n\n| Field | Type |\n|---|---|\n| id | uuid |\n| name | text |\n| name | text |\n";
    assert_eq!(idle("dog.md", twice), ["dog.md:7: | name | text |"]);
}
