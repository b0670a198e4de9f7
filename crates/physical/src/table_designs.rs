//! The tables of a design: in the order of the relations that they store, and by their names.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

use underpin_pg::QualifiedName;

use crate::TableDesign;

/// Tables with what they store. One is found by its name without a look at all others: who goes through all queries,
/// claims or objects asks for the table of each.
#[derive(Debug, Clone, Default)]
pub struct TableDesigns {
    all: Vec<TableDesign>,
    by_name: BTreeMap<QualifiedName, usize>,
}

impl TableDesigns {
    /// Adds the table of the next relation.
    pub fn push(&mut self, table: TableDesign) {
        self.by_name.insert(table.table.clone(), self.all.len());
        self.all.push(table);
    }

    /// The table of a name.
    pub fn of(&self, name: &QualifiedName) -> Option<&TableDesign> {
        self.by_name.get(name).map(|&at| &self.all[at])
    }
}

impl Deref for TableDesigns {
    type Target = [TableDesign];

    fn deref(&self) -> &Self::Target {
        &self.all
    }
}

/// What of a table may change when it has its name.
impl DerefMut for TableDesigns {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.all
    }
}

impl<'a> IntoIterator for &'a TableDesigns {
    type Item = &'a TableDesign;
    type IntoIter = std::slice::Iter<'a, TableDesign>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.iter()
    }
}
