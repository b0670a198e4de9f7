//! Fields of the model, what they hold and what they refer to.

use underpin_base::Span;

use crate::types::Origin;
use crate::{EntityId, EnumId, ExternalReference, FieldId, Literal, RuleId};

/// A property of an entity.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is said apart from the others")]
pub struct Field {
    /// The entity that it belongs to.
    pub entity: EntityId,
    /// Its name as first written.
    pub name: String,
    /// Whether a document names it; where none does, something else that one states asked for it.
    pub named: bool,
    /// What values it holds.
    pub kind: FieldKind,
    /// The type's words, where a document gives any.
    pub type_text: Option<String>,
    /// Whether a value must be there; `None` where no document says so.
    pub required: Option<bool>,
    /// Whether the field's own words or a rule about it say so, and not only a relationship that it carries: then the
    /// document marks fields, and says something of those that it leaves unmarked.
    pub marked: bool,
    /// Whether no two rows may share a value.
    pub unique: bool,
    /// Whether values that differ in nothing but upper and lower case count as the same.
    pub ignores_case: bool,
    /// The default.
    pub default: Option<DefaultValue>,
    /// What it refers to.
    pub references: Option<Reference>,
    /// What it refers to in another system; never beside `references`.
    pub external: Option<ExternalReference>,
    /// Rules about this field (each also concerns its entity).
    pub rules: Vec<RuleId>,
    /// `personal`, `secret`, `financial`, ..., where a document says so.
    pub sensitivity: Option<String>,
    /// What its values are counted in (`cents`, `minutes`), or the standard that they follow
    /// (`E.164`).
    pub unit: Option<String>,
    /// What it means.
    pub description: Option<String>,
    /// Where it comes from.
    pub origin: Origin,
    /// Where it is first stated.
    pub source: Span,
}

/// What values a field holds, in the domain's terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// An opaque universally unique identifier.
    Uuid,
    /// Whole numbers of so many bits (16, 32 or 64).
    Integer {
        /// 16, 32 or 64.
        bits: u8,
        /// Whether the database counts it up.
        counted: bool,
    },
    /// Decimal numbers; precision and scale where stated.
    Decimal {
        /// Digits in all.
        precision: Option<u16>,
        /// Digits after the point.
        scale: Option<u16>,
    },
    /// An amount of money; precision and scale where stated.
    Money {
        /// Digits in all.
        precision: Option<u16>,
        /// Digits after the point.
        scale: Option<u16>,
    },
    /// Approximate numbers.
    Float,
    /// Characters, at most so many where stated.
    Text {
        /// The greatest number of characters.
        max: Option<u32>,
    },
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A moment.
    Timestamp,
    /// A span of time.
    Duration,
    /// A JSON document.
    Json,
    /// Bytes.
    Binary,
    /// An IP address.
    IpAddress,
    /// One of a list of values.
    Enumeration(EnumId),
    /// Several values of one kind.
    List(Box<FieldKind>),
    /// No document says; text is assumed and a question asked.
    Unknown,
}

/// The value that a field takes when none is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DefaultValue {
    /// A value written out.
    Literal(Literal),
    /// A new identifier.
    NewIdentifier,
    /// A new identifier that begins with the time (UUID version 7, RFC 9562). PostgreSQL makes one from version 18 on.
    NewOrderedIdentifier,
    /// An empty JSON object.
    EmptyObject,
    /// An empty list.
    EmptyList,
    /// SQL that the document gives.
    Sql(String),
}

/// What a field refers to. Resolved: the target is an entity of the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The entity referred to.
    pub entity: EntityId,
    /// The field there; its primary key where `None`.
    pub field: Option<FieldId>,
    /// What happens to this row when that one goes, where a document says so.
    pub on_delete: Option<OnDelete>,
    /// Where it comes from.
    pub origin: Origin,
}

/// What happens to a row when the row that it refers to is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OnDelete {
    /// It goes too.
    Cascade,
    /// The deletion is refused.
    Restrict,
    /// It stays, without the reference.
    SetNull,
}

/// A list of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enumeration {
    /// The name; `Entity.field` where no document names it.
    pub name: String,
    /// Whether a document names it, so that several fields may share it.
    pub named: bool,
    /// The values in order.
    pub values: Vec<String>,
    /// Where it is first stated.
    pub source: Span,
}
