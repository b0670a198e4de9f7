//! What looked like data and was taken by no notation: diagnostics, and a count of lines.

mod clause;
mod code_block;

use std::ops::Range;

use underpin_base::Span;

use crate::Coverage;
use crate::code;
use crate::document::{Block, BlockKind, Document, Inline, Line, List, Row, Table};
use crate::lines::{Fate, fates};
use crate::modifier;
use crate::notation::{Mark, Output, is_field_table, is_file, lists_parameters, say_other_file};
use crate::unread_lines::cover_lines;
use crate::words::{code_spans, is_identifier, lower_words, without_mark};
pub use clause::binds;
use code_block::cover_code;

/// Items of more words than this are sentences.
const LONGEST_FIELD: usize = 6;

/// Lists what of a document was not understood, and counts its fact lines.
pub(crate) fn cover(
    document: &Document<'_>,
    index: usize,
    out: &mut Output,
) -> (Coverage, Vec<Fate>) {
    let mut lines = vec![false; document.line_count()];
    for block in silent(document, out) {
        let block = &document.blocks[block];
        let (code, what) = match block.kind {
            BlockKind::Code(_) => (code::UNREAD_CODE_BLOCK, "this code block"),
            BlockKind::List(_) => (code::UNREAD_BULLETS, "this list"),
            BlockKind::Table(_) | BlockKind::Paragraph(_) => (code::UNREAD_TABLE, "this table"),
        };
        out.warn(
            code,
            format!("{what} has a form that is read, but nothing in it states a fact"),
            document.span(block.range.start..block.range.start + 1),
            "compare it with a place of the same form that was read",
        );
    }
    // Each part may have been set aside for a reason of its own; that nothing is left is said once.
    if is_file(document) && !is_heard(document, out) {
        say_other_file(document, out);
    }
    cover_lines(document, &mut lines, out);
    for block in &document.blocks {
        match &block.kind {
            BlockKind::Table(table) => cover_table(document, table, block, &mut lines, out),
            BlockKind::Code(code) => cover_code(document, code, &block.range, &mut lines, out),
            BlockKind::List(list) => cover_list(document, list, &mut lines, out),
            BlockKind::Paragraph(inline) => cover_bars(document, inline, &mut lines, out),
        }
    }
    let mut fates = fates(document, index, &lines, out);
    clause::report(document, &mut fates, out);
    let understood = fates.iter().filter(|fate| matches!(fate, Fate::Understood(_))).count();
    let unread =
        fates.iter().filter(|fate| matches!(fate, Fate::NotUnderstood | Fate::InPart(_))).count();
    let coverage = Coverage {
        document: document.path().to_owned(),
        fact_lines: understood + unread,
        understood,
    };
    (coverage, fates)
}

/// The blocks that a notation claimed without anything to show for it: no line of them is open, so
/// none is listed as unread, but no statement and no diagnostic stands in them either. A table must
/// give a statement; a list or code block may also have been set aside as a whole.
pub(crate) fn silent(document: &Document<'_>, out: &Output) -> Vec<usize> {
    let spans = out.statements.iter().map(|statement| statement.span);
    let labels = out.diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels);
    let mut places: Vec<Range<usize>> = spans
        .chain(labels.map(|label| label.span))
        .filter(|span| span.document == document.id)
        .map(Span::range)
        .collect();
    places.sort_by_key(|place| place.start);
    let is_silent = |block: &Block| {
        let claimed = match &block.kind {
            BlockKind::Paragraph(_) => false,
            BlockKind::Table(table) => {
                !table.rows.is_empty()
                    && !table.rows.iter().any(|row| out.is_open(document, row.range.start))
            }
            // Items and lines that look like data are listed one by one where they are open.
            BlockKind::List(_) | BlockKind::Code(_) => {
                out.is_marked(document, &block.range, Mark::Understood)
            }
        };
        // Members of an aggregate are stated with its root, which may stand before their list.
        let start = match (&block.kind, block.section) {
            (BlockKind::List(_), Some(section)) => document.sections[section].range.start,
            _ => block.range.start,
        };
        let first = places.partition_point(|place| place.start < start);
        let shows = places.get(first).is_some_and(|place| place.start < block.range.end);
        claimed && !shows
    };
    // Parameters of an endpoint are stated with it.
    let is_silent =
        |index: usize| is_silent(&document.blocks[index]) && !lists_parameters(document, index);
    (0..document.blocks.len()).filter(|&index| is_silent(index)).collect()
}

