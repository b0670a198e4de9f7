//! Judges claims: runs the design on a server, generates rows for it, and tries to refute each claim
//! by the probe of its family.
//!
//! Invariant: a probe that could not run says `not run` with the reason, never `proven`.

mod advice;
mod bench;
mod clock;
mod duel;
mod error;
mod fill;
mod foreign;
mod generate;
mod growth;
mod load;
mod mutate;
mod options;
mod probe;
mod query_plan;
mod ranges;
mod ring;
mod solve;
mod trial;
mod verify;
mod workload;

#[cfg(test)]
mod testing;

// What rows are made of is `emit`'s as well.
use underpin_rows::{dice, row, rule, value};

pub use clock::clock;
pub use error::VerifyError;
pub use fill::{Filled, FilledTable, fill, scale};
pub use foreign::{
    Correction, Corrections, Foreign, Judged, MappedEntity, TableHome, Unknown, homes,
    verify_foreign,
};
pub use mutate::{Accepted, Mutated, mutate, necessities};
pub use options::{LoadOptions, Options, Progress};
pub use verify::verify;
