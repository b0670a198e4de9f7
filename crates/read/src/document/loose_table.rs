//! Tables that Markdown does not know: `||Field||Type||` as wikis write them, and pasted lines of values between
//! commas, semicolons or tabs under a header that names fields and types.

use std::ops::Range;

use smol_str::SmolStr;

use super::inline::Lines;
use super::{Inline, Line, Row, Table};
use crate::words::{lower_words, split_top, unquote};

/// The table that a paragraph is, if it is one.
pub(super) fn of(inline: &Inline) -> Option<Table> {
    let (first, others) = inline.lines.split_first()?;
    if others.is_empty() {
        return None;
    }
    let text = first.text.trim();
    if text.starts_with("||") && text.ends_with("||") {
        let header = cells(text, first, &["||"]);
        let rows: Option<Vec<Row>> =
            others.iter().map(|line| wiki_row(line, header.len())).collect();
        return (header.len() > 1).then_some(Table { header, rows: rows? });
    }
    // "Field | Type" without a line of dashes; the bars may stand around the row as well.
    let bars = |text: &str| text.trim().trim_matches('|').matches('|').count();
    let header: Vec<&str> = text.trim_matches('|').split('|').map(str::trim).collect();
    if header.len() > 1
        && names_fields(&header)
        && others.iter().all(|it| bars(&it.text) == header.len() - 1)
    {
        let row = |line: &Line| {
            let cells = line.text.trim().trim_matches('|').split('|');
            Row {
                cells: cells.map(|cell| inline_of(cell, line)).collect(),
                range: line.range.clone(),
            }
        };
        let header = header.into_iter().map(|cell| inline_of(cell, first)).collect();
        return Some(Table { header, rows: others.iter().map(row).collect() });
    }
    let separator = ['\t', ';', ','].into_iter().find(|&mark| {
        let names: Vec<&str> = text.split(mark).map(str::trim).collect();
        names.len() > 1 && names_fields(&names)
    })?;
    let header: Vec<Inline> = text.split(separator).map(|cell| inline_of(cell, first)).collect();
    let rows: Option<Vec<Row>> =
        others.iter().map(|line| separated_row(line, separator, header.len())).collect();
    Some(Table { header, rows: rows? })
}

/// Whether the cells of a header name fields and their types, and nothing is a sentence.
fn names_fields(cells: &[&str]) -> bool {
    let is = |words: &[&str]| {
        cells.iter().any(|cell| words.contains(&lower_words(cell).join(" ").as_str()))
    };
    is(&[
        "field",
        "column",
        "attribute",
        "property",
        "name",
        "field name",
        "column name",
        "feld",
        "spalte",
        "attribut",
        "feldname",
    ]) && is(&["type", "data type", "datatype", "field type", "column type", "typ", "datentyp"])
        && cells.iter().all(|cell| (1..=3).contains(&lower_words(cell).len()))
}

fn wiki_row(line: &Line, columns: usize) -> Option<Row> {
    let text = line.text.trim();
    if !text.starts_with('|') || !text.ends_with('|') || text.len() < 2 {
        return None;
    }
    let cells = cells(text, line, &["|"]);
    (cells.len() == columns).then(|| Row { cells, range: line.range.clone() })
}

/// The texts between the marks of a line that begins and ends with one.
fn cells(text: &str, line: &Line, marks: &[&str]) -> Vec<Inline> {
    let mark = marks[0];
    let inner = text.strip_prefix(mark).unwrap_or(text);
    let inner = inner.strip_suffix(mark).unwrap_or(inner);
    inner.split(mark).map(|cell| inline_of(cell, line)).collect()
}

fn separated_row(line: &Line, separator: char, columns: usize) -> Option<Row> {
    let parts = split_top(&line.text, &[separator]);
    // Cells at the end may be left out.
    if parts.len() > columns || parts.len() < 2 {
        return None;
    }
    let cells = parts.into_iter().map(|cell| inline_of(cell, line)).collect();
    Some(Row { cells, range: line.range.clone() })
}

fn inline_of(cell: &str, line: &Line) -> Inline {
    let cell = cell.trim();
    let text = SmolStr::from(if cell.starts_with('"') { unquote(cell) } else { cell });
    let range: Range<usize> = line.range.clone();
    Inline { text: text.clone(), lines: Lines::One(Line { text, range }), ..Inline::default() }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn wikis_and_sheets() {
        check(
            "# Ticket\n\n||Field||Type||Required||\n|key|varchar(20)|yes|\n|title|text|no|\n\n# Depot\n\nField,Type,Required\nid,uuid,yes\nfee,\"decimal(8,2)\",no\n\n# Yard\n\nName;Type\nid;uuid\n\n# Words\n\nA name, a type, all of it.\nMore of it, here.\n",
            &expect![[r#"
                1 field-table  entity Ticket
                4 field-table  field Ticket.key varchar(20) required
                5 field-table  field Ticket.title text optional
                7 field-table  entity Depot
                10 field-table  field Depot.id uuid required
                11 field-table  field Depot.fee decimal(8,2) optional
                13 field-table  entity Yard
                16 field-table  field Yard.id uuid
            "#]],
        );
    }
}
