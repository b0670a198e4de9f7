//! How reading grows with the document: the time for 100 to 100,000 lines of each form, which must be linear.
//! `cargo bench -p underpin-read` prints items (lines) in a second beside each time; they stay about equal downwards.

use divan::{Bencher, counter::ItemsCount};
use underpin_base::Sources;

const LINES: &[usize] = &[100, 1_000, 10_000, 100_000];

fn main() {
    divan::main();
}

/// A document of about `lines` lines, put together from pieces, in which `@` is the number of the piece.
fn document(lines: usize, before: &str, piece: &str, after: &str) -> String {
    let pieces = lines / piece.lines().count();
    let middle: String =
        (0..pieces).map(|number| piece.replace('@', &number.to_string())).collect();
    format!("{before}{middle}{after}")
}

fn read(bencher: Bencher<'_, '_>, lines: usize, text: String) {
    let mut sources = Sources::default();
    sources.add("a.md", text);
    bencher.counter(ItemsCount::new(lines)).bench(|| underpin_read::read(&sources));
}

#[divan::bench(args = LINES, max_time = 3)]
fn entities_with_tables(bencher: Bencher<'_, '_>, lines: usize) {
    let piece = "## Thing@\n\nWhat it is for.\n\n| Field | Type | Constraints |\n| --- | --- | --- |\n| id | uuid | PK |\n| name | text | NOT NULL |\n| state | text | one of: a, b |\n\n";
    read(bencher, lines, document(lines, "", piece, ""));
}

#[divan::bench(args = LINES, max_time = 3)]
fn entities_with_bullets(bencher: Bencher<'_, '_>, lines: usize) {
    let piece = "## Thing@\n\n- **id** (UUID, PK)\n- **name**: string, required, unique\n- `owner_id` (UUID, FK → things.id)\n\n";
    read(bencher, lines, document(lines, "", piece, ""));
}

#[divan::bench(args = LINES, max_time = 3)]
fn one_long_table(bencher: Bencher<'_, '_>, lines: usize) {
    let piece = "| field@ | int | NOT NULL |\n";
    let head = "# Thing\n\n| Field | Type | Constraints |\n| --- | --- | --- |\n";
    read(bencher, lines, document(lines, head, piece, ""));
}

#[divan::bench(args = LINES, max_time = 3)]
fn sql_tables(bencher: Bencher<'_, '_>, lines: usize) {
    let piece = "CREATE TABLE thing@ (\n  id bigint PRIMARY KEY,\n  name text NOT NULL\n);\nCREATE INDEX thing@_name_idx ON thing@ (name);\n";
    read(bencher, lines, document(lines, "```sql\n", piece, "```\n"));
}

#[divan::bench(args = LINES, max_time = 3)]
fn diagram(bencher: Bencher<'_, '_>, lines: usize) {
    let piece = "  THING@ ||--o{ PART@ : has\n  PART@ {\n    uuid id PK\n  }\n";
    read(bencher, lines, document(lines, "```mermaid\nerDiagram\n", piece, "```\n"));
}

#[divan::bench(args = LINES, max_time = 3)]
fn sentences(bencher: Bencher<'_, '_>, lines: usize) {
    let piece = "- **R@**: Each Order@ shall contain at least one line, and its status can be pending, paid or cancelled.\n";
    read(bencher, lines, document(lines, "# Requirements\n\n", piece, ""));
}

#[divan::bench(args = LINES, max_time = 3)]
fn words_without_facts(bencher: Bencher<'_, '_>, lines: usize) {
    let piece = "Nothing of line @ says what is stored, and it is long enough to be prose.\n";
    read(bencher, lines, document(lines, "# About\n\n", piece, ""));
}
