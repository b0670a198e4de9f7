//! A foreign key of several columns that a single NULL switches off.

use crate::finding::{Finding, Object, short};
use crate::names::list;
use crate::subject::Subject;

underpin_base::codes! {
    /// A foreign key of several columns is not checked for rows in which one of them is NULL.
    ///
    /// With MATCH SIMPLE, which is the default, one NULL among the columns is enough for the row to be let in, whatever the
    /// others hold (manual, CREATE TABLE). Two columns of this key may be NULL, so half a reference can be stored.
    ///
    /// ```sql
    /// CREATE TABLE rooms (house integer, number integer, PRIMARY KEY (house, number));
    /// CREATE TABLE guests (
    ///   id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ///   house integer,
    ///   number integer,
    ///   FOREIGN KEY (house, number) REFERENCES rooms
    /// );
    /// CREATE INDEX ON guests (house, number);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE rooms (house integer, number integer, PRIMARY KEY (house, number));
    /// CREATE TABLE guests (
    ///   id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ///   house integer,
    ///   number integer,
    ///   FOREIGN KEY (house, number) REFERENCES rooms,
    ///   CHECK (num_nulls(house, number) IN (0, 2))
    /// );
    /// CREATE INDEX ON guests (house, number);
    /// ```
    HALF_NULL_FOREIGN_KEY = "C006", "half-null-foreign-key";
}

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for table in subject.tables() {
        for key in &table.foreign_keys {
            let nullable: Vec<_> = key
                .columns
                .iter()
                .filter(|name| table.column(name).is_some_and(|column| !column.not_null))
                .collect();
            let held = table.checks.iter().any(|check| {
                let text = check.expression.to_string();
                nullable.iter().all(|name| text.contains(name.as_str()))
            });
            let full =
                subject.surroundings.match_full.contains(&(table.name.clone(), key.name.clone()));
            if nullable.len() < 2 || held || full {
                continue;
            }
            findings.push(
                Finding::warning(
                    HALF_NULL_FOREIGN_KEY,
                    Object::part(&table.name, &key.name),
                    format!(
                        "`{}` of `{}` is not checked for a row in which one of ({}) is NULL",
                        key.name.as_str(),
                        short(&table.name),
                        list(nullable.iter().copied())
                    ),
                )
                .help("declare it MATCH FULL, or add CHECK (num_nulls(…) IN (0, n))"),
            );
        }
    }
}
