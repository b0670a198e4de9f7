//! Access patterns in the model file. The doc comments here are descriptions in the published JSON Schema.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{AccessKind, Condition, Source};

/// A query or write that the application makes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct AccessPattern {
    /// A name that is unique in the model.
    pub(crate) name: String,
    /// As the document names it.
    #[serde(default)]
    pub(crate) text: String,
    /// Whether it reads or writes.
    #[serde(default)]
    pub(crate) kind: AccessKind,
    /// The entity that it is about.
    pub(crate) entity: String,
    /// Further entities that it needs.
    #[serde(default)]
    pub(crate) joins: Vec<String>,
    /// The fields that it goes by: those that rows are found by, and those that they are gathered by; or the document's words
    /// for a role, a range or what is not known.
    #[serde(default)]
    pub(crate) filter: Vec<String>,
    /// The known ones with how each is compared.
    #[serde(default)]
    pub(crate) conditions: Vec<Condition>,
    /// Words of the document that ask for something and became no part of it. Take them out once the rest says it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) unread: Vec<String>,
    /// What it computes of the rows instead of reading them: `count`, or `sum of amount`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) measures: Vec<String>,
    /// What it gathers the rows by before that: `status`, or `month of created_at`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) groups: Vec<String>,
    /// Its order: `field` or `field desc`.
    #[serde(default)]
    pub(crate) sort: Vec<String>,
    /// Rows wanted at once.
    pub(crate) limit: Option<u32>,
    /// Which rows it gives of those that it finds, where that is not all of them: `first of each`, `nearest`, `below`, `above`,
    /// `page number`, `most`, `fewest`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pick: Option<String>,
    /// What it does to its rows, where it writes: `add`, `add many`, `add or change` (the one that has its key), `add or change many`,
    /// `change`, `delete`, `take` (the next of a queue, past those that another worker holds).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) form: Option<String>,
    /// How often, as written.
    pub(crate) frequency: Option<String>,
    /// Calls in a second, where a number was understood.
    pub(crate) per_second: Option<f64>,
    /// The latency objective in milliseconds.
    pub(crate) latency_ms: Option<f64>,
    /// How old a result may be, in seconds.
    pub(crate) staleness_s: Option<f64>,
    /// SQL that the document gives.
    pub(crate) sql: Option<String>,
    /// Where it is stated.
    #[serde(default)]
    pub(crate) source: Source,
}
