//! A unique key that rows hold after their deletion.

use crate::finding::{Finding, Object, short};
use crate::names::list;
use crate::subject::Subject;

underpin_base::codes! {
    /// A unique key holds deleted rows too.
    ///
    /// The table marks rows as deleted, and its unique key does not look at the mark: whoever deletes an account can never
    /// open one with the same address again. It is a note, since sometimes that is meant.
    ///
    /// ```sql
    /// CREATE TABLE accounts (
    ///   id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ///   email text NOT NULL UNIQUE,
    ///   deleted_at timestamptz
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
    SOFT_DELETED_UNIQUE = "C080", "soft-deleted-unique";
}

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    // What documents ask for is held against them, not against a habit.
    if subject.documents.is_some() {
        return;
    }
    for table in subject.tables() {
        let marks = ["deleted_at", "is_deleted", "deleted", "deleted_on"];
        let Some(mark) = table.columns.iter().find(|column| marks.contains(&column.name.as_str()))
        else {
            continue;
        };
        for key in &table.uniques {
            // A key that foreign keys refer to cannot be partial.
            let is_referred_to = subject.tables().any(|other| {
                other.foreign_keys.iter().any(|foreign| {
                    foreign.references == table.name && foreign.referenced_columns == key.columns
                })
            });
            if is_referred_to || key.columns.contains(&mark.name) {
                continue;
            }
            findings.push(
                Finding::note(
                    SOFT_DELETED_UNIQUE,
                    Object::part(&table.name, &key.name),
                    format!(
                        "({}) of `{}` stays taken by rows with a `{}`",
                        list(&key.columns),
                        short(&table.name),
                        mark.name.as_str()
                    ),
                )
                .help(format!(
                    "use a unique index WHERE {} says that the row is there",
                    mark.name.as_str()
                )),
            );
        }
    }
}
