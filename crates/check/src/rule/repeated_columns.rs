//! A list that was made of columns.

use std::collections::BTreeMap;

use underpin_pg::Column;

use crate::finding::{Finding, Object, short};
use crate::names::words;
use crate::subject::Subject;

underpin_base::codes! {
    /// Columns of a table are numbered.
    ///
    /// `phone1` and `phone2` are a list: a third needs a change of the schema, a search asks each of them, and nothing
    /// keeps them apart or in order.
    ///
    /// ```sql
    /// CREATE TABLE people (
    ///   id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ///   phone1 text,
    ///   phone2 text
    /// );
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE people (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    /// CREATE TABLE phones (
    ///   person_id bigint NOT NULL REFERENCES people ON DELETE CASCADE,
    ///   number text NOT NULL,
    ///   PRIMARY KEY (person_id, number)
    /// );
    /// ```
    REPEATED_COLUMNS = "C072", "repeated-columns";
}

/// Numbers that name a thing: the lines of an address, an algorithm, a version of a standard.
const NAMING: &[&str] =
    &["line", "address", "street", "sha", "md", "base", "iso", "utf", "s", "ipv", "oauth"];

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for table in subject.tables() {
        let mut lists: BTreeMap<Vec<String>, Vec<&Column>> = BTreeMap::new();
        for column in &table.columns {
            let mut stem = words(column.name.as_str());
            let is_number = |word: &String| word.bytes().all(|b| b.is_ascii_digit());
            let Some(at) = stem.iter().rposition(is_number).filter(|at| *at > 0) else { continue };
            if NAMING.contains(&&*stem[at - 1]) {
                continue;
            }
            "#".clone_into(&mut stem[at]);
            lists.entry(stem).or_default().push(column);
        }
        for columns in lists.into_values().filter(|columns| columns.len() > 1) {
            let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            findings.push(
                Finding::warning(
                    REPEATED_COLUMNS,
                    Object::part(&table.name, &columns[0].name),
                    format!(
                        "the columns {} of `{}` are a list",
                        names.join(", "),
                        short(&table.name)
                    ),
                )
                .help("keep the values in a table of their own, one row for each"),
            );
        }
    }
}
