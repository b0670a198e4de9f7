//! What the documents say about the domain: entities, fields, relationships, life cycles, rules,
//! access patterns and the rest, with names resolved. Stated, inferred and assumed are never mixed
//! up. Build one with [`build`]; walk it through [`Model`]'s methods.
#![deny(clippy::disallowed_methods)]
#![warn(missing_docs)]

mod build;
pub mod codes;
mod default_words;
mod draft;
mod expression;
mod ids;
mod name_words;
mod names;
mod pass;
mod render;
mod rule;
#[cfg(test)]
mod test_support;
mod type_words;
mod types;

pub use build::build;

pub use expression::{Arithmetic, Comparison, Expression, JsonForm, Literal};
pub use ids::{EntityId, EnumId, FieldId, LifecycleId, PatternId, RuleId};
pub use render::{explain, model_text};
pub use types::*;