/// Whether anything was stated or said of a document.
fn is_heard(document: &Document<'_>, out: &Output) -> bool {
    let labels = out.diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels);
    let said = labels.map(|label| label.span);
    let stated = out.statements.iter().map(|statement| statement.span);
    stated.chain(said).any(|span| span.document == document.id)
}

pub(crate) fn note(document: &Document<'_>, range: &Range<usize>, lines: &mut [bool]) {
    let first = document.line_of(range.start);
    let last = document.line_of(range.end.max(range.start + 1) - 1);
    lines[first..=last].fill(true);
}

fn cover_table(
    document: &Document<'_>,
    table: &Table,
    block: &Block,
    lines: &mut [bool],
    out: &mut Output,
) {
    let is_open = |row: &Row, out: &Output| out.is_open(document, row.range.start);
    let open = table.rows.iter().filter(|row| is_open(row, out)).count();
    for row in &table.rows {
        note(document, &row.range, lines);
    }
    if open == 0 {
        return;
    }
    let header: Vec<&str> = table.header.iter().map(|cell| cell.text.as_str()).collect();
    if open == table.rows.len() {
        let heading = block.section.map(|section| shortened(document.title(section)));
        let help = match heading {
            Some(heading) if is_field_table(table) => format!(
                "the heading `{heading}` was not taken for the name of an entity; put the entity's \
                 name alone into the heading, or into a line of its own before the table"
            ),
            Some(_) | None => {
                "a field table has a column Field and a column Type under the entity's heading"
                    .to_owned()
            }
        };
        out.warn(
            code::UNREAD_TABLE,
            format!(
                "the table `{}` was not understood, so nothing in it reached the model",
                shortened(&header.join(" | "))
            ),
            document.span(block.range.start..block.range.start + 1),
            &help,
        );
        return;
    }
    for row in &table.rows {
        let span = document.span(row.range.clone());
        let is_told = out
            .diagnostics
            .iter()
            .any(|it| it.code == code::UNCLEAR_QUERY && it.primary() == Some(span));
        if !is_told && is_open(row, out) && row.cells.iter().any(|cell| !cell.text.is_empty()) {
            out.warn(
                code::UNREAD_ROW,
                format!("the row `{}` was not understood", shown(document, row)),
                document.span(row.range.clone()),
                "write it like the other rows of the table",
            );
        }
    }
}

/// The first cell of a row, or the row as it stands: of one that is struck out no text is left.
fn shown(document: &Document<'_>, row: &Row) -> String {
    match row.text(0) {
        "" => shortened(document.line_up_to(row.range.start, row.range.end).trim()),
        text => text.to_owned(),
    }
}

/// The beginning of a text that may be as long as its author liked.
pub(crate) fn shortened(text: &str) -> String {
    const LONGEST: usize = 80;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

/// Lines with as many bars each as the next: a table that lacks its line of dashes.
fn cover_bars(document: &Document<'_>, inline: &Inline, lines: &mut [bool], out: &mut Output) {
    let bars = |line: &Line| line.text.matches('|').count();
    let Some(first) = inline.lines.first().filter(|line| bars(line) > 0) else { return };
    let rows = inline.lines.iter().take_while(|line| bars(line) == bars(first)).count();
    if rows < 2 || !out.is_open(document, first.range.start) {
        return;
    }
    for line in &inline.lines[..rows] {
        note(document, &line.range, lines);
    }
    out.warn(
        code::UNREAD_TABLE,
        format!("`{}` looks like the header of a table and was not understood", first.text),
        document.span(first.range.clone()),
        "put a line such as `|---|---|` under the header",
    );
}

fn cover_list(document: &Document<'_>, list: &List, lines: &mut [bool], out: &mut Output) {
    // Beside a field, a short item is meant as one, whatever its form.
    let beside: Vec<Option<usize>> = list
        .items
        .iter()
        .filter(|item| looks_like_field(&item.content.text))
        .map(|item| item.parent)
        .collect();
    for item in &list.items {
        let Some(line) = item.content.lines.first() else { continue };
        let is_meant = beside.contains(&item.parent)
            && !item.has_children
            && item.content.text.split_whitespace().count() <= LONGEST_FIELD;
        if !looks_like_field(&item.content.text) && !is_meant {
            continue;
        }
        note(document, &line.range, lines);
        if out.is_open(document, line.range.start) {
            out.warn(
                code::UNREAD_BULLETS,
                format!("`{}` looks like a field and was not understood", line.text),
                document.span(line.range.clone()),
                "put the list under a heading that names the entity",
            );
        }
    }
}

/// Two or three plain words.
fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    (2..=3).contains(&words.len())
        && words.iter().all(|word| {
            !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
        })
}

