//! A few rows of each table with those that they refer to. A row that belongs to one with many is picked the more
//! often: hot keys are among them, and cold ones among the rows that are picked for themselves.

use std::collections::{BTreeMap, BTreeSet};

use underpin_pg::QualifiedName;

use super::Scale;
use super::compose::Draft;
use super::mix::{below, hash};
use crate::row::Row;

impl Scale<'_> {
    /// So many rows of each table, and those that they refer to.
    pub fn sample(&self, count: usize) -> BTreeMap<QualifiedName, Vec<Row>> {
        let mut picked: Vec<BTreeSet<u64>> = vec![BTreeSet::new(); self.tables.len()];
        let mut sample = BTreeMap::new();
        let mut draft = Draft::default();
        for at in (0..self.tables.len()).rev() {
            let table = &self.tables[at];
            let count = u64::try_from(count).unwrap_or(u64::MAX);
            if table.rows <= count {
                picked[at].extend(0..table.rows);
            } else {
                picked[at].extend((0..count).map(|it| below(hash(table.salt, it), table.rows)));
            }
            let mut rows = Vec::new();
            for row in std::mem::take(&mut picked[at]) {
                if self.compose(at, row, &mut draft).is_err() {
                    continue;
                }
                rows.push(draft.cells.iter().map(|cell| self.value(*cell, &draft.text)).collect());
                for (link, target) in table.links.iter().zip(draft.targets()) {
                    if let Some(target) = target.filter(|_| link.target < at) {
                        picked[link.target].insert(target);
                    }
                }
            }
            if let Some(shape) = table.shape {
                sample.insert(shape.table.name.clone(), rows);
            }
        }
        sample
    }
}
