//! Whichever connection is asked, with sizes as they are in the database that the advice is for.

use underpin_advise::{CandidateId, Candidates, Explained, PlanError, Planner};

use super::made::MadePlanner;
use super::planner::HypotheticalPlanner;

/// A connection that is asked what would be if.
#[derive(Debug)]
pub enum Asked {
    /// Indexes are hypothetical. For each table, by how much the indexes of the whole are larger; nothing where it is
    /// asked itself.
    Hypothetical(Box<HypotheticalPlanner>, Vec<f64>),
    /// Indexes are made; as above.
    Made(Box<MadePlanner>, Vec<f64>),
}

impl Asked {
    fn planner(&mut self) -> (&mut dyn Planner, &[f64]) {
        match self {
            Self::Hypothetical(planner, factors) => (&mut **planner, factors),
            Self::Made(planner, factors) => (&mut **planner, factors),
        }
    }
}

impl Planner for Asked {
    fn explain(
        &mut self,
        query: usize,
        tables: &[usize],
        present: &[CandidateId],
        candidates: &Candidates,
    ) -> Result<Explained, PlanError> {
        self.planner().0.explain(query, tables, present, candidates)
    }

    fn bytes(
        &mut self,
        wanted: &[CandidateId],
        candidates: &Candidates,
    ) -> Result<Vec<Option<u64>>, PlanError> {
        let (planner, factors) = self.planner();
        let sizes = planner.bytes(wanted, candidates)?;
        let scaled = |(&id, bytes): (&CandidateId, Option<u64>)| {
            let factor = factors.get(candidates.spec(id).table).copied().unwrap_or(1.0);
            bytes.map(|bytes| times(bytes, factor))
        };
        Ok(wanted.iter().zip(sizes).map(scaled).collect())
    }

    fn seconds(&self) -> f64 {
        match self {
            Self::Hypothetical(planner, _) => planner.seconds(),
            Self::Made(planner, _) => planner.seconds(),
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a size that is an estimate"
)]
fn times(bytes: u64, factor: f64) -> u64 {
    (bytes as f64 * factor) as u64
}
