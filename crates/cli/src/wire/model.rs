//! The model file: `underpin.yaml`, and what `underpin model --format json` prints. The doc comments here are the
//! descriptions in the published JSON Schema.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_base::{Sources, Span};

pub(crate) use super::access_pattern::AccessPattern;
pub(crate) use super::amounts::{
    ListedPartition, Load, Objective, Partitioning, Recovery, Retention, Share, Tenant, Volume,
};
pub(crate) use super::remark::{Assumption, Coverage, Diagnostic, Question};

/// What the documents say about the domain, as Underpin read it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Underpin model")]
pub(crate) struct ModelFile {
    /// The project's name; null where no document names it.
    pub(crate) project: Option<String>,
    /// A person's answers to the questions below, by their ids.
    #[serde(default)]
    pub(crate) answers: BTreeMap<String, AnswerText>,
    /// What is stored, in order of first mention.
    #[serde(default)]
    pub(crate) entities: Vec<Entity>,
    /// Entities of other systems that relationships and fields of this model name: nothing of them is stored here.
    #[serde(default)]
    pub(crate) external_entities: Vec<ExternalEntity>,
    /// Named lists of values, and those of single fields (named `Entity.field`).
    #[serde(default)]
    pub(crate) enums: Vec<Enumeration>,
    /// How entities relate, each pair once per role.
    #[serde(default)]
    pub(crate) relationships: Vec<Relationship>,
    /// The states of entities and how they follow each other.
    #[serde(default)]
    pub(crate) lifecycles: Vec<Lifecycle>,
    /// Entities that change together.
    #[serde(default)]
    pub(crate) aggregates: Vec<Aggregate>,
    /// Bounded contexts and backend systems.
    #[serde(default)]
    pub(crate) contexts: Vec<Context>,
    /// Rules about the values of rows.
    #[serde(default)]
    pub(crate) rules: Vec<Rule>,
    /// The queries and writes that the application makes.
    #[serde(default)]
    pub(crate) access_patterns: Vec<AccessPattern>,
    /// Indexes that documents ask for.
    #[serde(default)]
    pub(crate) indexes: Vec<Index>,
    /// How many rows there are and become.
    #[serde(default)]
    pub(crate) volumes: Vec<Volume>,
    /// How many use the system at a time, and what is called at its peak.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) load: Vec<Load>,
    /// Which parts of the rows have which values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) shares: Vec<Share>,
    /// How long rows are kept.
    #[serde(default)]
    pub(crate) retention: Vec<Retention>,
    /// By what the rows of entities are split among partitions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) partitionings: Vec<Partitioning>,
    /// What must be recoverable, and how fast.
    #[serde(default)]
    pub(crate) recovery: Vec<Recovery>,
    /// The entity whose rows are the tenants.
    pub(crate) tenant: Option<Tenant>,
    /// What the documents leave open, with the answer that was assumed.
    #[serde(default)]
    pub(crate) questions: Vec<Question>,
    /// What was chosen for want of a statement.
    #[serde(default)]
    pub(crate) assumptions: Vec<Assumption>,
    /// What is wrong with the documents, and what in them was not understood.
    #[serde(default)]
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// How much of each document was understood.
    #[serde(default)]
    pub(crate) coverage: Vec<Coverage>,
    /// Digests of what the documents said when the file was last written, by which edits are told from their changes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) written: BTreeMap<String, String>,
}

/// An answer: a word, a number, or a list of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum AnswerText {
    /// Yes or no.
    Flag(bool),
    /// A number.
    Number(f64),
    /// Words.
    Text(String),
    /// Several words.
    List(Vec<String>),
}

/// A place in a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
pub(crate) struct Source {
    /// The document's path, as it was given.
    #[serde(default)]
    pub(crate) document: String,
    /// The line, from 1.
    #[serde(default)]
    pub(crate) line: u32,
}

impl Source {
    /// The place of a span.
    pub(crate) fn of(span: Span, sources: &Sources) -> Self {
        let place = sources.location(span);
        Self { document: place.document, line: place.line }
    }
}

/// Where a fact comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Origin {
    /// From a document's words.
    #[default]
    Stated,
    /// Derived by a rule.
    Inferred,
    /// Chosen for want of a statement.
    Assumed,
}

/// What sort of thing an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EntityKind {
    /// Has an identity of its own.
    #[default]
    Entity,
    /// Has none; lives inside others.
    ValueObject,
    /// Joins others, many to many.
    Join,
}

