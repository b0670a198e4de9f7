//! The same facts in documents of odd outward form are the same statements.

use underpin_base::Sources;
use underpin_read::{read, statements_text};

const PLAIN: &str = "\
# Shop

## Customer

| Field | Type | Required | Description |
| --- | --- | --- | --- |
| id | uuid | yes | PK |
| email | text | yes | unique |
| note | text | no | kept in C:\\Users\\shop\\notes |

## Order

- **id** (UUID, PK)
- `customer_id` (UUID, FK → customers.id)
- status (string): one of: open, paid

### Order life cycle

`open` → `paid`
";

/// The statements without the lines that they stand on.
fn facts(text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    sources.add("a.md", text);
    let text = statements_text(&read(&sources), &sources);
    let facts = text.lines().skip(1);
    facts
        .map(|line| line.trim_start().trim_start_matches(|c: char| c.is_ascii_digit()))
        .map(|line| line.trim().to_owned())
        .collect()
}

fn same(form: &str, text: &str) {
    let expected = facts(PLAIN);
    assert!(expected.len() == 9, "{expected:#?}");
    assert_eq!(facts(text), expected, "{form}");
}

#[test]
fn line_ends_and_marks_of_editors() {
    same("CRLF", &PLAIN.replace('\n', "\r\n"));
    same("byte order mark", &format!("\u{feff}{PLAIN}"));
    same("byte order mark and CRLF", &format!("\u{feff}{}", PLAIN.replace('\n', "\r\n")));
    same("no last line end", PLAIN.trim_end());
    same("spaces at line ends", &PLAIN.replace('\n', "  \n"));
}

#[test]
fn what_stands_around_the_facts() {
    same("front matter", &format!("---\ntitle: Shop\ntags: [a, b]\nstatus: draft\n---\n\n{PLAIN}"));
    same("HTML comment", &format!("<!-- generated: do not edit -->\n\n{PLAIN}"));
    same("HTML element", &PLAIN.replace("## Order", "<br/>\n\n<a id=\"order\"></a>\n\n## Order"));
    same(
        "badges",
        &format!("[![build](https://example.org/b.svg)](https://example.org)\n\n{PLAIN}"),
    );
}

#[test]
fn tables_and_lists_in_other_spellings() {
    same("tabs in tables", &PLAIN.replace("| id | uuid |", "|\tid\t|\tuuid\t|"));
    same(
        "no bars at the ends",
        &PLAIN.replace("| email | text | yes | unique |", "email | text | yes | unique"),
    );
    same("stars as bullets", &PLAIN.replace("\n- ", "\n* "));
    same("tab after the bullet", &PLAIN.replace("\n- ", "\n-\t"));
    same("numbered", &PLAIN.replace("\n- ", "\n1. "));
    same("no-break spaces", &PLAIN.replace("(UUID, PK)", "(UUID,\u{a0}PK)"));
    same("headings with closing marks", &PLAIN.replace("## Customer", "## Customer ##"));
    same("code in headings", &PLAIN.replace("## Customer", "## `Customer`"));
    same(
        "numbers in headings",
        &PLAIN.replace("## Customer", "## 2.1 Customer").replace("## Order", "## 2.2 Order"),
    );
}

#[test]
fn other_languages_around_the_facts() {
    same(
        "Japanese",
        &format!(
            "# ショップ\n\nこれは店の文書です。\n\n{}",
            PLAIN.trim_start_matches("# Shop\n\n")
        ),
    );
    same("Cyrillic", &PLAIN.replace("# Shop\n", "# Shop\n\nЭто описание магазина.\n"));
}

/// A table of a thousand columns, a list two hundred levels deep: read or listed, never lost and never a panic.
#[test]
fn wide_and_deep() {
    let columns = 1_000;
    let cells = |cell: &str| format!("|{}", format!(" {cell} |").repeat(columns));
    let wide = format!("# Thing\n\n{}\n{}\n{}\n", cells("Field"), cells("---"), cells("a"));
    let deep: String = (0..200)
        .flat_map(|level| ["  ".repeat(level), format!("- level{level} (int)\n")])
        .collect();
    for text in [wide, format!("# Thing\n\n- id (uuid)\n- name (text)\n{deep}")] {
        let mut sources = Sources::default();
        sources.add("a.md", text.as_str());
        assert_eq!(underpin_read::invariant::fault(&sources), None);
        let reading = read(&sources);
        assert!(!reading.statements.is_empty() || !reading.diagnostics.is_empty());
    }
}
