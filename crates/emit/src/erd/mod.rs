//! The entity diagram: tables as boxes, references as lines with a crow's foot at the many side.

mod groups;
mod layers;
mod layout;
mod svg;

use std::collections::{BTreeMap, BTreeSet};

use underpin_pg::{ForeignKey, QualifiedName, Schema, Table};

use crate::column_role::ColumnRole;
use crate::context::Context;
use layout::{Line, Size};

/// With more tables than this, boxes show keys and references only.
const FEW_TABLES: usize = 20;
/// A table that so many others refer to, and more than half of all, is named in the rows that refer to
/// it: lines to a tenant from everywhere would hide all the others.
const MANY_REFERENCES: usize = 8;
const LONGEST_NAME: usize = 36;
const CHARACTER: f64 = 7.3;
const ROW: f64 = 20.0;
const HEAD: f64 = 30.0;
/// With a mark of two letters.
const MARK: f64 = 34.0;
/// Marks are smaller and bold.
const MARK_CHARACTER: f64 = 16.0 / 3.0;
const PADDING: f64 = 10.0;

/// A table as it is drawn.
#[derive(Debug)]
struct Box {
    title: String,
    rows: Vec<Row>,
    /// Columns that are not drawn.
    hidden: usize,
    size: Size,
}

/// A column as it is drawn.
#[derive(Debug)]
struct Row {
    mark: String,
    name: String,
    kind: String,
    required: bool,
}

/// A reference as it is drawn.
#[derive(Debug)]
struct Arrow {
    line: Line,
    /// Whether a row may be without it.
    optional: bool,
    /// Whether at most one row may hold it.
    single: bool,
    /// What it says when it is pointed at.
    title: String,
}

/// The diagram as SVG.
pub(crate) fn svg(context: &Context<'_>) -> String {
    let tables: Vec<&Table> = context.tables().iter().map(|view| view.table).collect();
    let hub = hub(&tables);
    let schema = &context.input.physical.schema;
    let boxes: Vec<Box> =
        tables.iter().map(|table| draw(schema, table, hub, tables.len() > FEW_TABLES)).collect();

    let mut arrows = arrows(&tables, &boxes, hub);
    // A line from one group to another would cross both: the row that refers says where to.
    arrows.retain(|it| tables[it.line.from].name.namespace == tables[it.line.to].name.namespace);
    let sizes: Vec<Size> = boxes.iter().map(|it| it.size).collect();
    let lines: Vec<Line> = arrows.iter().map(|arrow| arrow.line).collect();
    let plan = groups::plan(&groups::of(context, &tables), &sizes, &lines);
    let project = context.input.model.project.as_deref().unwrap_or("the project");
    svg::write(
        &boxes,
        &arrows,
        &plan,
        &svg::Words { project, hub: hub.map(|name| name.name.as_str()) },
    )
}

/// The table that most refer to, where that hides more than it shows.
fn hub<'a>(tables: &[&'a Table]) -> Option<&'a QualifiedName> {
    let mut referring: BTreeMap<&QualifiedName, usize> = BTreeMap::new();
    for table in tables {
        let targets = table.foreign_keys.iter().map(|key| &key.references);
        for target in targets.filter(|name| **name != table.name).collect::<BTreeSet<_>>() {
            *referring.entry(target).or_default() += 1;
        }
    }
    // Of equals the first: `max_by_key` would take the last.
    let (count, name) = tables
        .iter()
        .rev()
        .map(|table| (referring.get(&table.name).copied().unwrap_or(0), &table.name))
        .max_by_key(|(count, _)| *count)?;
    (count >= MANY_REFERENCES && count * 2 > tables.len()).then_some(name)
}

