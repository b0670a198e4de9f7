//! Indexes near those of a set: their beginnings, their other orders, one column more, two of one table in one.

use std::collections::BTreeSet;

use crate::candidates::{CandidateId, Candidates};
use crate::facts::Facts;
use crate::spec::Spec;

/// The neighbours of a set, each once. `useful` gives the columns of a table that statements search, sort or join by.
pub(crate) fn neighbours(
    set: &[CandidateId],
    candidates: &Candidates,
    useful: &[BTreeSet<usize>],
    facts: &Facts,
    width: usize,
) -> BTreeSet<Spec> {
    let mut found = BTreeSet::new();
    let plain: Vec<(usize, Vec<usize>)> = set
        .iter()
        .filter_map(|&id| {
            let spec = candidates.spec(id);
            Some((spec.table, spec.plain()?))
        })
        .collect();
    for (table, columns) in &plain {
        let mut add = |columns: &[usize]| {
            let sortable = |it: &usize| facts.tables[*table].columns[*it].is_sortable;
            if columns.len() <= width && columns.iter().all(sortable) {
                let spec = Spec::btree(*table, columns);
                if !spec.is_there(facts) && !spec.extends_key(facts) {
                    found.insert(spec);
                }
            }
        };
        for length in 1..columns.len() {
            add(&columns[..length]);
        }
        for order in orders(columns) {
            add(&order);
        }
        for &more in useful[*table].difference(&columns.iter().copied().collect()) {
            for at in 0..=columns.len() {
                let mut extended = columns.clone();
                extended.insert(at, more);
                add(&extended);
            }
            if columns.len() > 1 {
                add(&[&columns[..columns.len() - 1], &[more]].concat());
            }
        }
        for (other, others) in &plain {
            if other == table && others != columns {
                let rest = others.iter().copied().filter(|it| !columns.contains(it));
                let merged: Vec<usize> = columns.iter().copied().chain(rest).collect();
                add(&merged[..merged.len().min(width)]);
            }
        }
    }
    found
}

/// Every order of up to three columns; of more, each with two neighbours changed.
fn orders(columns: &[usize]) -> Vec<Vec<usize>> {
    let swapped = |a: usize, b: usize, from: &[usize]| {
        let mut order = from.to_vec();
        order.swap(a, b);
        order
    };
    let mut found: Vec<Vec<usize>> = Vec::new();
    for at in 1..columns.len() {
        found.push(swapped(at - 1, at, columns));
    }
    if columns.len() == 3 {
        let first = [found[0].clone(), found[1].clone()];
        found.push(swapped(0, 2, columns));
        found.push(swapped(1, 2, &first[0]));
        found.push(swapped(0, 1, &first[1]));
    }
    found
}
