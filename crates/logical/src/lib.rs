//! The model to relations, keys, references and invariants. Knows no PostgreSQL.
//!
//! [`design`] runs the rules of `rule/` in a listed order; each records why it chose what it chose.
#![deny(clippy::disallowed_methods)]

mod asked;
mod decision;
mod design;
mod render;
mod rule;
mod types;

pub use asked::{asked_in_states, cleared_by_steps};
pub use decision::{Decision, DecisionId};
pub use design::design;
pub use render::logical_text;
pub use rule::CODES;
pub use rule::soft_deletion::deletion_mark;
pub use types::{
    Attribute, AttributeId, Context, ContextId, Held, Hold, Invariant, Limit, LimitBound,
    LogicalDesign, Machine, OwnerBound, OwnerState, Permanence, Reference, Relation, RelationId,
    RelationKind, Separation, Tree, UniqueKey,
};
