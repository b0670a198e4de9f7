//! Tables whose rows relate two entities: `From | To | Cardinality`, `A → B | 1:N`, and under an
//! entity `Relation | Type | Target`.

use crate::Fact;
use crate::document::{BlockKind, Document, Row, Table};
use crate::notation::field_table::mark_header;
use crate::notation::relationship_lines::{arrow_ends, on_delete, pair};
use crate::notation::relationship_verbs::MANY;
use crate::notation::{Mark, Output, mermaid_er::relationship};
use crate::words::{is_identifier, lower_words, parenthesized, unquote};

pub(super) const DOC: &str =
    "A table whose rows relate two entities, with a column that says with which cardinality.";

/// Where a table says what.
struct Columns {
    from: Option<usize>,
    to: Option<usize>,
    /// Both ends with an arrow between them.
    both: Option<usize>,
    /// Without one, the rows relate many to many, each through the entity that `through` names.
    cardinality: Option<usize>,
    through: Option<usize>,
    on_delete: Option<usize>,
}

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (_, block) in out.blocks(document) {
        let BlockKind::Table(table) = &block.kind else { continue };
        if !out.is_open(document, block.range.start) {
            continue;
        }
        let Some(columns) = columns(table) else { continue };
        let owner = out.entity_of(document, block.section);
        let mut any = false;
        for row in &table.rows {
            if is_inside_or_later(row) {
                out.mark(document, row.range.clone(), Mark::SetAside);
                continue;
            }
            let Some(fact) = read_row(row, &columns, owner.as_deref(), out) else { continue };
            out.state(document, document.span(row.range.clone()), fact);
            any = true;
        }
        if any {
            mark_header(document, table, &block.range, out);
        }
    }
}

fn columns(table: &Table) -> Option<Columns> {
    let headers: Vec<String> =
        table.header.iter().map(|cell| lower_words(&cell.text).join(" ")).collect();
    let find = |list: &[&str]| headers.iter().position(|header| list.contains(&header.as_str()));
    // The column whose cells are cardinalities, whatever it is called.
    let told =
        |column: usize| table.rows.iter().filter(|row| ends(row.text(column)).is_some()).count();
    let all = table.rows.len();
    // One row in two is enough below a header that promises them.
    let promised = || {
        find(&["cardinality", "type", "relationship", "relationship type", "relation", "kind"])
            .filter(|&column| told(column) * 2 >= all)
    };
    let cardinality =
        (0..headers.len()).find(|&column| all > 0 && told(column) == all).or_else(promised);
    // "Quiz ↔ Question | `quiz_questions`": what needs a table between has many on both sides.
    let through = find(&[
        "join table",
        "junction table",
        "association table",
        "bridge table",
        "link table",
        "pivot table",
        "join entity",
        "junction",
        "through",
    ]);
    if cardinality.is_none() && through.is_none() {
        return None;
    }
    let to = find(&[
        "to",
        "target",
        "to entity",
        "target entity",
        "child",
        "child entity",
        "related entity",
        "related to",
        "entity b",
        "entity 2",
        "related",
        "with",
    ]);
    let from = find(&[
        "from",
        "source",
        "from entity",
        "source entity",
        "parent",
        "parent entity",
        "entity",
        "entity a",
        "entity 1",
    ]);
    let both = (0..headers.len()).find(|&column| {
        Some(column) != cardinality
            && !table.rows.is_empty()
            && table.rows.iter().all(|row| arrow_ends(row.text(column)).is_some())
    });
    (to.is_some() || both.is_some()).then(|| Columns {
        from: from.filter(|&from| Some(from) != both),
        to,
        both,
        cardinality,
        through,
        on_delete: find(&["on delete", "delete", "on delete behavior", "delete behavior"]),
    })
}

/// `1:N`, `1:N (array)`, "One-to-many".
fn ends(cell: &str) -> Option<(crate::notation::End, crate::notation::End)> {
    let cell = parenthesized(cell).map_or(cell, |(before, _, _)| before);
    pair(cell)
}

/// What is embedded lives inside its row; what is planned is not there yet.
fn is_inside_or_later(row: &Row) -> bool {
    row.cells.iter().any(|cell| {
        let text = cell.text.to_lowercase();
        text.contains("embedded") || text.contains("(future)") || text.contains("(planned)")
    })
}

