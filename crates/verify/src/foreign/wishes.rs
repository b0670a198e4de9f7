//! What a person says of the mapping.

use std::collections::BTreeMap;

use underpin_pg::QualifiedName;

/// Where an entity and its fields are kept, as a person says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Correction {
    /// The table, with or without its namespace; what was found where it is `None`.
    pub table: Option<String>,
    /// For fields their columns; `None` for a field that the schema does not hold.
    pub columns: BTreeMap<String, Option<String>>,
}

/// The corrections, by the entities' names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Corrections(pub BTreeMap<String, Correction>);

impl Corrections {
    pub(super) fn table(&self, entity: &str) -> Option<&str> {
        self.0.get(entity)?.table.as_deref()
    }

    pub(super) fn column(&self, entity: &str, field: &str) -> Said<'_> {
        match self.0.get(entity).and_then(|it| it.columns.get(field)) {
            Some(Some(column)) => Said::In(column),
            Some(None) => Said::Nowhere,
            None => Said::Nothing,
        }
    }
}

/// What a person says of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said<'a> {
    /// It is kept in this column.
    In(&'a str),
    /// The schema does not hold it.
    Nowhere,
    /// Nothing.
    Nothing,
}

/// Whether a table goes by this name.
pub(super) fn is(table: &QualifiedName, name: &str) -> bool {
    table.name.as_str() == name
        || name.split_once('.').is_some_and(|(namespace, name)| {
            table.namespace.as_str() == namespace && table.name.as_str() == name
        })
}
