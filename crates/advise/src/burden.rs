//! What a set of candidates costs on writes.

use crate::candidates::CandidateId;
use crate::candidates::Candidates;
use crate::facts::Facts;
use crate::writes::{Write, WriteKind, entry_cost};

/// The writes of a workload, in the numbers of a search.
#[derive(Debug, Clone, Default)]
pub(crate) struct Burden {
    /// For each candidate, its table and what one entry costs.
    entries: Vec<(usize, f64)>,
    charges: Vec<Charge>,
}

#[derive(Debug, Clone)]
struct Charge {
    table: usize,
    /// How many rows, weighted.
    rows: f64,
    /// `None` where every index gets an entry anyway; else for each candidate whether it makes that so, and what the
    /// indexes that are there would cost then.
    spared: Option<(Vec<bool>, f64)>,
}

impl Burden {
    /// The burden of these candidates by these weighted writes.
    pub(crate) fn new(
        ids: &[CandidateId],
        candidates: &Candidates,
        writes: &[(f64, Write)],
        facts: &Facts,
    ) -> Self {
        let specs: Vec<_> = ids.iter().map(|&id| candidates.spec(id)).collect();
        let entry = |spec: &crate::spec::Spec| {
            (spec.table, entry_cost(&facts.tables[spec.table], Some(spec), &facts.settings))
        };
        let charge = |(weight, write): &(f64, Write)| {
            let table = &facts.tables[write.table];
            let rows = weight * write.rows;
            let spared = match &write.kind {
                WriteKind::Insert => None,
                WriteKind::Delete => return None,
                WriteKind::Update(None) => None,
                WriteKind::Update(Some(columns)) => {
                    let is_lost = table.indexes.iter().any(|index| {
                        columns.iter().any(|&it| index.holds(table.columns[it].name.as_str()))
                    });
                    let touches = |spec: &&crate::spec::Spec| {
                        spec.table == write.table && columns.iter().any(|&it| spec.holds(it, table))
                    };
                    let there = entry_cost(table, None, &facts.settings)
                        * table.indexes.iter().map(|_| 1.0).sum::<f64>();
                    (!is_lost).then(|| (specs.iter().map(touches).collect(), there))
                }
            };
            Some(Charge { table: write.table, rows, spared })
        };
        Self {
            entries: specs.iter().map(|spec| entry(spec)).collect(),
            charges: writes.iter().filter_map(charge).collect(),
        }
    }

    /// What the set costs on writes, above what the indexes that are there cost already.
    pub(crate) fn of(&self, is_in: &[bool]) -> f64 {
        // The sum of nothing is a negative zero, which would be printed.
        self.charges.iter().map(|charge| self.of_charge(charge, |it| is_in[it])).sum::<f64>() + 0.0
    }

    /// What some more candidates would add.
    pub(crate) fn added(&self, is_in: &[bool], more: &[usize]) -> f64 {
        let concerned =
            |charge: &&Charge| more.iter().any(|&it| self.entries[it].0 == charge.table);
        self.charges
            .iter()
            .filter(concerned)
            .map(|charge| {
                self.of_charge(charge, |it| is_in[it] || more.contains(&it))
                    - self.of_charge(charge, |it| is_in[it])
            })
            .sum()
    }

    fn of_charge(&self, charge: &Charge, is_in: impl Fn(usize) -> bool) -> f64 {
        let mine = || (0..self.entries.len()).filter(|&it| is_in(it));
        let entries: f64 = mine()
            .filter(|&it| self.entries[it].0 == charge.table)
            .map(|it| self.entries[it].1)
            .sum();
        match &charge.spared {
            None => charge.rows * entries,
            Some((touches, there)) if mine().any(|it| touches[it]) => {
                charge.rows * (entries + there)
            }
            Some(_) => 0.0,
        }
    }
}