/// Something that is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Entity {
    /// Its name, as first written.
    pub(crate) name: String,
    /// What sort of thing it is.
    #[serde(default)]
    pub(crate) kind: EntityKind,
    /// Other spellings that were folded into it.
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    /// The table's name, where a document gives one.
    pub(crate) table: Option<String>,
    /// What it is for.
    pub(crate) description: Option<String>,
    /// Its fields in order.
    #[serde(default)]
    pub(crate) fields: Vec<Field>,
    /// The fields that identify a row; empty where no document says so.
    #[serde(default)]
    pub(crate) primary_key: Vec<String>,
    /// Fields that are unique together.
    #[serde(default)]
    pub(crate) unique: Vec<UniqueKey>,
    /// Where it comes from.
    #[serde(default)]
    pub(crate) origin: Origin,
    /// Why it was inferred or assumed.
    pub(crate) reason: Option<String>,
    /// Where it is first stated.
    #[serde(default)]
    pub(crate) source: Source,
}

/// An entity that documents refer to and none describes: it lives in another system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct ExternalEntity {
    /// Its name, as first written.
    pub(crate) name: String,
    /// Other spellings that were folded into it.
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    /// Where it comes from.
    #[serde(default)]
    pub(crate) origin: Origin,
    /// Why it was inferred or assumed.
    pub(crate) reason: Option<String>,
    /// Where it is first named.
    #[serde(default)]
    pub(crate) source: Source,
}

/// Fields that are unique together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct UniqueKey {
    /// The fields in order.
    #[serde(default)]
    pub(crate) fields: Vec<String>,
    /// Among which rows; null for all.
    pub(crate) condition: Option<String>,
    /// As written.
    #[serde(default)]
    pub(crate) text: String,
    /// Where it is stated.
    #[serde(default)]
    pub(crate) source: Source,
}

/// A property of an entity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Field {
    /// Its name, as first written.
    pub(crate) name: String,
    /// What values it holds: `uuid`, `integer`, `decimal(10,2)`, `money(12,2)`, `text(120)`, `enum`, `list of text`,
    /// ...; `unknown` where no document says.
    #[serde(rename = "type")]
    #[serde(default)]
    pub(crate) kind: String,
    /// The type's words in the document.
    pub(crate) type_text: Option<String>,
    /// Whether a value must be there; null where no document says.
    pub(crate) required: Option<bool>,
    /// False where only a relationship that the field carries says so: nothing follows for the fields beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) marked: Option<bool>,
    /// Whether no two rows may share a value.
    #[serde(default)]
    pub(crate) unique: bool,
    /// Whether it is the key, or a part of it.
    #[serde(default)]
    pub(crate) primary_key: bool,
    /// The values that it may take; null where they are not listed.
    pub(crate) enum_values: Option<Vec<String>>,
    /// What it refers to, as `Entity.field`; the entity may be one of `external_entities`.
    pub(crate) references: Option<String>,
    /// The value that it takes when none is given.
    pub(crate) default: Option<String>,
    /// Rules about it, as written.
    #[serde(default)]
    pub(crate) rules: Vec<String>,
    /// `personal`, `secret`, `financial`, ..., where a document says so.
    pub(crate) sensitivity: Option<String>,
    /// What its values are counted in (`cents`, `minutes`, `percent`), or the standard that they follow (`E.164`,
    /// `ISO 4217`), where a document says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) unit: Option<String>,
    /// What it means.
    pub(crate) description: Option<String>,
    /// Whether it was chosen for want of a statement.
    #[serde(default)]
    pub(crate) assumed: bool,
    /// Where it comes from.
    #[serde(default)]
    pub(crate) origin: Origin,
    /// Why it was inferred or assumed.
    pub(crate) reason: Option<String>,
    /// Where it is first stated.
    #[serde(default)]
    pub(crate) source: Source,
}

/// A list of values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Enumeration {
    /// The name.
    pub(crate) name: String,
    /// The values in order.
    #[serde(default)]
    pub(crate) values: Vec<String>,
}

/// How two entities relate; for `1:N`, `from` is the one side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Relationship {
    /// One end; either end may be one of `external_entities`.
    pub(crate) from: String,
    /// The other end.
    pub(crate) to: String,
    /// `1:1`, `1:N` or `N:M`.
    #[serde(default)]
    pub(crate) cardinality: String,
    /// Whether every row of `to` has its `from`; null where no document says.
    pub(crate) from_required: Option<bool>,
    /// What happens to `to` when `from` goes: `cascade`, `restrict` or `set null`.
    pub(crate) on_delete: Option<String>,
    /// The entity that joins them, for a many-to-many that has one.
    pub(crate) through: Option<String>,
    /// The field that holds the reference, as `Entity.field`.
    pub(crate) field: Option<String>,
    /// The word on the line.
    pub(crate) label: Option<String>,
    /// Where it comes from.
    #[serde(default)]
    pub(crate) origin: Origin,
    /// Why it was inferred or assumed.
    pub(crate) reason: Option<String>,
    /// Where it is first stated.
    #[serde(default)]
    pub(crate) source: Source,
}

