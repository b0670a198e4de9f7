//! A statement: one fact that a document states, with the place where it stands. Names are as the
//! document spells them; resolving them is the model's work.

use underpin_base::Span;

use crate::{PartitioningFact, Window, WriteForm};

/// One fact with its source.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The fact.
    pub fact: Fact,
    /// Where it stands.
    pub span: Span,
    /// The notation that read it, such as `field-table`.
    pub notation: &'static str,
    /// Why the fact follows from the words, where it is not what they say; `None` for stated facts.
    pub inferred: Option<String>,
    /// Why the fact was chosen, where no words say it or imply it.
    pub assumed: Option<String>,
    /// The place in a draft that the fact was taken from; `span` is then that of its quote, if it has
    /// one.
    pub drafted: Option<Span>,
}

impl Statement {
    /// Whether the words say it: it was neither inferred nor assumed.
    pub const fn is_stated(&self) -> bool {
        self.inferred.is_none() && self.assumed.is_none()
    }
}

/// What a document can say.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// The project's name.
    Project {
        /// As a title names it.
        name: String,
    },
    /// Something that is stored.
    Entity(EntityFact),
    /// Something that is referred to and lives in another system.
    External {
        /// As spelled, perhaps with a schema: `auth.users`.
        name: String,
    },
    /// A property of an entity.
    Field {
        /// The entity, as spelled at this place.
        entity: String,
        /// The property.
        field: FieldFact,
    },
    /// A named list of values.
    Enumeration {
        /// The list's name.
        name: String,
        /// Its values in order.
        values: Vec<String>,
    },
    /// How two entities relate.
    Relationship(RelationshipFact),
    /// Fields that identify a row.
    PrimaryKey {
        /// The entity.
        entity: String,
        /// The fields in order.
        fields: Vec<String>,
    },
    /// Fields that are unique together.
    Unique {
        /// The entity.
        entity: String,
        /// The fields in order.
        fields: Vec<String>,
        /// Among which rows, in the document's words or SQL; all rows where it is `None`.
        condition: Option<String>,
        /// The sentence that says so, where it is kept; the model's own words where it is `None`.
        text: Option<String>,
    },
    /// An entity has a life cycle. States may also become known from transitions alone.
    Lifecycle {
        /// The entity.
        entity: String,
        /// The field that holds the state, where it is named.
        field: Option<String>,
        /// States in order of appearance; may be empty.
        states: Vec<String>,
        /// The state that a row is born in.
        initial: Option<String>,
    },
    /// A state may follow another.
    Transition {
        /// The entity.
        entity: String,
        /// The field that holds the state, where it is named.
        field: Option<String>,
        /// The state before.
        from: String,
        /// The state after.
        to: String,
        /// What causes it.
        on: Option<String>,
    },
    /// A rule about the values of one row or of several.
    Rule {
        /// The entity, where the place names one.
        entity: Option<String>,
        /// The field, where the place is that field's row or bullet.
        field: Option<String>,
        /// The rule as written.
        text: String,
    },
    /// Entities that change together.
    Aggregate {
        /// The entity that guards the others.
        root: String,
        /// The others.
        members: Vec<String>,
    },
    /// A bounded context or backend system with what it owns.
    Context {
        /// Its name.
        name: String,
        /// The backend system that implements it.
        backend: Option<String>,
        /// What it owns.
        entities: Vec<String>,
    },
    /// A query or write that the application makes.
    AccessPattern(PatternFact),
    /// An index that a document asks for.
    Index(IndexFact),
    /// How many rows there are and become.
    Volume {
        /// The entity.
        entity: String,
        /// Rows at the start or now.
        rows: Option<f64>,
        /// Rows added in a month.
        growth_per_month: Option<f64>,
        /// As written.
        text: String,
    },
    /// How many use the system at a time, or what is called at its peak.
    Load {
        /// Which of them.
        measure: LoadMeasure,
        /// People, calls in a second, or times the average.
        value: f64,
        /// As written.
        text: String,
    },
    /// Which part of the rows has a value.
    Share {
        /// The entity.
        entity: String,
        /// The field, where it is named.
        field: Option<String>,
        /// The value, as written; `None` where the rows have none in the field.
        value: Option<String>,
        /// Of a hundred rows.
        percent: f64,
        /// As written.
        text: String,
    },
    /// How long rows are kept.
    Retention {
        /// The entity.
        entity: String,
        /// For how many days; `None` where no number was understood.
        days: Option<u32>,
        /// As written, with what happens then.
        text: String,
    },
    /// How the rows of an entity are split among partitions.
    Partitioning(PartitioningFact),
    /// A field holds personal or secret data.
    Sensitivity {
        /// The entity.
        entity: String,
        /// The field.
        field: String,
        /// Such as `personal`, `secret`, `financial`.
        category: String,
    },
    /// What the values of a field are counted in, or the standard that they follow.
    Unit {
        /// The entity.
        entity: String,
        /// The field.
        field: String,
        /// Such as `cents`, `minutes`, `percent`, `E.164`.
        unit: String,
    },
    /// Each row of most entities belongs to one row of this one.
    Tenancy {
        /// The entity whose rows are the tenants.
        tenant: String,
        /// As written.
        text: String,
    },
    /// A noun that may name something that is stored: a sentence suggests it, none says it.
    Candidate {
        /// As spelled, in the singular.
        noun: String,
        /// The words that suggest it.
        text: String,
    },
    /// What must be recoverable, and how fast.
    Recovery {
        /// Which objective.
        objective: RecoveryObjective,
        /// In seconds, where a duration was understood.
        seconds: Option<f64>,
        /// As written.
        text: String,
    },
}

