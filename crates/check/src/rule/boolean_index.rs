//! An index on a flag alone.

use underpin_pg::{Method, Type};

use crate::finding::{Finding, Object, short};
use crate::subject::{Access, Subject};

underpin_base::codes! {
    /// An index holds nothing but a boolean.
    ///
    /// A search for one of two values finds a large part of the table, which is read faster without an index. A partial
    /// index of what is looked for among the few rows serves.
    ///
    /// ```sql
    /// CREATE TABLE jobs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, done boolean NOT NULL, due_at timestamptz NOT NULL);
    /// CREATE INDEX jobs_done_idx ON jobs (done);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE jobs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, done boolean NOT NULL, due_at timestamptz NOT NULL);
    /// CREATE INDEX jobs_due_at_idx ON jobs (due_at) WHERE NOT done;
    /// ```
    BOOLEAN_INDEX = "C013", "boolean-index";
}

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for table in subject.tables() {
        for index in subject.schema.indexes_of(&table.name) {
            let [Some(only)] = Access::Index(index).columns()[..] else { continue };
            let is_flag =
                table.column(only).is_some_and(|column| column.data_type == Type::Boolean);
            let plain = index.predicate.is_none() && index.include.is_empty() && !index.unique;
            if is_flag && plain && matches!(index.method, Method::Btree | Method::Hash) {
                findings.push(
                    Finding::warning(
                        BOOLEAN_INDEX,
                        Object::part(&table.name, &index.name.name),
                        format!(
                            "the index `{}` holds nothing but the boolean `{}.{}`, of which each value has many rows",
                            index.name.name.as_str(),
                            short(&table.name),
                            only.as_str()
                        ),
                    )
                    .help("drop it, or index what is looked for, WHERE the flag has the rare value"),
                );
            }
        }
    }
}
