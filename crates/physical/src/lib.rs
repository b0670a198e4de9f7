//! The logical design to a PostgreSQL schema, its queries, the operational plans and the claims.
//!
//! [`design`] runs the rules of `rule/` in a listed order; each records why it chose what it chose.
#![deny(clippy::disallowed_methods)]

mod answer;
mod condition;
mod design;
mod explain;
mod growth;
mod names;
mod render;
mod retention;
mod rule;
mod types;

pub use answer::Answer;
pub use design::{design, rules};
pub use explain::{Explanation, SubjectKind, explain};
pub use growth::growth_claims;
pub use render::physical_text;
pub use retention::{keeps_the_row, moments, period};
pub use rule::CODES;
pub use types::{
    CheckDesign, CheckPurpose, ContextDesign, ExclusionDesign, Growth, GuardDesign, GuardPurpose,
    IndexDesign, LimitDesign, MachineDesign, OwnerStateDesign, Parameter, ParameterRole,
    PartitionDesign, PhysicalDesign, Plans, Query, TableDesign,
};
