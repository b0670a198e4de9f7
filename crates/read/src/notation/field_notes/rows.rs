//! Tables of things with what is kept of each in one cell: "Thing | What we keep", "Type | Shape".

use std::ops::Range;

use smol_str::SmolStr;

use crate::document::{Document, Row, Table};
use crate::notation::Output;
use crate::words::{lower_words, split_top, unquote};

use super::name::name_of;
use super::part::noted;
use super::{Note, Place};

/// The last word of the header of the things.
const NAMES: &[&str] = &[
    "thing",
    "things",
    "what",
    "record",
    "records",
    "item",
    "entity",
    "object",
    "table",
    "type",
    "model",
    "class",
    "aggregate",
    "concept",
];

/// The last word of the header of what each has.
const KEPT: &[&str] = &[
    "keep",
    "kept",
    "store",
    "stored",
    "fields",
    "attributes",
    "columns",
    "properties",
    "data",
    "shape",
    "structure",
];

/// Where the things of a table stand, and what each has; `None` where it is none of those.
fn columns(table: &Table) -> Option<usize> {
    let headers: Vec<Vec<SmolStr>> =
        table.header.iter().map(|cell| lower_words(&cell.text)).collect();
    let says = |at: usize, words: &[&str]| {
        let last = headers.get(at).and_then(|header| header.last());
        last.is_some_and(|word| words.contains(&word.as_str()))
    };
    let column = (1..headers.len()).find(|&at| says(at, KEPT))?;
    (headers.len() <= 3 && says(0, NAMES)).then_some(column)
}

/// Where "Details" of a few things stand that are properties of each, and no remarks about it.
fn details(table: &Table) -> Option<usize> {
    let header = |at: usize| table.header.get(at).map(|cell| lower_words(&cell.text));
    let [name] = &header(0)?[..] else { return None };
    let [details] = &header(1)?[..] else { return None };
    let is_headed = table.header.len() == 2
        && NAMES.contains(&name.as_str())
        && matches!(details.as_str(), "details" | "contents" | "contains" | "has" | "information");
    let are_properties = |row: &Row| {
        let parts = split_top(row.text(1), &[',']);
        let last = |part: &&str| {
            let name = part.split(" (").next().unwrap_or_default();
            lower_words(name).last().is_some_and(|word| {
                crate::prose::is_property_noun(word) || matches!(word.as_str(), "on" | "at")
            })
        };
        let short =
            |part: &&str| part.split(" (").next().is_some_and(|it| lower_words(it).len() <= 4);
        parts.len() > 1 && parts.iter().all(short) && parts.iter().any(last)
    };
    let count = table.rows.iter().filter(|row| are_properties(row)).count();
    (is_headed && count > 1 && count * 4 >= table.rows.len() * 3).then_some(1)
}

/// The notes in a table of things with what is kept of each.
pub(super) fn rows(
    document: &Document<'_>,
    table: &Table,
    range: &Range<usize>,
    out: &Output,
) -> Vec<Note> {
    let column = columns(table).or_else(|| details(table));
    let Some(column) = column.filter(|_| out.is_open(document, range.start)) else {
        return Vec::new();
    };
    let note = |row: &Row| {
        let name = name_of(row.text(0)).filter(|_| values(row.text(column)).is_none())?;
        let noted = noted(row.text(column), out);
        (!noted.fields.is_empty()).then(|| Note {
            name,
            section: None,
            head: None,
            lines: vec![(noted, row.range.clone())],
            before: None,
            place: Place::Table,
        })
    };
    table.rows.iter().filter_map(note).collect()
}

/// The enumerations among the things: those that have values and no fields.
pub(super) fn enumerations(table: &Table) -> Vec<(String, Vec<String>, Range<usize>)> {
    let Some(column) = columns(table) else { return Vec::new() };
    let read = |row: &Row| {
        let name = unquote(row.text(0).trim()).to_owned();
        let is_name = lower_words(&name).len() <= 3 && name.starts_with(char::is_uppercase);
        let values = values(row.text(column)).filter(|_| is_name)?;
        Some((name, values, row.range.clone()))
    };
    table.rows.iter().filter_map(read).collect()
}

/// The names of values that a cell lists: several, each one word with a capital, as fields are not written where things are.
fn values(cell: &str) -> Option<Vec<String>> {
    let parts: Vec<&str> = split_top(cell, &[',', '|']).into_iter().map(str::trim).collect();
    let is_value = |part: &&str| {
        let word = unquote(part);
        word.starts_with(char::is_uppercase)
            && word.chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    (parts.len() > 1 && parts.iter().all(is_value))
        .then(|| parts.into_iter().map(|part| unquote(part).to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn details_that_are_fields() {
        check(
            "## What we keep\n\n| What | Details |\n|-|-|\n| Member | full name, e-mail, joined on |\n| Plan | name, monthly price, state (active / ended) |\n\n## Stack\n\n| What | Details |\n|-|-|\n| Database | PostgreSQL, pooled |\n| Queue | none, for now |\n",
            &expect![[r#"
                5 field-notes  entity Member
                5 field-notes  field Member.full name
                5 field-notes  field Member.e-mail
                5 field-notes  field Member.joined on
                6 field-notes  entity Plan
                6 field-notes  field Plan.name
                6 field-notes  field Plan.monthly price
                6 field-notes  field Plan.state [active | ended]
                10 R001 the table `What | Details` was not understood, so nothing in it reached the model
            "#]],
        );
    }

    #[test]
    fn fields_and_values_in_a_cell() {
        check(
            "## Domain models\n\n| Type | Shape | Notes |\n|-|-|-|\n| `Grade` | Low, Mid, High | How good. |\n| `Loaf` | id, name, grade, price | What is sold. |\n| `Batch` | id, loaf, startedAt | In the oven. |\n\n## Wire\n\n| DTO | Direction | Fields |\n|-|-|-|\n| `LoafDto` | in | name, price |\n",
            &expect![[r#"
                5 field-notes  enumeration Grade: Low | Mid | High
                6 field-notes  entity Loaf
                6 field-notes  field Loaf.id
                6 field-notes  field Loaf.name
                6 field-notes  field Loaf.grade
                6 field-notes  field Loaf.price
                7 field-notes  entity Batch
                7 field-notes  field Batch.id
                7 field-notes  field Batch.loaf -> Loaf
                7 field-notes  field Batch.startedAt
                11 R001 the table `DTO | Direction | Fields` was not understood, so nothing in it reached the model
            "#]],
        );
    }
}
