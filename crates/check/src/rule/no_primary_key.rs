//! A table without a primary key.

use crate::finding::{Finding, Object, short};
use crate::names::list;
use crate::subject::Subject;

underpin_base::codes! {
    /// A table has no primary key.
    ///
    /// Two of its rows can be alike, and then none of them can be changed or deleted alone; nothing can refer to one,
    /// and logical replication refuses to carry over updates and deletions (manual, section 31.1).
    ///
    /// ```sql
    /// CREATE TABLE visits (page text NOT NULL, seen_at timestamptz NOT NULL);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE visits (
    ///   id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ///   page text NOT NULL,
    ///   seen_at timestamptz NOT NULL
    /// );
    /// ```
    NO_PRIMARY_KEY = "C001", "no-primary-key";
    /// A table has a key that could be its primary key, and is not.
    ///
    /// UNIQUE and NOT NULL together identify a row as a primary key does, but tools, replication and foreign keys
    /// without a column list look for the primary key (manual, section 5.4.4).
    ///
    /// ```sql
    /// CREATE TABLE countries (code text NOT NULL UNIQUE, name text NOT NULL);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE countries (code text PRIMARY KEY, name text NOT NULL);
    /// ```
    UNIQUE_INSTEAD_OF_PRIMARY_KEY = "C002", "unique-instead-of-primary-key";
}

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for table in subject.tables().filter(|table| table.primary_key.is_none()) {
        let object = Object::whole(&table.name);
        let required =
            |name| table.column(name).is_some_and(|column: &underpin_pg::Column| column.not_null);
        let key = table.uniques.iter().find(|key| key.columns.iter().all(required));
        let name = short(&table.name);
        findings.push(match key {
            Some(key) => Finding::warning(
                UNIQUE_INSTEAD_OF_PRIMARY_KEY,
                object,
                format!(
                    "`{name}` is identified by ({}), which is UNIQUE and NOT NULL, and has no primary key",
                    list(&key.columns)
                ),
            )
            .help("make that key the primary key"),
            None => Finding::warning(
                NO_PRIMARY_KEY,
                object,
                format!("`{name}` has no primary key: two of its rows can be alike, and none can be changed alone"),
            )
            .help("add a key that never changes, such as `id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY`"),
        });
    }
}
