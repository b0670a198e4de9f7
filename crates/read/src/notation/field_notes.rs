//! Short notes, one line for an entity: "Horse: name, breed, chip number (unique)".
//!
//! Nothing but its shape says what such a line is. So a line is taken only where its parts are mostly
//! properties, and more easily where several lines of the document have that shape.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::document::{BlockKind, Document, Table};
use crate::entity_name::{is_structural, read_title};
use crate::notation::entity_list::is_out_of_scope;
use crate::notation::field_phrases::{Noted, noted};
use crate::notation::field_table::mark_header;
use crate::notation::relationship_lines::read_line;
use crate::notation::{Output, bullet_fields, entity_fact};
use crate::words::{fold, lower_words, split_once_any};
use crate::{Fact, ReferenceFact};

pub(super) const DOC: &str = "One line for an entity, its fields after a colon or a dash: \"Horse: name, breed, chip number (unique)\"; or a row of a table \"Thing | What we keep\".";

/// A line that may list the fields of a thing.
struct Note {
    name: String,
    noted: Noted,
    /// The sentence before it on the same line.
    before: Option<String>,
    range: Range<usize>,
    /// Whether the header of a table says that it does.
    is_certain: bool,
}

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let mut notes = Vec::new();
    for block in &document.blocks {
        if is_out_of_scope(document, block.section) {
            continue;
        }
        match &block.kind {
            BlockKind::Paragraph(inline) => {
                for line in &inline.lines {
                    notes.extend(note(document, &line.text, line.range.clone(), out));
                }
            }
            BlockKind::List(list) => {
                for item in list.items.iter().filter(|item| item.depth == 0 && !item.has_children) {
                    let range = item.content.range();
                    notes.extend(note(document, &item.content.text, range, out));
                }
            }
            BlockKind::Table(table) => notes.extend(rows(document, table, &block.range, out)),
            BlockKind::Code(_) => {}
        }
    }
    let notes = accepted(notes, out);
    for note in &notes {
        if out.known.get(&note.name).is_none() {
            out.state(document, document.span(note.range.clone()), entity_fact(&note.name));
        }
    }
    for note in notes {
        state(document, note, out);
    }
}

/// The notes in a table of things with what is kept of each.
fn rows(
    document: &Document<'_>,
    table: &Table,
    range: &Range<usize>,
    out: &mut Output,
) -> Vec<Note> {
    let headers: Vec<Vec<String>> =
        table.header.iter().map(|cell| lower_words(&cell.text)).collect();
    let says = |at: usize, words: &[&str]| {
        headers
            .get(at)
            .and_then(|header| header.last())
            .is_some_and(|word| words.contains(&word.as_str()))
    };
    let names =
        ["thing", "things", "what", "record", "records", "item", "entity", "object", "table"];
    let kept = [
        "keep",
        "kept",
        "store",
        "stored",
        "fields",
        "attributes",
        "columns",
        "properties",
        "data",
    ];
    let column = (1..headers.len()).find(|&at| says(at, &kept));
    let is_short = headers.len() <= 3;
    let (true, Some(column)) = (is_short && says(0, &names), column) else { return Vec::new() };
    if !out.is_open(document, range.start) {
        return Vec::new();
    }
    let notes: Vec<Note> = table
        .rows
        .iter()
        .filter_map(|row| {
            let name = name_of(row.text(0))?;
            let noted = noted(row.text(column), out);
            let is_certain = true;
            (!noted.fields.is_empty()).then(|| Note {
                name,
                noted,
                before: None,
                range: row.range.clone(),
                is_certain,
            })
        })
        .collect();
    if !notes.is_empty() {
        mark_header(document, table, range, out);
    }
    notes
}

/// The name before the fields: up to three words that are no label of something else.
fn name_of(text: &str) -> Option<String> {
    let words = lower_words(text);
    let is_name = (1..=3).contains(&words.len())
        && text.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '_' | '-' | '`' | '*'))
        && !is_structural(text)
        && bullet_fields::label(text) == bullet_fields::Label::Unknown
        && !words.iter().any(|word| NO_THINGS.contains(&word.as_str()));
    let title = read_title(text).filter(|title| is_name && title.not_stored.is_none())?;
    Some(title.name)
}

/// Labels of other lists: what stands behind them are no fields.
const NO_THINGS: &[&str] = &[
    "and",
    "or",
    "the",
    "a",
    "an",
    "of",
    "for",
    "to",
    "in",
    "on",
    "by",
    "with",
    "must",
    "can",
    "should",
    "may",
    "is",
    "are",
    "input",
    "inputs",
    "output",
    "outputs",
    "returns",
    "response",
    "request",
    "body",
    "params",
    "query",
    "queries",
    "example",
    "examples",
    "note",
    "notes",
    "stack",
    "tech",
    "frontend",
    "backend",
    "database",
    "filter",
    "filters",
    "sort",
    "search",
    "screen",
    "screens",
    "page",
    "pages",
    "form",
    "forms",
    "view",
    "views",
    "tabs",
    "header",
    "headers",
    "auth",
    "authentication",
    "login",
    "signup",
    "register",
    "registration",
    "step",
    "steps",
    "scope",
    "goal",
    "goals",
    "role",
    "roles",
    "actors",
    "permissions",
    "endpoint",
    "endpoints",
    "api",
    "test",
    "tests",
    "unique",
    "required",
    "optional",
    "indexed",
    "indexes",
    "display",
    "shows",
    "columns",
    "fields",
    "validation",
    "errors",
    "events",
    "keywords",
    "tags",
    "author",
    "date",
    "version",
    "status",
    "states",
    "statuses",
    "types",
    "kinds",
    "categories",
    "metadata",
    "formats",
    "languages",
    "platforms",
    "dependencies",
    "tools",
    "libraries",
    "we",
    "you",
    "it",
    "see",
    "table",
    "tables",
    "entities",
    "models",
    "data",
    "crud",
    "features",
    "deliverables",
];

