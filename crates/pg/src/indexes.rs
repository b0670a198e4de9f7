//! The indexes of a schema, by name and by table.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use crate::{Index, QualifiedName};

/// Indexes by name. Those of one table are found without a look at all others: who goes through all tables asks for
/// those of each.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Indexes {
    by_name: BTreeMap<QualifiedName, Index>,
    by_table: BTreeMap<QualifiedName, BTreeSet<QualifiedName>>,
}

impl Indexes {
    /// Adds an index, in the place of another of its name.
    pub(crate) fn insert(&mut self, index: Index) {
        let (name, table) = (index.name.clone(), index.table.clone());
        if let Some(before) = self.by_name.insert(name.clone(), index)
            && let Some(names) = self.by_table.get_mut(&before.table)
        {
            names.remove(&name);
        }
        self.by_table.entry(table).or_default().insert(name);
    }

    /// The indexes of a table, by name.
    pub(crate) fn of(&self, table: &QualifiedName) -> impl Iterator<Item = &Index> {
        self.by_table.get(table).into_iter().flatten().filter_map(|name| self.by_name.get(name))
    }

    /// What of an index may change when it has its name and its table.
    pub fn get_mut(&mut self, name: &QualifiedName) -> Option<&mut Index> {
        self.by_name.get_mut(name)
    }

    /// The same of all.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Index> {
        self.by_name.values_mut()
    }
}

impl Deref for Indexes {
    type Target = BTreeMap<QualifiedName, Index>;

    fn deref(&self) -> &Self::Target {
        &self.by_name
    }
}
