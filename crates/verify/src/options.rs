//! What may be chosen about a verification, and what is told of its progress.

use underpin_claim::ClaimId;

/// What may be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The same seed makes the same rows.
    pub seed: u64,
    /// How many rows are generated, all tables together.
    pub max_rows: u64,
    /// At how many rows, all tables together, the growth of queries is judged; not at all where it is `None`.
    pub scale: Option<u64>,
    /// How often each query is run to be timed.
    pub runs: u32,
    /// Only this claim is judged; the others are `not run`.
    pub only: Option<ClaimId>,
}

impl Default for Options {
    fn default() -> Self {
        Self { seed: 1, max_rows: 60_000, scale: None, runs: 60, only: None }
    }
}

/// How far a verification is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Claims judged so far.
    pub done: usize,
    /// Claims in all.
    pub total: usize,
    /// What is done now, such as a claim's id or `generating rows`.
    pub doing: String,
}
