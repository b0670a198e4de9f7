//! The logical design to a PostgreSQL schema, its queries, the operational plans and the claims.
//!
//! [`design`] runs the rules of `rule/` in a listed order; each records why it chose what it chose.
#![deny(clippy::disallowed_methods)]

mod answer;
mod condition;
mod design;
mod explain;
mod growth;
mod load;
mod names;
mod render;
mod retention;
mod rule;
mod share;
mod table_designs;
mod types;
mod worth;

pub use answer::Answer;
pub use design::{design, rules};
pub use explain::{Explanation, SubjectKind, explain};
pub use growth::growth_claims;
pub use load::{LoadMix, LoadScript, load_claims, load_mix};
pub use render::physical_text;
pub use retention::{arrival, keeps_the_row, moments, period, states};
pub use rule::CODES;
pub use share::{ShareDesign, share_claims};
pub use table_designs::TableDesigns;
pub use types::{
    CheckDesign, CheckPurpose, ContextDesign, DefaultPartition, ExclusionDesign, Growth,
    GuardDesign, GuardPurpose, HoldDesign, IndexDesign, LimitDesign, MachineDesign,
    OwnerBoundDesign, OwnerStateDesign, Parameter, ParameterRole, PartitionDesign, PartitionScheme,
    PhysicalDesign, Plans, Query, QueryWindow, StatedLoad, TableDesign,
};
pub use worth::{MORE_BLOCKS, MORE_TIME, worth_claims};
