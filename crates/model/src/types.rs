//! The model's arenas and what they hold.

use underpin_base::{Diagnostic, Span};
pub use underpin_read::{
    AccessKind, Bound, EntityKind, FilterOperator, ListedPart, LoadMeasure, OtherRows, Pick,
    RecoveryObjective, SplitMethod, SplitPeriod, TimeUnit, Window, WriteForm,
};

use crate::field_types::{Enumeration, Field, OnDelete};
use crate::{EntityId, Expression, External, ExternalRelationship, FieldId, Pattern, Sort};

/// Where a fact comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// From a document's words.
    Stated,
    /// Derived by a rule, for this reason.
    Inferred(String),
    /// Chosen for want of a statement, for this reason.
    Assumed(String),
}

/// The whole model.
#[derive(Debug, Default)]
pub struct Model {
    /// The project's name; `None` where no document names it.
    pub project: Option<String>,
    /// Entities in order of first mention.
    pub entities: Vec<Entity>,
    /// Fields of all entities.
    pub fields: Vec<Field>,
    /// Named and unnamed lists of values.
    pub enums: Vec<Enumeration>,
    /// Relationships between entities, each pair once per role.
    pub relationships: Vec<Relationship>,
    /// Entities whose rows are rows of another.
    pub inheritances: Vec<Inheritance>,
    /// Entities of other systems that this design refers to.
    pub externals: Vec<External>,
    /// Relationships with them.
    pub external_relationships: Vec<ExternalRelationship>,
    /// Fields whose listed values people maintain while the system runs.
    pub managed: Vec<ManagedValues>,
    /// Life cycles.
    pub lifecycles: Vec<Lifecycle>,
    /// Aggregates.
    pub aggregates: Vec<Aggregate>,
    /// Bounded contexts.
    pub contexts: Vec<Context>,
    /// Which context owns which entity, at most one each, in the order of the entities.
    pub ownerships: Vec<Ownership>,
    /// Rules.
    pub rules: Vec<Rule>,
    /// Access patterns.
    pub patterns: Vec<Pattern>,
    /// Indexes that documents ask for.
    pub indexes: Vec<StatedIndex>,
    /// Volumes.
    pub volumes: Vec<Volume>,
    /// What is said of the load as a whole, each measure once.
    pub load: Vec<StatedLoad>,
    /// Which parts of the rows have which values.
    pub shares: Vec<Share>,
    /// Retention periods.
    pub retentions: Vec<Retention>,
    /// How documents want rows split among partitions, at most one for each entity.
    pub partitionings: Vec<StatedPartitioning>,
    /// The entity whose rows are the tenants.
    pub tenant: Option<Tenant>,
    /// Recovery objectives.
    pub recovery: Vec<Recovery>,
    /// Sentences that bind, of which no rule could be made.
    pub unkept: Vec<UnkeptSentence>,
    /// Sentences that seem to state something, of which nothing was read.
    pub unread: Vec<UnkeptSentence>,
    /// Lines that ask for what no design here has.
    pub unmet: Vec<UnkeptSentence>,
    /// What the documents leave open.
    pub questions: Vec<Question>,
    /// What was chosen for want of a statement.
    pub assumptions: Vec<Assumption>,
    /// What is wrong with the documents taken together.
    pub diagnostics: Vec<Diagnostic>,
}

/// Something that is stored.
#[derive(Debug, Clone)]
pub struct Entity {
    /// Its name in `PascalCase`-like spelling, as first written.
    pub name: String,
    /// Other spellings that were folded into it.
    pub aliases: Vec<String>,
    /// The table's name, where a document gives one.
    pub table: Option<String>,
    /// What sort of thing it is.
    pub kind: EntityKind,
    /// What it is for.
    pub description: Option<String>,
    /// Its fields in order.
    pub fields: Vec<FieldId>,
    /// The fields that identify a row; empty where no document says so.
    pub primary_key: Vec<FieldId>,
    /// Fields that are unique together, besides single unique fields.
    pub unique: Vec<UniqueKey>,
    /// Whether the values of its keys are free again once a row is marked as deleted.
    pub deleted_values: DeletedValues,
    /// Where it comes from.
    pub origin: Origin,
    /// Where it is first stated.
    pub source: Span,
}

/// What documents say of the values of rows that are marked as deleted: whether they are free again.
#[derive(Debug, Clone, Default)]
pub struct DeletedValues {
    /// Of all values; `None` where no document says.
    pub all: Option<bool>,
    /// Of the values of one field alone.
    pub of: Vec<(FieldId, bool)>,
}

