//! What plans suggest and none has shown yet. An index serves whatever its beginning serves, but the planner, asked with
//! both there, names only one of them: that the longer one serves as well stays unknown, and sets that live from it are
//! never thought of. So each way is guessed for the longer indexes too, as cheap as what was learnt allows, and a
//! choice that rests on guesses is asked for before it counts.

use std::collections::{BTreeMap, BTreeSet};

use crate::candidates::{CandidateId, Candidates};
use crate::knowledge::{Knowledge, Way};

/// For each candidate, those that begin with it.
#[derive(Debug, Default)]
pub(crate) struct Longer(BTreeMap<CandidateId, Vec<CandidateId>>);

impl Longer {
    /// Among these candidates.
    pub(crate) fn among(ids: &[CandidateId], candidates: &Candidates) -> Self {
        let mut of_table: BTreeMap<usize, Vec<CandidateId>> = BTreeMap::new();
        for &id in ids {
            of_table.entry(candidates.spec(id).table).or_default().push(id);
        }
        let mut longer: BTreeMap<CandidateId, Vec<CandidateId>> = BTreeMap::new();
        for &id in ids {
            let spec = candidates.spec(id);
            let others = of_table[&spec.table].iter().copied();
            let found: Vec<CandidateId> =
                others.filter(|&other| candidates.spec(other).begins_with(spec)).collect();
            if !found.is_empty() {
                longer.insert(id, found);
            }
        }
        Self(longer)
    }

    /// The ways of a statement that are guessed from those which are known: each with a longer index in the place of all
    /// that it begins with.
    pub(crate) fn guesses(&self, known: &Knowledge) -> Vec<Way> {
        let mut found: BTreeMap<Vec<CandidateId>, f64> = BTreeMap::new();
        for way in known.ways() {
            let stands_in: BTreeSet<CandidateId> =
                way.uses.iter().filter_map(|id| self.0.get(id)).flatten().copied().collect();
            for into in stands_in {
                let is_kept = |id: &CandidateId| {
                    *id != into && self.0.get(id).is_none_or(|longer| !longer.contains(&into))
                };
                let mut uses: Vec<CandidateId> = way.uses.iter().copied().filter(is_kept).collect();
                uses.push(into);
                uses.sort_unstable();
                let cost = way.cost.max(known.lower(&uses));
                if cost < known.upper(&uses) {
                    let least = found.entry(uses).or_insert(cost);
                    *least = least.min(cost);
                }
            }
        }
        found.into_iter().map(|(uses, cost)| Way { uses, cost }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2 begins with 1.
    fn longer() -> Longer {
        Longer(BTreeMap::from([(1, vec![2])]))
    }

    #[test]
    fn a_longer_index_is_guessed_to_serve_as_well() {
        let mut known = Knowledge::new(100.0);
        known.learn(vec![1, 2, 3], vec![1, 3], 20.0);
        let guess = Way { uses: vec![2, 3], cost: 20.0 };
        assert_eq!(longer().guesses(&known), [guess]);
    }

    #[test]
    fn nothing_is_guessed_that_was_asked() {
        let mut known = Knowledge::new(100.0);
        known.learn(vec![1, 2], vec![1], 20.0);
        known.learn(vec![2], vec![2], 50.0);
        assert_eq!(longer().guesses(&known), []);
    }
}
