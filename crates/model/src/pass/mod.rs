//! The passes, one file each; `build.rs` lists them in order.

pub(crate) mod archetypes;
pub(crate) mod boundaries;
mod collections;
mod computed;
pub(crate) mod contradictions;
pub(crate) mod deleted_values;
pub(crate) mod drafted;
mod due;
pub(crate) mod entities;
pub(crate) mod enumerations;
pub(crate) mod expectations;
pub(crate) mod external_relationships;
pub(crate) mod externals;
pub(crate) mod facts;
pub(crate) mod fields;
pub(crate) mod indexed_fields;
pub(crate) mod indexes;
mod inferred_field;
pub(crate) mod inheritance;
pub(crate) mod joins;
pub(crate) mod keys;
pub(crate) mod letter_case;
mod letters;
pub(crate) mod lifecycles;
mod lost_rules;
mod marked_references;
pub(crate) mod owners;
pub(crate) mod partitionings;
pub(crate) mod pattern_joins;
pub(crate) mod pattern_merge;
pub(crate) mod pattern_rest;
pub(crate) mod pattern_words;
pub(crate) mod patterns;
mod reference_keys;
pub(crate) mod reference_names;
pub(crate) mod references;
pub(crate) mod relationships;
mod rule_questions;
mod rule_subjects;
mod rule_texts;
pub(crate) mod rules;
mod shared_owners;
pub(crate) mod shared_values;
pub(crate) mod shares;
pub(crate) mod tenants;
pub(crate) mod uniques;
pub(crate) mod units;
pub(crate) mod validation;
pub(crate) mod value_names;
pub(crate) mod weight;

#[cfg(test)]
mod merge_tests;
#[cfg(test)]
mod tests;
