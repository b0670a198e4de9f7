//! What the documents say about the domain: entities, fields, relationships, life cycles, rules,
//! access patterns and the rest, with names resolved. Stated, inferred and assumed are never mixed
//! up. Build one with [`build`]; walk it through [`Model`]'s methods.
#![deny(clippy::disallowed_methods)]
#![warn(missing_docs)]

mod expression;
mod ids;
mod types;

pub use expression::{Arithmetic, Comparison, Expression, Literal};
pub use ids::{EntityId, EnumId, FieldId, LifecycleId, PatternId, RuleId};
pub use types::*;
