//! What a table has: partitions, columns, keys, references, indexes, triggers.

use underpin_pg::{Assertion, Schema, Table, TestFile};

pub(super) fn write(schema: &Schema, table: &Table, file: &mut TestFile) {
    let name = || table.name.clone();
    file.heading("What the table has.");
    file.assert(Assertion::HasTable(name()));
    if let Some(partitioning) = &table.partitioning {
        file.assert(Assertion::Partitioned(name()));
        for partition in partitioning.partitions.iter().filter(|it| it.is_form()) {
            file.assert(Assertion::PartitionOf(partition.name.clone(), name()));
        }
    }
    let columns = table.columns.iter().map(|column| column.name.clone()).collect();
    file.assert(Assertion::Columns(name(), columns));
    for column in &table.columns {
        file.assert(Assertion::Type(name(), column.clone()));
        file.assert(Assertion::NotNull(name(), column.clone()));
        // What the server counts up or computes is no default to pgTAP, and one to the catalog.
        if column.identity.is_none() && column.generated.is_none() {
            file.assert(Assertion::Default(name(), column.clone()));
        }
    }
    if let Some(key) = &table.primary_key {
        file.assert(Assertion::PrimaryKey(name(), key.clone()));
    }
    for key in &table.uniques {
        file.assert(Assertion::Unique(name(), key.clone()));
    }
    for key in &table.foreign_keys {
        file.assert(Assertion::ForeignKey(name(), key.clone()));
    }
    for index in schema.indexes_of(&table.name) {
        file.assert(Assertion::HasIndex(name(), index.name.name.clone()));
    }
    for trigger in schema.triggers_of(&table.name) {
        file.assert(Assertion::HasTrigger(name(), trigger.name.clone()));
    }
}