fn draw(schema: &Schema, table: &Table, hub: Option<&QualifiedName>, keys_only: bool) -> Box {
    let mut rows = Vec::new();
    let mut hidden = 0;
    for column in &table.columns {
        let name = &column.name;
        let keys: Vec<&ForeignKey> =
            table.foreign_keys.iter().filter(|key| key.columns.contains(name)).collect();
        let role = ColumnRole::of(schema, table, name);
        let mark = role.marks("U").collect::<Vec<_>>().join(" ");
        if keys_only && role.is_plain() {
            hidden += 1;
            continue;
        }
        // A column of a composite key stands in several references; it is named by its own.
        let to_hub = keys.iter().find(|key| key.columns.len() == 1 && hub == Some(&key.references));
        let elsewhere = keys.iter().find(|key| key.references.namespace != table.name.namespace);
        let mut kind = column.data_type.short();
        if let Some(key) = elsewhere {
            kind = format!("{kind} \u{2192} {}", key.references.shown());
        } else if let Some(key) = to_hub {
            kind = format!("{kind} \u{2192} {}", key.references.name.as_str());
        }
        rows.push(Row {
            mark,
            name: shortened(name.as_str()),
            kind: shortened(&kind),
            required: column.not_null,
        });
    }
    let title = shortened(&table.name.shown());
    let mark_width = mark_width(&rows);
    let width = rows
        .iter()
        .map(|row| mark_width + columns(&row.name) + 2.0 * CHARACTER + columns(&row.kind))
        .chain([columns(&title) * 1.1, columns("and 99 more columns")])
        .fold(120.0, f64::max)
        + 2.0 * PADDING;
    let lines = rows.len() + usize::from(hidden > 0);
    let height = HEAD + layers::real(lines) * ROW + 6.0;
    Box { title, rows, hidden, size: Size { width: width.round(), height } }
}

/// The room that the marks of a box take: "PK FK" is wider than "PK", and "PK FK U" wider still.
fn mark_width(rows: &[Row]) -> f64 {
    let longest = rows.iter().map(|row| row.mark.len()).max().unwrap_or(0);
    MARK + (layers::real(longest) - 2.0).max(0.0) * MARK_CHARACTER
}

fn arrows(tables: &[&Table], boxes: &[Box], hub: Option<&QualifiedName>) -> Vec<Arrow> {
    let mut arrows = Vec::new();
    let places: BTreeMap<&QualifiedName, usize> =
        tables.iter().enumerate().map(|(at, table)| (&table.name, at)).collect();
    for (to, table) in tables.iter().enumerate() {
        for key in table.foreign_keys.iter().filter(|key| hub != Some(&key.references)) {
            let Some(&from) = places.get(&key.references) else { continue };
            let height = |at: usize, name: &str| {
                let row = boxes[at].rows.iter().position(|row| row.name == shortened(name));
                row.map_or(HEAD / 2.0, |row| HEAD + (layers::real(row) + 0.5) * ROW)
            };
            // Of a composite reference the last column tells it from the others: the first is most
            // often the tenant's.
            let own = key.columns.last().map_or("", |name| name.as_str());
            let there = key.referenced_columns.last().map_or("", |name| name.as_str());
            let column = |name| table.column(name);
            let optional = key.columns.iter().filter_map(column).any(|column| !column.not_null);
            let single = table
                .keys()
                .any(|unique| unique.columns.iter().all(|name| key.columns.contains(name)));
            arrows.push(Arrow {
                line: Line {
                    from,
                    to,
                    from_height: height(from, there),
                    to_height: height(to, own),
                },
                optional,
                single,
                title: format!(
                    "{}: {} refers to {}, ON DELETE {}",
                    key.name.as_str(),
                    table.name.name.as_str(),
                    key.references.name.as_str(),
                    key.on_delete.as_str()
                ),
            });
        }
    }
    arrows
}

/// A name that fits into a box.
fn shortened(name: &str) -> String {
    let name: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if name.chars().count() <= LONGEST_NAME {
        return name;
    }
    let start: String = name.chars().take(LONGEST_NAME - 1).collect();
    format!("{start}\u{2026}")
}

/// The width of a text in a monospaced face. Ideographs, syllables and pictures take two columns
/// (Unicode, annex 11, roughly).
fn columns(text: &str) -> f64 {
    let wide = |c: char| {
        matches!(u32::from(c), 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff
            | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0x1f000..=0x1ffff | 0x20000..=0x3fffd)
    };
    text.chars().map(|c| if wide(c) { 2.0 * CHARACTER } else { CHARACTER }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_and_measured() {
        assert_eq!(shortened(&"x".repeat(40)).chars().count(), LONGEST_NAME);
        assert!((columns("ab") - 2.0 * CHARACTER).abs() < 1e-9);
        assert!((columns("😀") - 2.0 * CHARACTER).abs() < 1e-9);
    }
}
