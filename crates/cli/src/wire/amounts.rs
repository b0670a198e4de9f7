//! What the model file says of all rows of an entity, and of the system as a whole. The doc comments here are the
//! descriptions in the published JSON Schema.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::Source;

/// How many rows an entity has and gains.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Volume {
    /// The entity.
    pub(crate) entity: String,
    /// Rows at the start or now.
    pub(crate) rows: Option<f64>,
    /// Rows added in a month.
    pub(crate) growth_per_month: Option<f64>,
    /// As written.
    #[serde(default)]
    pub(crate) text: String,
    /// Where it is stated.
    #[serde(default)]
    pub(crate) source: Source,
}

/// What is said of the load as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Load {
    /// `concurrent_users`, `peak_per_second` or `peak_factor`.
    pub(crate) measure: String,
    /// People, calls in a second, or times the average.
    pub(crate) value: f64,
    /// As written.
    #[serde(default)]
    pub(crate) text: String,
    /// Where it is stated.
    #[serde(default)]
    pub(crate) source: Source,
}

/// Which part of an entity's rows has a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Share {
    /// The entity.
    pub(crate) entity: String,
    /// The field.
    pub(crate) field: String,
    /// One of its values; none where the rows have no value in it.
    pub(crate) value: Option<String>,
    /// Of a hundred rows.
    pub(crate) percent: f64,
    /// As written.
    #[serde(default)]
    pub(crate) text: String,
    /// Where it is stated.
    #[serde(default)]
    pub(crate) source: Source,
}

/// By what the rows of an entity are split among partitions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Partitioning {
    /// The entity.
    pub(crate) entity: String,
    /// `range`, `list` or `hash`.
    pub(crate) method: String,
    /// The fields that tell a row its partition.
    #[serde(default)]
    pub(crate) fields: Vec<String>,
    /// How long a time one holds: `day`, `week`, `month`, `quarter` or `year`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) period: Option<String>,
    /// How many there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) count: Option<u32>,
    /// Those of a list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) partitions: Vec<ListedPartition>,
    /// What becomes of rows that no partition is stated for: `kept` or `refused`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) others: Option<String>,
    /// Whether the primary key may take the fields in, so that it is unique for each of their values only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) widens_key: bool,
    /// As written.
    #[serde(default)]
    pub(crate) text: String,
    /// Where it is stated.
    #[serde(default)]
    pub(crate) source: Source,
}

/// A partition of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct ListedPartition {
    /// Its name, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// The values of its rows.
    pub(crate) values: Vec<String>,
}

/// How long rows are kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Retention {
    /// The entity.
    pub(crate) entity: String,
    /// For how many days, where a number was understood.
    pub(crate) days: Option<u32>,
    /// As written.
    #[serde(default)]
    pub(crate) text: String,
    /// Where it is stated.
    #[serde(default)]
    pub(crate) source: Source,
}

/// Which recovery objective.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Objective {
    /// How much work may be lost (RPO).
    RecoveryPoint,
    /// How long recovery may take (RTO).
    RecoveryTime,
    /// How often a backup is made.
    BackupInterval,
    /// How long backups are kept.
    BackupRetention,
    /// That the state of any moment can be recovered.
    PointInTime,
    /// That a copy lies in another region.
    OtherRegion,
    /// That recovery is tried, and how often.
    RestoreTest,
}

/// What must be recoverable, and how fast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Recovery {
    /// Which objective.
    pub(crate) objective: Objective,
    /// In seconds, where a duration was understood.
    pub(crate) seconds: Option<f64>,
    /// As written.
    #[serde(default)]
    pub(crate) text: String,
    /// Where it is stated.
    #[serde(default)]
    pub(crate) source: Source,
}

/// The entity whose rows are the tenants.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Tenant {
    /// The entity.
    pub(crate) entity: String,
    /// As written.
    #[serde(default)]
    pub(crate) text: String,
    /// Where it is stated.
    #[serde(default)]
    pub(crate) source: Source,
}
