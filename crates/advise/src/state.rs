//! A run's state: each statement with what it needs and what is known of it, and the sizes of candidates.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};

use crate::candidates::{CandidateId, Candidates};
use crate::knowledge::Knowledge;
use crate::needs::Needs;
use crate::planner::{PlanError, Planner};
use crate::spec::{KeyPart, Spec};

/// A statement of the workload.
#[derive(Debug)]
pub(crate) struct QueryState {
    /// Its number for the planner.
    pub(crate) number: usize,
    /// How often it runs, in whatever unit the workload has.
    pub(crate) weight: f64,
    /// The tables that it reads or writes.
    pub(crate) tables: BTreeSet<usize>,
    /// The columns of each that it mentions.
    mentions: BTreeMap<usize, BTreeSet<usize>>,
    /// For each place where it reads a table, all columns that it needs there.
    places: Vec<(usize, Vec<usize>)>,
    /// Candidates that its own needs gave.
    pub(crate) own: Vec<CandidateId>,
    /// What its plans have taught.
    pub(crate) known: Knowledge,
    /// The indexes that are there and that some plan of it used.
    pub(crate) existing: BTreeSet<String>,
}

impl QueryState {
    pub(crate) fn new(number: usize, weight: f64, base: f64, needs: &Needs) -> Self {
        let mut mentions: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        let mut places = Vec::new();
        for need in needs {
            mentions.entry(need.table).or_default().extend(need.columns.keys());
            places.push((need.table, need.columns.keys().copied().collect()));
        }
        Self {
            number,
            weight,
            tables: mentions.keys().copied().collect(),
            mentions,
            places,
            own: Vec::new(),
            known: Knowledge::new(base),
            existing: BTreeSet::new(),
        }
    }

    /// Whether the index can change the statement's plan: it leads with a column that the statement mentions, or holds
    /// an expression, or covers all that one place needs.
    pub(crate) fn concerns(&self, spec: &Spec) -> bool {
        let Some(mentioned) = self.mentions.get(&spec.table) else { return false };
        let leads = match spec.keys.first().map(KeyPart::number) {
            Some(Some(number)) => mentioned.contains(&number),
            Some(None) => true,
            None => false,
        };
        leads
            || self.places.iter().any(|(table, needed)| {
                *table == spec.table && needed.iter().all(|it| spec.columns().any(|c| c == *it))
            })
    }

    /// Those of the candidates that concern it, ascending.
    pub(crate) fn concerning(&self, ids: &[CandidateId], all: &Candidates) -> Vec<CandidateId> {
        let mut found: Vec<CandidateId> =
            ids.iter().copied().filter(|&id| self.concerns(all.spec(id))).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// What the statement costs where exactly these are there, and what it uses of them: known, or asked.
    pub(crate) fn ask(
        &mut self,
        planner: &mut dyn Planner,
        present: &[CandidateId],
        candidates: &Candidates,
    ) -> Result<(f64, Vec<CandidateId>), PlanError> {
        if let Some(way) = self.known.exact(present) {
            return Ok((way.cost, way.uses.clone()));
        }
        let tables: Vec<usize> = self.tables.iter().copied().collect();
        let explained = planner.explain(self.number, &tables, present, candidates)?;
        self.existing.extend(explained.existing);
        let cost = explained.cost;
        self.known.learn(present.to_vec(), explained.uses.clone(), cost);
        Ok((cost, explained.uses))
    }
}

/// Sizes of candidates, as far as they are known; shared by the planners of a run.
#[derive(Debug, Default)]
pub(crate) struct Sizes(Mutex<BTreeMap<CandidateId, Option<u64>>>);

impl Sizes {
    fn map(&self) -> MutexGuard<'_, BTreeMap<CandidateId, Option<u64>>> {
        self.0.lock().expect("invariant: nobody panics while holding it")
    }

    /// The size; `None` where it is not known, or the server refuses the index.
    pub(crate) fn get(&self, id: CandidateId) -> Option<u64> {
        self.map().get(&id).copied().flatten()
    }

    /// Those of the candidates that the server takes and that fit under a limit; asks for sizes that are not known.
    pub(crate) fn fitting(
        &self,
        ids: &[CandidateId],
        limit: u64,
        planner: &mut dyn Planner,
        candidates: &Candidates,
    ) -> Result<Vec<CandidateId>, PlanError> {
        let unknown: Vec<CandidateId> = {
            let map = self.map();
            ids.iter().copied().filter(|id| !map.contains_key(id)).collect()
        };
        if !unknown.is_empty() {
            let sizes = planner.bytes(&unknown, candidates)?;
            self.map().extend(unknown.into_iter().zip(sizes));
        }
        let map = self.map();
        let fits = |id: &CandidateId| map[id].is_some_and(|bytes| bytes <= limit);
        Ok(ids.iter().copied().filter(fits).collect())
    }
}

/// Does a piece of work for each statement, as many at once as there are planners. The result does not depend on which
/// planner does what.
pub(crate) fn for_each<P: Planner>(
    planners: &mut [P],
    queries: Vec<&mut QueryState>,
    work: impl Fn(&mut P, &mut QueryState) -> Result<(), PlanError> + Sync,
) -> Result<(), PlanError> {
    if let ([planner], _) | ([planner, ..], [_]) = (&mut *planners, &queries[..]) {
        return queries.into_iter().try_for_each(|query| work(planner, query));
    }
    // Taken from the end: the first is done first.
    let waiting: Mutex<Vec<&mut QueryState>> = Mutex::new(queries.into_iter().rev().collect());
    let next = || waiting.lock().ok()?.pop();
    let (work, next) = (&work, &next);
    let outcomes: Vec<Result<(), PlanError>> = std::thread::scope(|scope| {
        let running: Vec<_> = planners
            .iter_mut()
            .map(|planner| {
                scope.spawn(move || {
                    while let Some(query) = next() {
                        work(planner, query)?;
                    }
                    Ok(())
                })
            })
            .collect();
        running
            .into_iter()
            .map(|it| it.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    outcomes.into_iter().collect()
}
