//! Which of the indexes that patterns ask for are built: one that contains another answers for it.

use std::collections::BTreeMap;

use underpin_pg::{Method, QualifiedName};

use super::candidate::{Candidate, CandidateColumn};

/// For each candidate the one that answers for it: itself, or one that contains it.
pub(super) fn absorb(candidates: &[Candidate]) -> Vec<usize> {
    let mut by: Vec<usize> = (0..candidates.len()).collect();
    let mut of_table: BTreeMap<&QualifiedName, Vec<usize>> = BTreeMap::new();
    for (at, candidate) in candidates.iter().enumerate() {
        of_table.entry(&candidate.table).or_default().push(at);
    }
    for small in 0..candidates.len() {
        for &large in &of_table[&candidates[small].table] {
            if small == large
                || by[large] != large
                || !contains(&candidates[large], &candidates[small])
            {
                continue;
            }
            // Of two that contain each other the busier one is kept, or the first.
            let keeps_itself = match candidates[small].rate.total_cmp(&candidates[large].rate) {
                std::cmp::Ordering::Greater => true,
                std::cmp::Ordering::Less => false,
                std::cmp::Ordering::Equal => small < large,
            };
            if keeps_itself && contains(&candidates[small], &candidates[large]) {
                continue;
            }
            by[small] = large;
            break;
        }
    }
    // An absorber may have been absorbed in turn.
    for at in 0..by.len() {
        while by[by[at]] != by[at] {
            by[at] = by[by[at]];
        }
    }
    by
}

/// What an index that is not built would hold besides its keys, the one that answers for it holds.
pub(super) fn gather_included(candidates: &mut [Candidate], kept: &[usize]) {
    for at in 0..candidates.len() {
        let include = candidates[at].include.clone();
        let by = &mut candidates[kept[at]];
        for name in include {
            let is_key = by.columns.iter().any(|column| column.name == name);
            if !is_key && !by.include.contains(&name) {
                by.include.push(name);
            }
        }
    }
}

/// Whether one candidate answers the patterns of another of its table.
fn contains(large: &Candidate, small: &Candidate) -> bool {
    if large.method != small.method {
        return false;
    }
    // Among the few rows that equal values find, a condition costs less than an index of its own.
    let rows = large.constant.is_empty() && (small.constant.is_empty() || small.equal > 0)
        || large.constant.len() == small.constant.len()
            && large.constant.iter().all(|part| small.constant.contains(part));
    if !rows || large.columns.len() < small.needed {
        return false;
    }
    if small.method != Method::Btree {
        return large.columns == small.columns;
    }
    let equal = &large.columns[..small.equal.min(large.columns.len())];
    let alike = |a: &CandidateColumn, b: &CandidateColumn| {
        a.name == b.name && a.expression == b.expression && a.operator_class == b.operator_class
    };
    let flipped =
        |a: &CandidateColumn, b: &CandidateColumn| alike(a, b) && a.descending != b.descending;
    let same =
        |a: &CandidateColumn, b: &CandidateColumn| alike(a, b) && a.descending == b.descending;
    let rest_large = &large.columns[small.equal..small.needed];
    let rest_small = &small.columns[small.equal..small.needed];
    // What the larger one compares for equality has no direction there.
    let in_order = rest_large.iter().zip(rest_small).all(|(a, b)| same(a, b))
        || rest_large.iter().zip(rest_small).all(|(a, b)| flipped(a, b));
    small.columns[..small.equal]
        .iter()
        .all(|c| equal.iter().any(|l| l.name == c.name && l.expression == c.expression))
        && in_order
}
