//! The model to relations, keys, references and invariants. Knows no PostgreSQL.
#![deny(clippy::disallowed_methods)]

mod decision;
mod types;

pub use decision::{Decision, DecisionId};
pub use types::{
    Attribute, AttributeId, Invariant, LogicalDesign, Machine, Reference, Relation, RelationId,
    RelationKind, UniqueKey,
};