/// The note that a line holds, in its last sentence: "Dogs belong to an owner. Dog: name, breed".
fn note(document: &Document<'_>, text: &str, range: Range<usize>, out: &Output) -> Option<Note> {
    if text.len() > 600 || !text.contains(',') || !out.is_open(document, range.start) {
        return None;
    }
    let (head, rest) = split_once_any(text, &[": ", " - ", " – ", " — "])?;
    let (before, head) = match head.rsplit_once(". ") {
        Some((before, head)) => (Some(before.to_owned()), head),
        None => (None, head),
    };
    let name = name_of(head.trim())?;
    let noted = noted(rest, out);
    (noted.fields.len() >= 2).then_some(Note { name, noted, before, range, is_certain: false })
}

/// The notes that list fields, as far as their shapes and their number tell.
fn accepted(notes: Vec<Note>, out: &Output) -> Vec<Note> {
    let names: BTreeSet<String> = notes.iter().map(|note| fold(&note.name)).collect();
    let is_thing = |name: &str| names.contains(&fold(name)) || out.known.get(name).is_some();
    let strength = |note: &Note| {
        let things = note.noted.fields.iter().filter(|field| is_thing(&field.name)).count();
        note.noted.properties + things
    };
    let looks_right = |note: &Note| {
        let parts = note.noted.fields.len() + note.noted.others.len();
        let strength = strength(note);
        note.noted.properties > 0
            && (strength >= 2 || strength * 2 >= parts)
            && note.noted.others.len() * 2 <= parts
    };
    let alike = notes.iter().filter(|note| looks_right(note)).count();
    notes
        .into_iter()
        .filter(|note| {
            // What a more exact notation describes is only paraphrased here.
            let is_described =
                out.known.get(&note.name).is_some_and(|entity| out.has_fields(entity));
            // A document that describes its entities otherwise needs no guesses.
            let is_wanted = out.fields.is_empty() || out.known.get(&note.name).is_some();
            !is_described && (note.is_certain || is_wanted && alike >= 2 && looks_right(note))
        })
        .collect()
}

/// States the fields, now that all things are known by name: a part that names one refers to it.
fn state(document: &Document<'_>, note: Note, out: &mut Output) {
    let span = document.span(note.range.clone());
    let Some(entity) = out.known.get(&note.name).map(str::to_owned) else { return };
    for mut field in note.noted.fields {
        if field.references.is_none() && field.type_text.is_none() {
            field.references = out.known.get(&field.name).map(|target| ReferenceFact {
                entity: target.to_owned(),
                field: None,
                on_delete: None,
            });
        }
        out.state(document, span, Fact::Field { entity: entity.clone(), field });
    }
    for text in note.noted.others {
        let fact = Fact::Rule { entity: Some(entity.clone()), field: None, text };
        out.state(document, span, fact);
    }
    // "Dogs belong to an owner. Dog: name, breed": this notation takes the whole line.
    if let Some(before) = note.before {
        read_line(document, &before, note.range, Some(&entity), false, out);
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn one_line_for_an_entity() {
        check(
            "# Surgery\n\nowners: name, email (unique), phone?\ndogs belong to an owner. Dog: name, born, sex: male/female\ninvoices - one per visit, total in cents, paid or not\nvisits: dog, starts at, room, never two at once\n",
            &expect![[r#"
                3 field-notes  entity owners
                3 field-notes  field owners.name
                3 field-notes  field owners.email unique
                3 field-notes  field owners.phone optional
                4 field-notes  entity Dog
                4 field-notes  field Dog.name
                4 field-notes  field Dog.born
                4 field-notes  field Dog.sex [male | female]
                4 field-notes  relationship owners 1:N Dog
                5 field-notes  entity invoices
                5 field-notes  field invoices.visit unique -> visits
                5 field-notes  field invoices.total -- in cents
                5 field-notes  field invoices.paid boolean
                6 field-notes  entity visits
                6 field-notes  field visits.dog -> Dog
                6 field-notes  field visits.starts at
                6 field-notes  field visits.room
                6 field-notes  rule visits: never two at once
            "#]],
        );
    }

    #[test]
    fn lists_of_other_things() {
        check(
            "# Service\n\nStack: React, Node, a name server\nInput: name, email\nRoles: admin, user\nThe sign-up: name, email, then confirm by mail\nThemes: light, dark\nContact: ask for the date, call by phone\n",
            &expect![""],
        );
    }
}