fn read_row(row: &Row, columns: &Columns, owner: Option<&str>, out: &Output) -> Option<Fact> {
    let (left, right) = match columns.cardinality {
        Some(column) => ends(row.text(column))?,
        None => (MANY, MANY),
    };
    let (from, to) = match columns.both {
        Some(both) => {
            let (a, b) = arrow_ends(row.text(both))?;
            (name(a, out)?, name(b, out)?)
        }
        None => {
            let from = match columns.from {
                Some(from) => name(row.text(from), out)?,
                None => owner?.to_owned(),
            };
            (from, name(row.text(columns.to?), out)?)
        }
    };
    // A table of things that no document describes is about something else.
    let is_known = out.known.get(&from).is_some() || out.known.get(&to).is_some();
    if !is_known && columns.from.is_none() {
        return None;
    }
    let mut fact = relationship(from, left, to, right, None);
    let through = columns.through.and_then(|column| name(row.text(column), out));
    fact.through = through.filter(|_| left.many && right.many);
    if let Some(column) = columns.on_delete {
        fact.on_delete = on_delete(&format!("on delete {}", row.text(column).to_lowercase()));
    }
    Some(Fact::Relationship(fact))
}

/// A known entity, or a name as entities have them.
fn name(cell: &str, out: &Output) -> Option<String> {
    let cell = cell.trim();
    let cell = parenthesized(cell).map_or(cell, |(before, _, _)| before).trim();
    let cell = unquote(cell);
    if let Some(known) = out.known.get(cell) {
        return Some(known.to_owned());
    }
    (is_identifier(cell) && !cell.contains('.')).then(|| cell.to_owned())
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn the_usual_columns() {
        check(
            "# Order\n| Field | Type |\n|-|-|\n| id | int |\n\n## Relationships\n\n| From | To | Cardinality | Why |\n|-|-|-|-|\n| Customer | Order | 1:N | buys |\n| `Order` | `Invoice` | 1:1 | bills |\n",
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id int
                10 relationship-table  relationship Customer 1:N Order
                11 relationship-table  relationship Order 1:1 Invoice
            "#]],
        );
        check(
            "# Order\n| Field | Type |\n|-|-|\n| id | int |\n\n| Entity | Relationship | Cardinality | On Delete |\n|-|-|-|-|\n| Order → Line | Has many | 1:N | CASCADE |\n| Order → Address | Embedded | 1:1 (path) | - |\n\n| Relation | Type | Target | On Delete |\n|-|-|-|-|\n| buyer | Many-to-One | Customer | RESTRICT |\n",
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id int
                8 relationship-table  relationship Order 1:N Line on delete cascade
                13 relationship-table  relationship Customer 1:N Order on delete restrict
            "#]],
        );
    }

    #[test]
    fn join_tables_say_that_both_are_many() {
        check(
            "# Book\n| Field | Type |\n|-|-|\n| id | int |\n\n# Tag\n| Field | Type |\n|-|-|\n| id | int |\n\n| Relationship | Join Table | Why |\n|-|-|-|\n| Book ↔ Tag | `book_tags` | books are tagged |\n\n| Change | Table |\n|-|-|\n| Book → Tag | `book_tags` |\n",
            &expect![[r#"
                1 field-table  entity Book
                4 field-table  field Book.id int
                6 field-table  entity Tag
                9 field-table  field Tag.id int
                13 relationship-table  relationship Book N:M Tag through book_tags
                15 R001 the table `Change | Table` was not understood, so nothing in it reached the model
            "#]],
        );
    }

    #[test]
    fn tables_of_other_things_are_left() {
        check(
            "# Order\n| Field | Type |\n|-|-|\n| id | int |\n\n## Flow\n\n| From | To | Trigger |\n|-|-|-|\n| here | there | go |\n",
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id int
                10 transition-table  transition Order: here -> there on go
            "#]],
        );
    }

    #[test]
    fn a_row_that_relates_nothing_leaves_the_others() {
        check(
            "## Log\n\n| Field | Type |\n|-|-|\n| id | uuid |\n\n## Sailor\n\n| Field | Type |\n|-|-|\n| id | uuid |\n\n## Relationships\n\n| From | To | Type | Description |\n|-|-|-|-|\n| Log | Sailor (admin) | Many-to-One | who did it |\n| Log | (target) | Logical | anything |\n",
            &expect![[r#"
                1 field-table  entity Log
                5 field-table  field Log.id uuid
                7 field-table  entity Sailor
                11 field-table  field Sailor.id uuid
                17 relationship-table  relationship Sailor 1:N Log
                18 R004 the row `Log` was not understood
            "#]],
        );
    }
}
