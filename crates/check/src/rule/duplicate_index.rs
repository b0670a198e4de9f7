//! Two indexes that are one, and an index that another one makes needless.

use underpin_pg::{Index, IndexColumn, IndexKey, Method, Table};

use crate::finding::{Finding, Object, short};
use crate::subject::{Access, Subject};

underpin_base::codes! {
    /// Two indexes of a table are alike.
    ///
    /// Each write keeps both, and no query needs more than one.
    ///
    /// ```sql
    /// CREATE TABLE people (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE);
    /// CREATE INDEX people_email_idx ON people (email);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE people (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE);
    /// ```
    DUPLICATE_INDEX = "C011", "duplicate-index";
    /// An index holds the first columns of another one.
    ///
    /// Whatever is searched for with it is found with the longer index as well (manual, section 11.3); each write keeps both.
    ///
    /// ```sql
    /// CREATE TABLE visits (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, page text NOT NULL, seen_at timestamptz NOT NULL);
    /// CREATE INDEX visits_page_idx ON visits (page);
    /// CREATE INDEX visits_page_seen_at_idx ON visits (page, seen_at);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE visits (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, page text NOT NULL, seen_at timestamptz NOT NULL);
    /// CREATE INDEX visits_page_seen_at_idx ON visits (page, seen_at);
    /// ```
    REDUNDANT_INDEX = "C012", "redundant-index";
}

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for table in subject.tables() {
        let accesses = subject.accesses(table);
        for (at, access) in accesses.iter().enumerate() {
            let Access::Index(index) = access else { continue };
            if let Some(twin) = accesses[..at].iter().find(|other| is_alike(index, **other)) {
                findings.push(
                    Finding::warning(
                        DUPLICATE_INDEX,
                        Object::part(&table.name, &index.name.name),
                        format!(
                            "the index `{}` of `{}` holds what `{}` holds",
                            index.name.name.as_str(),
                            short(&table.name),
                            twin.name().as_str()
                        ),
                    )
                    .help("drop one of the two"),
                );
            } else if let Some(longer) =
                accesses.iter().find(|other| is_covered(table, index, **other))
            {
                findings.push(
                    Finding::warning(
                        REDUNDANT_INDEX,
                        Object::part(&table.name, &index.name.name),
                        format!(
                            "the index `{}` of `{}` holds only the first columns of `{}`",
                            index.name.name.as_str(),
                            short(&table.name),
                            longer.name().as_str()
                        ),
                    )
                    .help("drop the shorter one"),
                );
            }
        }
    }
}

/// The key columns of an access, all with the defaults where a constraint owns it.
fn parts(access: Access<'_>) -> Vec<IndexColumn> {
    match access {
        Access::Key(key) => key
            .columns
            .iter()
            .map(|name| IndexColumn {
                key: IndexKey::Column(name.clone()),
                descending: false,
                operator_class: None,
            })
            .collect(),
        Access::Index(index) => index.columns.clone(),
    }
}

/// Whether the index adds nothing to another one: not even that it refuses duplicates.
fn is_alike(index: &Index, other: Access<'_>) -> bool {
    let same = match other {
        Access::Key(..) => {
            index.method == Method::Btree && index.predicate.is_none() && index.include.is_empty()
        }
        Access::Index(other) => {
            index.method == other.method
                && index.predicate == other.predicate
                && index.include == other.include
                && (!index.unique || other.unique)
        }
    };
    same && index.columns == parts(other)
}

fn is_covered(table: &Table, index: &Index, other: Access<'_>) -> bool {
    let plain = index.method == Method::Btree && !index.unique && index.include.is_empty();
    let other_fits = match other {
        Access::Key(..) => index.predicate.is_none(),
        Access::Index(other) => {
            other.method == Method::Btree
                && index.predicate == other.predicate
                && other.name != index.name
        }
    };
    let longer = parts(other);
    plain
        && other_fits
        && table.name == index.table
        && longer.len() > index.columns.len()
        && longer.starts_with(&index.columns)
}
