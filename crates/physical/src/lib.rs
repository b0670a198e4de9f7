//! The logical design to a PostgreSQL schema, its queries, the operational plans and the claims.
#![deny(clippy::disallowed_methods)]

mod types;

pub use types::{
    CheckDesign, CheckPurpose, Growth, IndexDesign, MachineDesign, Parameter, ParameterRole,
    PhysicalDesign, Plans, Query, TableDesign,
};
