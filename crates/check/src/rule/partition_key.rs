//! A unique key that became weaker because its table is partitioned.

use std::collections::BTreeSet;

use underpin_pg::Ident;

use crate::finding::{Finding, Object, short};
use crate::names::list;
use crate::subject::Subject;

underpin_base::codes! {
    /// A table is partitioned, and a key that the documents state holds within each partition key only.
    ///
    /// A key of a partitioned table must contain its partition key (PostgreSQL, section 5.11.2.3). Where the documents say
    /// that a field is unique, a key of that field *and* a time lets the same value in again at another time: the same
    /// message is counted twice. A unique index on each partition alone does not help.
    ///
    /// ```markdown
    /// ## Message
    ///
    /// - id: bigint, primary key
    /// - message_key: string, required, unique
    /// - received_at: timestamp, required
    /// ```
    ///
    /// ```sql
    /// CREATE TABLE messages (
    ///   id bigint GENERATED ALWAYS AS IDENTITY,
    ///   message_key text NOT NULL,
    ///   received_at timestamptz NOT NULL,
    ///   PRIMARY KEY (id, received_at),
    ///   UNIQUE (message_key, received_at)
    /// ) PARTITION BY RANGE (received_at);
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE messages (
    ///   id bigint GENERATED ALWAYS AS IDENTITY,
    ///   message_key text NOT NULL,
    ///   received_at timestamptz NOT NULL,
    ///   PRIMARY KEY (id),
    ///   UNIQUE (message_key)
    /// );
    /// ```
    UNIQUE_ACROSS_PARTITIONS = "C108", "unique-across-partitions";
}

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let Some(documents) = subject.documents else { return };
    for home in documents.homes {
        let Some(table) = subject.schema.tables.get(&home.table) else { continue };
        let Some(partitioning) = &table.partitioning else { continue };
        let ours = &documents.physical.schema.tables[&home.ours];
        for key in &ours.uniques {
            let mapped: Option<BTreeSet<&Ident>> =
                key.columns.iter().map(|column| home.column(column)).collect();
            let Some(stated) = mapped else { continue };
            if partitioning.columns.iter().all(|column| stated.contains(column)) {
                continue;
            }
            findings.push(
                Finding::error(
                    UNIQUE_ACROSS_PARTITIONS,
                    Object::whole(&home.table),
                    format!(
                        "`{}` takes the same ({}) again for another {}: the documents say that it is unique",
                        short(&home.table),
                        list(stated),
                        list(&partitioning.columns)
                    ),
                )
                .help("keep it in one table, or hold the key in a table of its own that is written in the same transaction"),
            );
        }
    }
}
