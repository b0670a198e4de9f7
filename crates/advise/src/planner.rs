//! The what-if interface: what a server is asked, one connection at a time.

use std::fmt;

use crate::candidates::{CandidateId, Candidates};

/// One connection to a planner that can be told of indexes that are not there.
pub trait Planner: Send {
    /// The plan of a statement where exactly `present` are there of all candidates on `tables`, which are those that it
    /// reads or writes.
    fn explain(
        &mut self,
        query: usize,
        tables: &[usize],
        present: &[CandidateId],
        candidates: &Candidates,
    ) -> Result<Explained, PlanError>;

    /// The size of each index in bytes; `None` for one that the server refuses.
    fn bytes(
        &mut self,
        wanted: &[CandidateId],
        candidates: &Candidates,
    ) -> Result<Vec<Option<u64>>, PlanError>;

    /// Seconds since the run began.
    fn seconds(&self) -> f64;
}

/// What a planner answered.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The cost of the plan.
    pub cost: f64,
    /// The candidates that it uses, ascending, each once.
    pub uses: Vec<CandidateId>,
    /// The names of the indexes that are there and that it uses.
    pub existing: Vec<String>,
}

/// A connection was lost, or the server refuses what it planned before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanError(pub String);

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PlanError {}
