//! One connection that plans with hypothetical indexes. It remembers which of them its session has, so that only what
//! changes between two plans is made or dropped.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use underpin_advise::{CandidateId, Candidates, Explained, PlanError, Planner, Rewritten};
use underpin_pg::Hypothetical;
use underpin_server::{Session, SessionError};

use super::{WhatIfError, explain, prepare};

/// What the connections of a run share.
#[derive(Debug, Clone)]
pub struct Shared {
    pub(super) statements: Arc<[Rewritten]>,
    begun: Instant,
    pub(super) calls: Arc<AtomicUsize>,
}

impl Shared {
    /// A run over these statements that began at a moment.
    pub fn new(statements: Vec<Rewritten>, begun: Instant) -> Self {
        Self { statements: statements.into(), begun, calls: Arc::default() }
    }

    /// How many plans were asked for.
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }

    /// Seconds since the run began.
    pub fn seconds(&self) -> f64 {
        self.begun.elapsed().as_secs_f64()
    }
}

/// A connection that plans with hypothetical indexes.
#[derive(Debug)]
pub struct HypotheticalPlanner {
    session: Session,
    functions: Hypothetical,
    shared: Shared,
    /// For each table, the candidates that the session has, with HypoPG's numbers.
    present: BTreeMap<usize, BTreeMap<CandidateId, u32>>,
    numbers: BTreeMap<u32, CandidateId>,
    sizes: BTreeMap<CandidateId, Option<u64>>,
}

impl HypotheticalPlanner {
    /// Makes a session ready for a run.
    pub fn new(mut session: Session, shared: &Shared) -> Result<Self, WhatIfError> {
        let functions = prepare(&mut session)?;
        Ok(Self {
            session,
            functions,
            shared: shared.clone(),
            present: BTreeMap::new(),
            numbers: BTreeMap::new(),
            sizes: BTreeMap::new(),
        })
    }

    /// Makes the candidates that the session lacks; notes their sizes, and which the server refuses.
    fn create(&mut self, ids: &[CandidateId], candidates: &Candidates) -> Result<(), SessionError> {
        let wanted: Vec<CandidateId> = ids
            .iter()
            .copied()
            .filter(|id| {
                let table = candidates.spec(*id).table;
                self.sizes.get(id) != Some(&None)
                    && !self.present.get(&table).is_some_and(|there| there.contains_key(id))
            })
            .collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let indexes: Vec<_> = wanted.iter().map(|&id| candidates.made(id)).collect();
        match self.session.text(&self.functions.create(&indexes)) {
            Ok(answer) => {
                for (id, row) in wanted.into_iter().zip(answer.rows) {
                    let mut fields = row.into_iter().flatten();
                    let number = fields.next().and_then(|it| it.parse::<u32>().ok());
                    let bytes = fields.next().and_then(|it| it.parse::<u64>().ok());
                    self.sizes.insert(id, bytes);
                    if let Some(number) = number {
                        let table = candidates.spec(id).table;
                        self.present.entry(table).or_default().insert(id, number);
                        self.numbers.insert(number, id);
                    }
                }
                Ok(())
            }
            // One of them is refused, such as an expression that is not immutable: which, shows itself one by one.
            Err(SessionError::Refused(_)) if wanted.len() > 1 => {
                self.reset(candidates)?;
                wanted
                    .chunks(wanted.len().div_ceil(2))
                    .try_for_each(|half| self.create(half, candidates))
            }
            Err(SessionError::Refused(_)) => {
                self.sizes.insert(wanted[0], None);
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// An answer that failed half way leaves indexes whose numbers nobody knows: all go, and what was known is made again.
    fn reset(&mut self, candidates: &Candidates) -> Result<(), SessionError> {
        self.session.text(&self.functions.reset())?;
        self.numbers.clear();
        let known = std::mem::take(&mut self.present);
        let known: Vec<CandidateId> = known.into_values().flat_map(BTreeMap::into_keys).collect();
        self.create(&known, candidates)
    }

    /// Has the session have exactly these of all candidates on the tables.
    fn present(
        &mut self,
        tables: &[usize],
        ids: &[CandidateId],
        candidates: &Candidates,
    ) -> Result<(), SessionError> {
        let mut gone = Vec::new();
        for table in tables {
            let Some(there) = self.present.get_mut(table) else { continue };
            there.retain(|id, number| {
                let stays = ids.binary_search(id).is_ok();
                if !stays {
                    gone.push(*number);
                }
                stays
            });
        }
        if !gone.is_empty() {
            for number in &gone {
                self.numbers.remove(number);
            }
            self.session.text(&self.functions.drop(&gone))?;
        }
        self.create(ids, candidates)
    }
}

/// How one query runs with the indexes of this moment: which candidates its plan uses, by the names that `candidate`
/// knows, and which indexes that were there before.
pub(super) fn explained(
    shared: &Shared,
    session: &mut Session,
    query: usize,
    candidate: impl Fn(&str) -> Option<CandidateId>,
) -> Result<Explained, PlanError> {
    shared.calls.fetch_add(1, Ordering::Relaxed);
    let statements = Arc::clone(&shared.statements);
    let plan = explain(session, &statements[query], false)
        .map_err(|unplanned| PlanError(unplanned.error.to_string()))?;
    let mut uses = BTreeSet::new();
    let mut existing = Vec::new();
    for name in plan.indexes() {
        match candidate(name) {
            Some(id) => {
                uses.insert(id);
            }
            None => existing.push(name.to_owned()),
        }
    }
    Ok(Explained { cost: plan.cost, uses: uses.into_iter().collect(), existing })
}

impl Planner for HypotheticalPlanner {
    fn explain(
        &mut self,
        query: usize,
        tables: &[usize],
        present: &[CandidateId],
        candidates: &Candidates,
    ) -> Result<Explained, PlanError> {
        self.present(tables, present, candidates).map_err(|error| PlanError(error.to_string()))?;
        let numbers = &self.numbers;
        explained(&self.shared, &mut self.session, query, |name| {
            hypothetical(name).and_then(|number| numbers.get(&number).copied())
        })
    }

    fn bytes(
        &mut self,
        wanted: &[CandidateId],
        candidates: &Candidates,
    ) -> Result<Vec<Option<u64>>, PlanError> {
        let unknown: Vec<CandidateId> =
            wanted.iter().copied().filter(|id| !self.sizes.contains_key(id)).collect();
        self.create(&unknown, candidates).map_err(|error| PlanError(error.to_string()))?;
        Ok(wanted.iter().map(|id| self.sizes.get(id).copied().flatten()).collect())
    }

    fn seconds(&self) -> f64 {
        self.shared.seconds()
    }
}

/// The number in a name such as `<13556>btree_orders_id`, which HypoPG gives to its indexes.
fn hypothetical(name: &str) -> Option<u32> {
    name.strip_prefix('<')?.split_once('>')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hypothetical_indexes_are_told_from_others_by_their_names() {
        assert_eq!(hypothetical("<13556>btree_orders_id"), Some(13556));
        assert_eq!(hypothetical("orders_pkey"), None);
        assert_eq!(hypothetical("<odd> name"), None);
    }
}
