//! A column that names a row of another table, and is not held to it.

use underpin_pg::{Column, Table};

use crate::finding::{Finding, Object, short};
use crate::subject::Subject;

underpin_base::codes! {
    /// A column has the name of a reference, and no foreign key.
    ///
    /// A table of that name has a key of the column's type, but nothing keeps the column to rows that are there. Between
    /// tables of different schemas, or of what documents call different contexts, it is not reported: references between
    /// bounded contexts go without.
    ///
    /// ```sql
    /// CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    /// CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id bigint NOT NULL);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    /// CREATE TABLE orders (
    ///   id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ///   customer_id bigint NOT NULL REFERENCES customers
    /// );
    /// CREATE INDEX ON orders (customer_id);
    /// ```
    MISSING_FOREIGN_KEY = "C077", "missing-foreign-key";
}

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for (table, column) in subject.columns() {
        let is_held = table.foreign_keys.iter().any(|key| key.columns.contains(&column.name));
        let Some(target) = target(subject, table, column).filter(|_| !is_held) else { continue };
        let context = |table: &Table| subject.documents.and_then(|it| it.context_of(&table.name));
        if let (Some(from), Some(to)) = (context(table), context(target)) {
            if from != to {
                continue;
            }
        }
        findings.push(
            Finding::warning(
                MISSING_FOREIGN_KEY,
                Object::part(&table.name, &column.name),
                format!(
                    "`{}.{}` has the name of a reference to `{}`, and no foreign key keeps it to rows that are there",
                    short(&table.name),
                    column.name.as_str(),
                    short(&target.name)
                ),
            )
            .help(format!("add FOREIGN KEY … REFERENCES {}", short(&target.name))),
        );
    }
}

/// The table that the column's name means.
fn target<'a>(subject: &Subject<'a>, table: &Table, column: &Column) -> Option<&'a Table> {
    let stem = column.name.as_str().strip_suffix("_id").filter(|stem| !stem.is_empty())?;
    let is_named = |name: &str| {
        name == stem
            || name.strip_suffix('s') == Some(stem)
            || name.strip_suffix("es") == Some(stem)
            || name.strip_suffix("ies").is_some_and(|name| stem.strip_suffix('y') == Some(name))
    };
    subject.tables().find(|other| {
        let has_such_a_key = other.primary_key.as_ref().is_some_and(|key| {
            let [only] = &key.columns[..] else { return false };
            other.column(only).is_some_and(|key| key.data_type == column.data_type)
        });
        other.name.namespace == table.name.namespace
            && other.name != table.name
            && has_such_a_key
            && is_named(other.name.name.as_str())
    })
}
