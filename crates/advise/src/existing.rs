//! What is to be said of the indexes that are there already.

use crate::advisor::Statement;
use crate::facts::{ExistingIndex, Facts};
use crate::outcome::Advice;
use crate::spec::{Indexed, Spec};

/// A remark on an index that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExistingRemark {
    /// The table's number.
    pub table: usize,
    /// The index's place among those of the table.
    pub index: usize,
    /// What is to be said.
    pub remark: Remark,
}

/// What is to be said of an index that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// Another index, by its place, does all that it does.
    Redundant {
        /// That index.
        by: usize,
    },
    /// An index that is recommended does all that it does; its place among the recommended.
    Replaced {
        /// That index.
        by: usize,
    },
    /// No statement of the workload uses it, neither before nor after.
    Unused,
}

/// What is to be said of each index that no constraint needs.
pub fn remarks(facts: &Facts, workload: &[Statement], advice: &Advice) -> Vec<ExistingRemark> {
    let recommended: Vec<ExistingIndex> =
        advice.chosen.iter().map(|it| as_existing(&it.spec, it.bytes, facts)).collect();
    let tables: Vec<usize> = advice.chosen.iter().map(|it| it.spec.table).collect();
    let concerned =
        |table: usize| workload.iter().any(|it| it.needs.iter().any(|need| need.table == table));
    let used = |name: &str| advice.queries.iter().any(|it| it.uses_existing.contains(name));
    let mut found = Vec::new();
    for (table, facts) in facts.tables.iter().enumerate() {
        for (index, mine) in facts.indexes.iter().enumerate() {
            if mine.is_unique || mine.is_constraint {
                continue;
            }
            let by = facts.indexes.iter().enumerate().find(|(at, other)| {
                // Of two that are the same, the later one goes.
                *at != index
                    && does_all_of(other, mine)
                    && (!does_all_of(mine, other) || *at < index)
            });
            let new = recommended
                .iter()
                .zip(&tables)
                .position(|(other, of)| *of == table && does_all_of(other, mine));
            let remark = match (by, new) {
                (Some((by, _)), _) => Remark::Redundant { by },
                (None, Some(by)) => Remark::Replaced { by },
                (None, None) if concerned(table) && !used(mine.name.as_str()) => Remark::Unused,
                (None, None) => continue,
            };
            found.push(ExistingRemark { table, index, remark });
        }
    }
    found
}

/// A new index as it will be once it is there.
fn as_existing(spec: &Spec, bytes: u64, facts: &Facts) -> ExistingIndex {
    let table = &facts.tables[spec.table];
    let name = |number: usize| table.columns[number].name.to_string();
    let keys = spec.keys.iter().map(|key| match &key.what {
        Indexed::Column(number) => (name(*number), key.descending),
        Indexed::Expression(text) => (text.clone(), key.descending),
    });
    let include = spec.include.iter().map(|&number| (name(number), false));
    ExistingIndex {
        name: spec.index(facts).name.name,
        is_unique: false,
        is_constraint: false,
        method: spec.method.as_str().to_owned(),
        bytes,
        scans: 0,
        columns: keys.chain(include).collect(),
        keys: spec.keys.len(),
        predicate: spec.predicate.clone(),
    }
}

/// Whether `large` serves every search, sort and index-only scan that `small` serves.
fn does_all_of(large: &ExistingIndex, small: &ExistingIndex) -> bool {
    large.method == small.method
        && large.method == "btree"
        && (large.predicate.is_none() || large.predicate == small.predicate)
        && large.keys >= small.keys
        && large.columns[..small.keys] == small.columns[..small.keys]
        && small.columns[small.keys..].iter().all(|it| large.columns.contains(it))
}

#[cfg(test)]
mod tests {
    use underpin_pg::Ident;

    use super::*;

    fn index(columns: &[&str], keys: usize, predicate: Option<&str>) -> ExistingIndex {
        ExistingIndex {
            name: Ident::new(columns.join("_")).unwrap(),
            is_unique: false,
            is_constraint: false,
            method: "btree".to_owned(),
            bytes: 8192,
            scans: 0,
            columns: columns.iter().map(|it| ((*it).to_owned(), false)).collect(),
            keys,
            predicate: predicate.map(str::to_owned),
        }
    }

    #[test]
    fn a_longer_index_does_all_of_its_beginning_and_nothing_else() {
        let long = index(&["a", "b", "c"], 3, None);
        assert!(does_all_of(&long, &index(&["a"], 1, None)));
        assert!(does_all_of(&long, &index(&["a", "c"], 1, None)));
        assert!(does_all_of(&long, &index(&["a"], 1, Some("(a > 0)"))));
        assert!(!does_all_of(&long, &index(&["b"], 1, None)));
        assert!(!does_all_of(&index(&["a"], 1, Some("(a > 0)")), &index(&["a"], 1, None)));
    }
}
