//! Chooses indexes for a workload: candidates from what the queries ask, costs from PostgreSQL's own planner over a
//! what-if interface, and a search over what those plans have taught.
//!
//! Invariant: pure. Whoever has a server implements [`Planner`]; no file, no clock, no connection here. An index that is
//! recommended names the statements that it serves.
//!
//! The way of a workload: [`Plan`] of each statement without indexes → [`needs`] of its tables → `candidates` →
//! `explore` asks the planner which of them it would use, and takes those away again to see the next best →
//! `search` recombines what all plans used under the budget → the set is tried, its neighbours are priced, and
//! so on until nothing gets better or the time is over ([`select`]).
#![deny(clippy::disallowed_methods)]
#![expect(
    clippy::cast_precision_loss,
    reason = "counts and sizes become costs, which are estimates of few digits"
)]

mod advisor;
mod burden;
mod candidates;
mod condition;
mod existing;
mod explore;
mod facts;
mod generate;
mod generate_searched;
mod hope;
mod knowledge;
mod needs;
mod neighbours;
mod options;
mod outcome;
mod parameters;
mod plan;
mod planner;
mod search;
mod spec;
mod state;
mod writes;

pub use advisor::{Selection, Statement, select};
pub use candidates::{CandidateId, Candidates};
pub use condition::{Fixed, Searched};
pub use existing::{ExistingRemark, Remark, remarks};
pub use facts::{
    ColumnFacts, ExistingIndex, Facts, ForeignKeyFacts, Settings, TableFacts, common_values,
};
pub use generate_searched::wants_made;
pub use needs::{Need, Needs, Role, needs};
pub use options::{Methods, Options};
pub use outcome::{Advice, Chosen, QueryOutcome, score};
pub use parameters::{Rewritten, rewrite};
pub use plan::{Node, Plan};
pub use planner::{Explained, PlanError, Planner};
pub use spec::{Indexed, KeyPart, Spec};
pub use writes::{Write, WriteKind, write_of};