/// What sort of thing an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntityKind {
    /// Has an identity of its own.
    Entity,
    /// Has none; lives inside others.
    ValueObject,
    /// Joins others, many to many.
    Join,
}

/// That an entity exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityFact {
    /// As spelled here, without numbering and suffixes such as "(Aggregate Root)".
    pub name: String,
    /// What it is said to be.
    pub kind: EntityKind,
    /// The table's name, where the document gives one.
    pub table: Option<String>,
    /// What the document says that it is for.
    pub description: Option<String>,
}

/// That a field exists, with all that its place says of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldFact {
    /// As spelled here.
    pub name: String,
    /// The type's words, without the modifiers that the other members hold.
    pub type_text: Option<String>,
    /// Whether a value must be there.
    pub required: Option<bool>,
    /// Whether something other than the field's own words says so, such as a relationship that it carries: then
    /// nothing follows for the fields beside it.
    pub is_unmarked: bool,
    /// Whether no two rows may share a value.
    pub unique: Option<bool>,
    /// Whether it is the key, or a part of it.
    pub primary_key: Option<bool>,
    /// The default, as written.
    pub default: Option<String>,
    /// The values that it may take, where they are listed.
    pub enum_values: Vec<String>,
    /// What it refers to.
    pub references: Option<ReferenceFact>,
    /// Further constraints as written; each is also a candidate for a rule.
    pub constraints: Vec<String>,
    /// What it means.
    pub description: Option<String>,
}

/// What a field refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceFact {
    /// The entity or table, as spelled.
    pub entity: String,
    /// The field there, where it is named.
    pub field: Option<String>,
    /// What happens to this row when that one goes: `cascade`, `restrict`, `set null`, `no action`.
    pub on_delete: Option<String>,
}

/// How two entities relate. `from` is the one side of a 1:N.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelationshipFact {
    /// One end.
    pub from: String,
    /// The other end.
    pub to: String,
    /// `1:1`, `1:N` or `N:M`, where it is stated.
    pub cardinality: Option<&'static str>,
    /// Whether every row of `to` has its `from`.
    pub from_required: Option<bool>,
    /// Whether every row of `from` has at least one `to`.
    pub to_required: Option<bool>,
    /// As in [`ReferenceFact::on_delete`].
    pub on_delete: Option<String>,
    /// The join entity of a many-to-many.
    pub through: Option<String>,
    /// The word on the line, such as "places".
    pub label: Option<String>,
}

/// Whether a pattern reads or writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccessKind {
    /// Reads.
    Read,
    /// Inserts, updates or deletes.
    Write,
}

/// One condition of an access pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterFact {
    /// The field, as spelled; may be qualified as `Entity.field`.
    pub field: String,
    /// How it is compared.
    pub operator: FilterOperator,
    /// Whether a call may leave it out, as those of a list with filters may.
    pub optional: bool,
}

/// How a filter compares a field.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum FilterOperator {
    /// With one given value.
    Equals,
    /// With a lower and an upper bound.
    Range,
    /// With one bound.
    Bound(Bound),
    /// With the stretch of time that the document fixes by the clock.
    Window(Window),
    /// With any of several given values.
    In,
    /// With a value that the document fixes.
    Constant(String),
    /// With several values that the document fixes, any of which will do.
    OneOf(Vec<String>),
    /// With values that the document fixes, none of which it may be.
    NoneOf(Vec<String>),
    /// That there is none.
    IsNull,
    /// That there is one.
    IsPresent,
    /// By words.
    Search,
    /// By the letters with which it begins.
    Begins,
    /// By letters anywhere in it.
    Part,
    /// JSON containment.
    Contains,
}

