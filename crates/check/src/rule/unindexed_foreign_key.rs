//! A foreign key that a deletion has to look up without an index.

use underpin_pg::{ForeignKey, ReferentialAction, Table};

use crate::finding::{Finding, Object, short};
use crate::names::list;
use crate::subject::Subject;

underpin_base::codes! {
    /// A foreign key has no index that finds the rows that refer to one.
    ///
    /// PostgreSQL makes none by itself (manual, section 5.4.5). Each deletion of a row referred to reads the whole table to
    /// find what is to go or change with it, and holds its locks meanwhile. It is a warning where a deletion is carried
    /// over (CASCADE, SET NULL, SET DEFAULT), and a note where deletions are refused and no document says whether they
    /// happen.
    ///
    /// ```sql
    /// CREATE TABLE posts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    /// CREATE TABLE comments (
    ///   id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ///   post_id bigint NOT NULL REFERENCES posts ON DELETE CASCADE
    /// );
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE posts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    /// CREATE TABLE comments (
    ///   id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ///   post_id bigint NOT NULL REFERENCES posts ON DELETE CASCADE
    /// );
    /// CREATE INDEX comments_post_id_idx ON comments (post_id);
    /// ```
    UNINDEXED_FOREIGN_KEY = "C010", "unindexed-foreign-key";
}

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for table in subject.tables() {
        for key in &table.foreign_keys {
            if is_found(subject, table, key) {
                continue;
            }
            let (object, name) = (Object::part(&table.name, &key.name), short(&table.name));
            let columns = list(&key.columns);
            let message = format!(
                "`{name}` ({columns}) refers to `{0}` and has no index: each deletion there reads all of `{name}`",
                short(&key.references)
            );
            let finding = match key.on_delete {
                ReferentialAction::Cascade
                | ReferentialAction::SetNull
                | ReferentialAction::SetDefault => {
                    Finding::warning(UNINDEXED_FOREIGN_KEY, object, message)
                }
                // Documents say which deletions are made, and a design that follows them has answered this.
                ReferentialAction::NoAction | ReferentialAction::Restrict
                    if subject.documents.is_some() =>
                {
                    continue;
                }
                ReferentialAction::NoAction | ReferentialAction::Restrict => {
                    Finding::note(UNINDEXED_FOREIGN_KEY, object, message)
                }
            };
            findings.push(finding.help(format!("create an index on ({columns})")));
        }
    }
}

/// Whether an index begins with the key's columns in any order, or with the last of them: those before it are
/// the tenant's, and narrow it no further.
fn is_found(subject: &Subject<'_>, table: &Table, key: &ForeignKey) -> bool {
    subject.accesses(table).into_iter().any(|access| {
        let usable = match access {
            crate::subject::Access::Index(index) => {
                index.predicate.as_ref().is_none_or(|predicate| {
                    let text = predicate.to_string();
                    key.columns.iter().any(|column| text.contains(&format!("{column} IS NOT NULL")))
                })
            }
            crate::subject::Access::Key(..) => true,
        };
        let columns = access.columns();
        let begins = columns.get(..key.columns.len()).is_some_and(|first| {
            first.iter().all(|it| it.is_some_and(|it| key.columns.contains(it)))
        });
        usable && (begins || columns.first().copied().flatten() == key.columns.last())
    })
}
