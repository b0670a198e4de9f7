//! What the documents say about the domain: entities, fields, relationships, life cycles, rules,
//! access patterns and the rest, with names resolved. Stated, inferred and assumed are never mixed
//! up. Build one with [`build`]; walk it through [`Model`]'s methods.
#![deny(clippy::disallowed_methods)]
#![warn(missing_docs)]

mod answer;
mod archetypes;
mod bounds;
mod build;
pub mod codes;
mod default_words;
mod draft;
mod explain;
mod expression;
mod external_types;
mod field_types;
mod ids;
mod later_names;
mod name_words;
mod names;
mod pass;
mod pattern_types;
mod presence;
mod presumptions;
mod protection_words;
mod remark;
mod render;
mod rule;
mod siblings;
mod spans;
mod spoken;
mod sql_text;
#[cfg(test)]
mod test_support;
mod type_references;
mod type_words;
mod types;
mod unit_words;
mod walkers;

pub use answer::{Answer, Answered, build_answered, default_answer, takes, unknown_question};
pub use build::{Assumptions, build, build_with};
pub use name_words::{is_money as is_money_name, is_part_of_money};

pub use explain::{explain, nearest_names};
pub use expression::{Arithmetic, Comparison, Expression, JsonForm, Literal, duration_text};
pub use external_types::*;
pub use field_types::*;
pub use ids::{EntityId, EnumId, ExternalId, FieldId, LifecycleId, PatternId, RuleId};
pub use later_names::{counts_from_zero, is_counter, is_flag_of_later};
pub use pattern_types::*;
pub use presence::{Presumed, is_moment_of_change, is_moment_of_writing};
pub use presumptions::Presumptions;
pub use remark::is_remark;
pub use render::model_text;
pub use rule::binding_parts;
pub use rule::compares_with_past;
pub use rule::counts_changes;
pub use rule::ends::{includes_last_day, lets_touch};
pub use rule::permanence::{Permanence, permanence, without_label};
pub use rule::{
    Above, Across, Arrival, Barring, Beside, Holding, KeptApart, Lasting, NamedEntities, Settled,
};
pub use siblings::is_place;
pub use spoken::spoken_words;
pub use sql_text::{SqlPart, sql_parts};
pub use types::*;
pub use underpin_read::is_participle_of;
pub use unit_words::unit_of_name;