/// A name, then a type.
fn looks_like_field(text: &str) -> bool {
    let text = without_mark(text);
    let mut spaced = false;
    let (name, rest) = match text.strip_prefix('`').and_then(|inside| inside.split_once('`')) {
        Some((name, rest)) => (name, rest),
        // "total price: uuid": a name of several words ends with a colon.
        None if text.split_once(':').is_some_and(|(name, rest)| {
            // "Value Objects: `Money`" names no type.
            is_name(name) && rest.trim_start().starts_with(char::is_lowercase)
        }) =>
        {
            spaced = true;
            text.split_once(':').unwrap_or_default()
        }
        None => match text.split_once([':', '(', ' ']) {
            Some((name, rest)) => {
                spaced =
                    text[name.len()..].starts_with(' ') && rest.starts_with(char::is_alphabetic);
                (name, rest)
            }
            None => return false,
        },
    };
    let rest = rest.trim_start_matches([':', ' ', '(', '`', '-', '–', '—']);
    let kind = rest.split([' ', ',', ')', ';', '`']).next().unwrap_or_default();
    // "email text not null" is a field, "last-used timestamps support a review" a sentence.
    let next = rest.get(kind.len()..).unwrap_or_default().trim_start();
    let word = next.split([' ', ',']).next().unwrap_or_default().to_lowercase();
    let goes_on = next.is_empty()
        || !next.starts_with(char::is_alphabetic)
        || matches!(
            word.as_str(),
            "not"
                | "null"
                | "unique"
                | "primary"
                | "pk"
                | "fk"
                | "required"
                | "optional"
                | "nullable"
                | "default"
                | "references"
                | "foreign"
                | "indexed"
        );
    let is_named = is_identifier(name) || spaced && is_name(name);
    is_named && rest.to_lowercase().starts_with("one of:")
        || is_named
            && (!spaced || goes_on)
            && kind.len() > 1
            && modifier::is_scalar(kind)
            && !matches!(
                kind.to_lowercase().as_str(),
                "set"
                    | "list"
                    | "any"
                    | "id"
                    | "file"
                    | "email"
                    | "password"
                    | "record"
                    | "map"
                    | "point"
                    | "object"
                    | "text"
                    | "phone"
                    | "image"
                    | "url"
                    | "time"
                    | "date"
                    | "real"
                    | "long"
                    | "short"
                    | "double"
                    | "year"
                    | "number"
                    | "bytes"
                    | "seconds"
                    | "duration"
            )
            && lower_words(rest).len() <= 12
            && code_spans(text).len() <= 3
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::silent;
    use crate::document::Document;
    use crate::notation::{NOTATIONS, Output};

    /// The words that notations look for in the headers of tables, two of each kind and more.
    const HEADERS: &[&str] = &[
        "Field",
        "Column",
        "Type",
        "Required",
        "Null",
        "Constraints",
        "Description",
        "Values",
        "Default",
        "Entity",
        "Table",
        "Model",
        "Purpose",
        "From",
        "To",
        "Trigger",
        "State",
        "Required fields",
        "Allowed next states",
        "Query",
        "Access pattern",
        "Filter",
        "Sort",
        "Frequency",
        "Latency",
        "Index",
        "Columns",
        "Rows",
        "Growth per month",
        "Volume",
        "Retention",
        "Keep for",
        "Classification",
        "PII",
        "Deleted",
        "Other rows",
        "Effect",
        "Relationship",
        "Cardinality",
        "Parent",
        "Child",
        "Objective",
        "Target",
        "Metric",
        "RPO",
        "Enum",
        "Value",
        "Meaning",
        "Aggregate",
        "Root",
        "Members",
        "Context",
        "Owns",
    ];

    const BODIES: &[&str] =
        &["| – | – |", "| ??? | ??? |", "| Order | none |", "| paid | see above |"];

    const TITLES: &[&str] = &[
        "Order",
        "Order status",
        "Entities",
        "Retention",
        "Recovery",
        "Indexes",
        "Personal data",
        "Enumerations",
        "Deletion",
    ];

    #[test]
    fn a_table_that_a_notation_claims_states_something() {
        let mut wrong = Vec::new();
        for (row, first) in HEADERS.iter().enumerate() {
            for (column, second) in HEADERS.iter().enumerate() {
                let mut text =
                    "# Order\n\n| Field | Type |\n|---|---|\n| id | uuid |\n| status | text |\n"
                        .to_owned();
                // Every title meets every header; all of them at once would take a minute.
                let title = TITLES[(row + 3 * column) % TITLES.len()];
                for body in BODIES {
                    let _ =
                        write!(text, "\n## {title}\n\n| {first} | {second} |\n|---|---|\n{body}\n");
                }
                let mut sources = underpin_base::Sources::default();
                let id = sources.add("test.md", text);
                let documents = [Document::parse(&sources, id, crate::document::PART)];
                let mut out = Output::new(&documents);
                for notation in NOTATIONS {
                    out.begin(0, notation.name);
                    notation.read.run(&documents[0], &mut out);
                }
                for block in silent(&documents[0], &out) {
                    let block = &documents[0].blocks[block];
                    let title = block.section.map_or("", |section| documents[0].title(section));
                    wrong.push(format!(
                        "{title}: {:?}",
                        &sources.get(id).text()[block.range.clone()]
                    ));
                }
            }
        }
        assert!(wrong.is_empty(), "{} tables: {wrong:#?}", wrong.len());
    }

    #[test]
    fn long_headings_are_shortened_in_remarks() {
        let heading = "word ".repeat(60);
        let reading = {
            let mut sources = underpin_base::Sources::default();
            sources.add("a.md", format!("## {heading}\n\n| Field | Type |\n|-|-|\n| a | int |\n"));
            crate::read(&sources)
        };
        let help = reading.diagnostics[0].help.clone();
        assert!(format!("{help:?}").len() < 300, "{help:?}");
    }

    #[test]
    fn a_short_item_beside_fields_is_listed() {
        crate::notation::check(
            "Somewhere:\n\n- `id` uuid\n- `name` varchar(20)\n- the rest of it\n- \u{1f511} key: uuid\n- a sentence that goes on for longer than any field would\n",
            &expect_test::expect![[r#"
                3 R003 ``id` uuid` looks like a field and was not understood
                4 R003 ``name` varchar(20)` looks like a field and was not understood
                5 R003 `the rest of it` looks like a field and was not understood
                6 R003 `🔑 key: uuid` looks like a field and was not understood
            "#]],
        );
        crate::notation::check(
            "## Badge\n\n- \u{1f511} `id`: uuid\n- \u{1f4e7} email: string, required\n- [x] name: text\n",
            &expect_test::expect![[r#"
                1 bullet-fields  entity Badge
                3 bullet-fields  field Badge.id uuid
                4 bullet-fields  field Badge.email string required
                5 bullet-fields  field Badge.name text
            "#]],
        );
    }

    #[test]
    fn what_is_written_in_a_hurry_is_read_or_listed() {
        crate::notation::check(
            "## Kunde\n* id - uuid\n+ name: string\n- email: text (unique)\n\n## Artikel\n| Feld | Typ | Pflicht |\n|---|---|---|\n| id | uuid | ja |\n| preis | decimal | nein |\n\n## Rechnung\n\nField | Type\nid | uuid\nnummer | text\n",
            &expect_test::expect![[r#"
                1 bullet-fields  entity Kunde
                2 bullet-fields  field Kunde.id uuid
                3 bullet-fields  field Kunde.name string
                4 bullet-fields  field Kunde.email text unique
                6 field-table  entity Artikel
                9 field-table  field Artikel.id uuid required
                10 field-table  field Artikel.preis decimal optional
                12 field-table  entity Rechnung
                15 field-table  field Rechnung.id uuid
                16 field-table  field Rechnung.nummer text
            "#]],
        );
    }
}