impl DeletedValues {
    /// Whether the values of a key of these fields are free again; `None` where no document says.
    pub fn free(&self, fields: &[FieldId]) -> Option<bool> {
        let own = self.of.iter().find(|(field, _)| fields.contains(field));
        own.map(|(_, free)| *free).or(self.all)
    }
}

/// Fields that are unique together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UniqueKey {
    /// The fields in order.
    pub fields: Vec<FieldId>,
    /// Among which rows; all where it is `None`.
    pub condition: Option<Expression<FieldId>>,
    /// As written.
    pub text: String,
    /// Where it is stated.
    pub source: Span,
}

/// An entity whose rows are rows of another: a car is a vehicle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inheritance {
    /// The special entity.
    pub entity: EntityId,
    /// The general one.
    pub base: EntityId,
    /// The field of [`Self::entity`] that is its key and the key of the row of [`Self::base`]; `None` where nothing is
    /// said of the special rows, so that they need no table.
    pub key: Option<FieldId>,
    /// The field of [`Self::entity`] that repeats which kind of row it is.
    pub kind: Option<FieldId>,
    /// The field of [`Self::base`] that says which kind a row is, and the value of this one.
    pub discriminator: Option<(FieldId, String)>,
    /// Where it is stated.
    pub source: Span,
}

/// A field whose listed values people maintain while the system runs: those that documents list are the first of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagedValues {
    /// The field.
    pub field: FieldId,
    /// As written.
    pub text: String,
    /// Where it is stated.
    pub source: Span,
}

/// How two entities relate; for `1:N`, `from` is the one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relationship {
    /// One end.
    pub from: EntityId,
    /// The other end.
    pub to: EntityId,
    /// How many of one belong to how many of the other.
    pub cardinality: Cardinality,
    /// Whether every row of `to` has its `from`.
    pub from_required: Option<bool>,
    /// What is said of deletion.
    pub on_delete: Option<OnDelete>,
    /// The entity that joins them, for a many-to-many that has one.
    pub through: Option<EntityId>,
    /// The field of `to` that holds the reference, where there is one.
    pub field: Option<FieldId>,
    /// The word on the line.
    pub label: Option<String>,
    /// Where it comes from.
    pub origin: Origin,
    /// Where it is first stated.
    pub source: Span,
}

/// How many of one belong to how many of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cardinality {
    /// One to one.
    OneToOne,
    /// One to many.
    OneToMany,
    /// Many to many.
    ManyToMany,
}

impl Cardinality {
    /// `1:1`, `1:N` or `N:M`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OneToOne => "1:1",
            Self::OneToMany => "1:N",
            Self::ManyToMany => "N:M",
        }
    }
}

/// The states of an entity and how they follow each other.
#[derive(Debug, Clone)]
pub struct Lifecycle {
    /// The entity.
    pub entity: EntityId,
    /// The field that holds the state.
    pub field: FieldId,
    /// States in order of appearance.
    pub states: Vec<String>,
    /// The state that a row is born in; `None` where it may be any.
    pub initial: Option<String>,
    /// Whether a document says that rows begin there; a default, or a state that nothing leads to,
    /// says less.
    pub initial_stated: bool,
    /// What may follow what; nothing else may, unless there are none.
    pub transitions: Vec<Transition>,
    /// Steps of which single sentences tell, where they do not lead to all states: there are others, and none is
    /// refused.
    pub told: Vec<Transition>,
    /// Where it is first stated.
    pub source: Span,
}

impl Lifecycle {
    /// States without a way out.
    pub fn terminal(&self) -> impl Iterator<Item = &str> {
        self.states
            .iter()
            .map(String::as_str)
            .filter(|state| !self.transitions.iter().any(|t| t.from == **state))
    }
}

/// One state may follow another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// The state before.
    pub from: String,
    /// The state after.
    pub to: String,
    /// What causes it.
    pub on: Option<String>,
    /// Where it is stated.
    pub source: Span,
}

/// Entities that change together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aggregate {
    /// The entity that guards the others.
    pub root: EntityId,
    /// The others.
    pub members: Vec<EntityId>,
}

/// A bounded context or backend system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Its name.
    pub name: String,
    /// The backend system that implements it.
    pub backend: Option<String>,
    /// What it owns.
    pub entities: Vec<EntityId>,
    /// Where it is stated, the first place first.
    pub sources: Vec<Span>,
}

/// An entity and the one context that owns it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ownership {
    /// The entity.
    pub entity: EntityId,
    /// The context: its index in [`Model::contexts`].
    pub context: usize,
    /// Whether a document lists it there, or why it belongs there.
    pub origin: Origin,
    /// The place that it rests on.
    pub source: Option<Span>,
}