/// The states of an entity and how they follow each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Lifecycle {
    /// The entity.
    pub(crate) entity: String,
    /// The field that holds the state.
    pub(crate) field: String,
    /// States in order of appearance.
    #[serde(default)]
    pub(crate) states: Vec<String>,
    /// The state that a row is born in; null where no document says.
    pub(crate) initial: Option<String>,
    /// What may follow what, and nothing else may; of steps that are `inferred` there are others.
    #[serde(default)]
    pub(crate) transitions: Vec<Transition>,
    /// Where it is first stated.
    #[serde(default)]
    pub(crate) source: Source,
}

/// One state may follow another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Transition {
    /// The state before.
    pub(crate) from: String,
    /// The state after.
    pub(crate) to: String,
    /// What causes it.
    pub(crate) on: Option<String>,
    /// Missing where it is one of all the steps there are; `inferred` where a sentence tells of it among others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) origin: Option<Origin>,
    /// Where it is stated.
    #[serde(default)]
    pub(crate) source: Source,
}

/// Entities that change together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Aggregate {
    /// The entity that guards the others.
    pub(crate) root: String,
    /// The others.
    #[serde(default)]
    pub(crate) members: Vec<String>,
}

/// A bounded context or backend system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Context {
    /// Its name.
    pub(crate) name: String,
    /// The backend system that implements it.
    pub(crate) backend: Option<String>,
    /// What it owns.
    #[serde(default)]
    pub(crate) entities: Vec<String>,
}

/// A rule about the values of a row, or about more than one row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Rule {
    /// The entity that it concerns.
    pub(crate) entity: String,
    /// The field, where it stands in that field's row.
    pub(crate) field: Option<String>,
    /// As written.
    pub(crate) text: String,
    /// What it says of one row; null where that was not understood.
    pub(crate) expression: Option<String>,
    /// What it became, where it is enforced otherwise: a unique key, a reference, a required field.
    pub(crate) became: Option<String>,
    /// Where it is stated.
    #[serde(default)]
    pub(crate) source: Source,
}

/// Whether a pattern reads or writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AccessKind {
    /// Reads.
    #[default]
    Read,
    /// Inserts, updates or deletes.
    Write,
}

/// One condition of an access pattern.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Condition {
    /// The field, as `Entity.field`.
    pub(crate) field: String,
    /// How it is compared.
    pub(crate) operator: Operator,
    /// The value, where the document fixes one, or the stretch of time.
    pub(crate) value: Option<String>,
    /// The values, where the document fixes several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) values: Vec<String>,
    /// Whether a call may leave it out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) optional: bool,
}

/// How a filter compares a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Operator {
    /// With one given value.
    Equals,
    /// With a lower and an upper bound.
    Range,
    /// With a lower bound that is included.
    AtLeast,
    /// With a lower bound that is not included.
    MoreThan,
    /// With an upper bound that is included.
    AtMost,
    /// With an upper bound that is not included.
    LessThan,
    /// With an upper bound that is not included, or that there is no value: what was not done since that moment.
    NotSince,
    /// With the stretch of time by the clock that `value` names: `last 30 days`, `next 7 days`, `this month`, `previous day`,
    /// `next day`.
    Within,
    /// With any of several given values.
    In,
    /// With a value that the document fixes.
    Constant,
    /// With several values that the document fixes, any of which will do.
    OneOf,
    /// With values that the document fixes, none of which it may be.
    NoneOf,
    /// That there is none.
    IsNull,
    /// That there is one.
    IsPresent,
    /// By words.
    Search,
    /// By the letters with which it begins, whatever their case.
    Begins,
    /// By letters anywhere in it, whatever their case.
    Part,
    /// JSON containment.
    Contains,
}

/// An index that a document asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Index {
    /// The entity.
    pub(crate) entity: String,
    /// The name that the document gives it.
    pub(crate) name: Option<String>,
    /// Its columns: `field` or `field desc`.
    #[serde(default)]
    pub(crate) columns: Vec<String>,
    /// Whether it is said to be unique.
    #[serde(default)]
    pub(crate) unique: bool,
    /// What it is for.
    pub(crate) purpose: Option<String>,
    /// Where it is stated.
    #[serde(default)]
    pub(crate) source: Source,
}