/// Which rows a query gives of those that it finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pick {
    /// The first ones, in the query's order, of each of what the rows are gathered by: "the latest reading of each device".
    FirstOfEach,
    /// The one whose moment lies nearest to a given one.
    Nearest,
    /// All below one in a tree.
    Below,
    /// All above one in a tree, with it.
    Above,
    /// The page of a number.
    PageNumber,
    /// The groups of which most was computed: "the ten customers with the most orders".
    Most,
    /// The groups of which least was computed.
    Fewest,
}

impl Pick {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::FirstOfEach,
        Self::Nearest,
        Self::Below,
        Self::Above,
        Self::PageNumber,
        Self::Most,
        Self::Fewest,
    ];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FirstOfEach => "first of each",
            Self::Nearest => "nearest",
            Self::Below => "below",
            Self::Above => "above",
            Self::PageNumber => "page number",
            Self::Most => "most",
            Self::Fewest => "fewest",
        }
    }

    /// What a word says; nothing where it is none of them.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// One bound of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bound {
    /// `>=`
    AtLeast,
    /// `>`
    MoreThan,
    /// `<=`
    AtMost,
    /// `<`
    LessThan,
    /// `<`, or no value: what was not done since a moment was done before it, or never.
    NotSince,
}

impl Bound {
    /// The comparison's sign.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AtLeast => ">=",
            Self::MoreThan => ">",
            Self::AtMost => "<=",
            Self::LessThan => "<",
            Self::NotSince => "not since",
        }
    }

    /// Whether it bounds from below.
    pub const fn is_lower(self) -> bool {
        matches!(self, Self::AtLeast | Self::MoreThan)
    }
}

/// A query or write that the application makes.
#[derive(Debug, Clone, PartialEq)]
pub struct PatternFact {
    /// As the document names it, in few words.
    pub name: String,
    /// All that the document says of it, where the name is a part of that.
    pub title: Option<String>,
    /// Whether it reads or writes.
    pub kind: AccessKind,
    /// The entity that it is about, where that is named.
    pub entity: Option<String>,
    /// Further entities that it needs.
    pub joins: Vec<String>,
    /// Its conditions.
    pub filter: Vec<FilterFact>,
    /// What is computed of the rows, where they are not read: `count`, `sum of amount`.
    pub measures: Vec<String>,
    /// What the rows are gathered by before that: `status`, `month`, `month of placed_at`.
    pub groups: Vec<String>,
    /// `field` or `field desc`.
    pub sort: Vec<String>,
    /// Rows wanted at once.
    pub limit: Option<u32>,
    /// Which of the rows it gives, where that is not all that it finds.
    pub pick: Option<Pick>,
    /// What it does to its rows, of a write. What a notation leaves open is told by its name.
    pub form: Option<WriteForm>,
    /// As written.
    pub frequency: Option<String>,
    /// Calls in a second, where a number was understood.
    pub per_second: Option<f64>,
    /// The latency objective in milliseconds.
    pub latency_ms: Option<f64>,
    /// How old a result may be, in seconds.
    pub staleness_s: Option<f64>,
    /// SQL that the document gives.
    pub sql: Option<String>,
    /// All its words, where it is read from words alone: each must have become a part of the pattern.
    pub said: Option<String>,
    /// Words that are known to be no part of it.
    pub unread: Vec<String>,
}

/// An index that a document asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexFact {
    /// The entity or table.
    pub entity: String,
    /// The name that the document gives it.
    pub name: Option<String>,
    /// Columns in order, each with an optional direction.
    pub columns: Vec<String>,
    /// Whether it is said to be unique.
    pub unique: bool,
    /// Such as `btree` or `gin`, where it is said.
    pub method: Option<String>,
    /// What it is for.
    pub purpose: Option<String>,
}

/// What is said of the load as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LoadMeasure {
    /// How many people use the system at a time.
    ConcurrentUsers,
    /// Calls in a second at the peak.
    PeakRate,
    /// How many times the average is called at the peak.
    PeakFactor,
}

impl LoadMeasure {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::ConcurrentUsers, Self::PeakRate, Self::PeakFactor];

    /// The word for it, as the model file says it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ConcurrentUsers => "concurrent_users",
            Self::PeakRate => "peak_per_second",
            Self::PeakFactor => "peak_factor",
        }
    }

    /// By its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// Which recovery objective.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecoveryObjective {
    /// How much work may be lost (RPO).
    PointObjective,
    /// How long recovery may take (RTO).
    TimeObjective,
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
