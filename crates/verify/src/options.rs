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
    /// How the stated mix is run, where a size was asked for.
    pub load: LoadOptions,
    /// How often each query is run to be timed.
    pub runs: u32,
    /// Only this claim is judged; the others are `not run`.
    pub only: Option<ClaimId>,
}

/// What may be chosen about a run of the stated mix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadOptions {
    /// For how long the mix runs at its rate, in seconds; each step beyond takes a third of it.
    pub seconds: u32,
    /// How many clients call at a time; as many as rates and objectives ask for where it is `None`.
    pub clients: Option<u32>,
    /// Calls in a second, all together; as stated where it is `None`.
    pub rate: Option<u32>,
    /// The rate is doubled so often at most, to see how much more is kept up.
    pub doublings: u32,
    /// Whether the database stays on a server that was given.
    pub keep: bool,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self { seconds: 6, clients: None, rate: None, doublings: 5, keep: false }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            max_rows: 60_000,
            scale: None,
            load: LoadOptions::default(),
            runs: 60,
            only: None,
        }
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
