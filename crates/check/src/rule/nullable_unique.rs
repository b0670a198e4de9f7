//! A unique key that NULL evades.

use underpin_pg::{Column, IndexKey, Method, Table, Type};

use crate::finding::{Finding, Object, short};
use crate::names::list;
use crate::subject::{Access, Subject};

underpin_base::codes! {
    /// A unique key of several columns does not hold for rows in which one of them is NULL.
    ///
    /// Two NULLs are not equal (manual, section 5.4.3), so any number of rows with a NULL in the key are let in although
    /// their other columns are alike. It is reported where the column that may be NULL is a reference, a flag or a moment:
    /// `UNIQUE (email, deleted_at)` lets in any number of rows that are not deleted.
    ///
    /// ```sql
    /// CREATE TABLE accounts (
    ///   id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ///   email text NOT NULL,
    ///   deleted_at timestamptz,
    ///   UNIQUE (email, deleted_at)
    /// );
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE accounts (
    ///   id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ///   email text NOT NULL,
    ///   deleted_at timestamptz
    /// );
    /// CREATE UNIQUE INDEX accounts_email_key ON accounts (email) WHERE deleted_at IS NULL;
    /// ```
    NULLABLE_UNIQUE = "C004", "nullable-unique";
}

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for table in subject.tables() {
        for access in subject.accesses(table) {
            let columns = match access {
                Access::Key(key) => key.columns.iter().collect(),
                Access::Index(index) if index.unique && index.predicate.is_none() => {
                    let Some(columns) = access.columns().into_iter().collect::<Option<Vec<_>>>()
                    else {
                        continue;
                    };
                    columns
                }
                Access::Index(_) => continue,
            };
            let qualified = underpin_pg::QualifiedName::new(
                table.name.namespace.clone(),
                access.name().clone(),
            );
            if columns.len() < 2 || subject.surroundings.nulls_alike.contains(&qualified) {
                continue;
            }
            // One to one by a reference that carries its tenant: without the reference there is nothing to hold.
            let is_a_reference = |key: &underpin_pg::ForeignKey| {
                columns.iter().all(|column| key.columns.contains(column))
            };
            if table.foreign_keys.iter().any(is_a_reference) {
                continue;
            }
            let evaded = columns.iter().filter_map(|name| table.column(name)).find(|column| {
                !column.not_null
                    && evades(table, column)
                    && !is_held_elsewhere(subject, table, column)
            });
            let Some(column) = evaded else { continue };
            findings.push(
                Finding::warning(
                    NULLABLE_UNIQUE,
                    Object::part(&table.name, access.name()),
                    format!(
                        "`{}` ({}) of `{}` does not hold for rows without `{}`: any number of them may be alike",
                        access.name().as_str(),
                        list(columns.iter().copied()),
                        short(&table.name),
                        column.name.as_str()
                    ),
                )
                .help("make the column NOT NULL, write UNIQUE NULLS NOT DISTINCT, or use a partial unique index"),
            );
        }
    }
}

/// Whether a row without the value is meant to be held too.
fn evades(table: &Table, column: &Column) -> bool {
    matches!(column.data_type, Type::TimestampTz | Type::Date | Type::Boolean | Type::Time)
        || table.foreign_keys.iter().any(|key| key.columns.contains(&column.name))
        || matches!(&column.data_type, Type::Other(name) if name.starts_with("timestamp"))
}

/// Whether another unique index is for the rows without the value.
fn is_held_elsewhere(subject: &Subject<'_>, table: &Table, column: &Column) -> bool {
    subject.schema.indexes_of(&table.name).any(|index| {
        let says = |text: String| {
            text.contains(&format!("{} IS NULL", column.name))
                || text.to_lowercase().contains("coalesce(")
        };
        index.unique
            && index.method == Method::Btree
            && (index.predicate.as_ref().is_some_and(|predicate| says(predicate.to_string()))
                || index.columns.iter().any(|part| match &part.key {
                    IndexKey::Expression(expression) => says(expression.to_string()),
                    IndexKey::Column(_) => false,
                }))
    })
}
