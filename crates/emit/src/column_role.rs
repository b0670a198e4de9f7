//! In which keys of its table a column stands, as both entity diagrams mark it.

use underpin_pg::{Ident, Schema, Table};

/// The keys that a column is part of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ColumnRole {
    /// The primary key.
    pub(crate) primary: bool,
    /// A reference.
    pub(crate) foreign: bool,
    /// A unique constraint, or a unique index: one that counts only some rows, or that looks at a column without its
    /// case, is a key for whoever reads the diagram.
    pub(crate) unique: bool,
}

impl ColumnRole {
    pub(crate) fn of(schema: &Schema, table: &Table, column: &Ident) -> Self {
        let in_index = schema
            .indexes_of(&table.name)
            .filter(|index| index.unique)
            .any(|index| index.columns.iter().any(|it| it.key.compared() == Some(column)));
        Self {
            primary: table.primary_key.as_ref().is_some_and(|key| key.columns.contains(column)),
            foreign: table.foreign_keys.iter().any(|key| key.columns.contains(column)),
            unique: in_index || table.uniques.iter().any(|key| key.columns.contains(column)),
        }
    }

    /// Whether it is in no key.
    pub(crate) fn is_plain(self) -> bool {
        self == Self::default()
    }

    /// The abbreviations of its keys; a unique key has a different one in each notation.
    pub(crate) fn marks(self, unique: &'static str) -> impl Iterator<Item = &'static str> {
        [(self.primary, "PK"), (self.foreign, "FK"), (self.unique, unique)]
            .into_iter()
            .filter_map(|(is, mark)| is.then_some(mark))
    }
}