/// A rule about the values of a row, or about more than one row.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The entity that it concerns.
    pub entity: EntityId,
    /// The field, where it stands in that field's row.
    pub field: Option<FieldId>,
    /// As written.
    pub text: String,
    /// What it says of one row, where that was understood.
    pub expression: Option<Expression<FieldId>>,
    /// Where the rule ended up otherwise (a unique key, a reference, a required field): what it
    /// became, in words; `None` for a rule that only its text keeps.
    pub became: Option<String>,
    /// SQL of a CHECK that the document gives and that was not understood as an expression.
    pub sql: Option<String>,
    /// Where it is stated.
    pub source: Span,
}

/// An index that a document asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedIndex {
    /// The entity.
    pub entity: EntityId,
    /// The name that the document gives it.
    pub name: Option<String>,
    /// Fields in order.
    pub columns: Vec<Sort>,
    /// Whether it is said to be unique.
    pub unique: bool,
    /// What it is for.
    pub purpose: Option<String>,
    /// Where it is stated.
    pub source: Span,
}

/// How many rows an entity has and gains.
#[derive(Debug, Clone, PartialEq)]
pub struct Volume {
    /// The entity.
    pub entity: EntityId,
    /// Rows at the start or now.
    pub rows: Option<f64>,
    /// Rows added in a month.
    pub growth_per_month: Option<f64>,
    /// As written.
    pub text: String,
    /// Where it is stated.
    pub source: Span,
}

/// What documents say of the load as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct StatedLoad {
    /// Which measure.
    pub measure: LoadMeasure,
    /// People, calls in a second, or times the average.
    pub value: f64,
    /// As written.
    pub text: String,
    /// Where it is stated.
    pub source: Span,
}

/// Which part of an entity's rows has a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    /// The entity.
    pub entity: EntityId,
    /// The field.
    pub field: FieldId,
    /// One of the field's values, `true` or `false` for a mark; `None` where the rows have no value in the field.
    pub value: Option<String>,
    /// Of a hundred rows.
    pub percent: f64,
    /// As written.
    pub text: String,
    /// Where it is stated.
    pub source: Span,
}

/// How documents want the rows of an entity split among partitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedPartitioning {
    /// The entity.
    pub entity: EntityId,
    /// By what a row is told its partition.
    pub method: SplitMethod,
    /// The fields that tell it; empty where no document names one.
    pub fields: Vec<FieldId>,
    /// How long a time one partition holds.
    pub period: Option<SplitPeriod>,
    /// How many partitions there are.
    pub count: Option<u32>,
    /// The partitions of a list; empty where each value of the field has its own.
    pub lists: Vec<ListedPart>,
    /// What becomes of rows that no partition is stated for.
    pub others: Option<OtherRows>,
    /// Whether the primary key may take the fields in, so that it is unique for each of their values only.
    pub widens_key: bool,
    /// As written.
    pub text: String,
    /// Where it is stated.
    pub source: Span,
}

/// How long rows are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// The entity.
    pub entity: EntityId,
    /// For how many days, where a number was understood.
    pub days: Option<u32>,
    /// As written.
    pub text: String,
    /// Where it is stated.
    pub source: Span,
}

/// A sentence that binds and was not understood, or that names nothing of the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnkeptSentence {
    /// As written.
    pub text: String,
    /// Where it stands.
    pub source: Span,
}

impl Retention {
    /// Whether the documents say that rows stay for ever.
    pub fn is_without_limit(&self) -> bool {
        self.days.is_none() && underpin_read::is_without_limit(&self.text)
    }
}

/// The entity whose rows are the tenants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// The entity.
    pub entity: EntityId,
    /// As written.
    pub text: String,
    /// Where it is stated.
    pub source: Span,
}

/// What must be recoverable, and how fast.
#[derive(Debug, Clone, PartialEq)]
pub struct Recovery {
    /// Which objective.
    pub objective: RecoveryObjective,
    /// In seconds, where a duration was understood.
    pub seconds: Option<f64>,
    /// As written.
    pub text: String,
    /// Where it is stated.
    pub source: Span,
}

/// What the documents leave open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Stable from run to run: made of the subject and the kind of question.
    pub id: String,
    /// What it is about, such as `Order.total`.
    pub subject: String,
    /// The question.
    pub text: String,
    /// What was assumed meanwhile.
    pub assumed: String,
    /// The place that it arose from.
    pub source: Option<Span>,
}

/// What was chosen for want of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assumption {
    /// Stable from run to run.
    pub id: String,
    /// What it is about.
    pub subject: String,
    /// What was assumed.
    pub text: String,
    /// Why.
    pub reason: String,
}
