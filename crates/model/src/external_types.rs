//! Entities that live in another system: this design refers to them and stores none of their rows.

use underpin_base::Span;

use crate::types::{Cardinality, Origin};
use crate::{EntityId, ExternalId, FieldId, OnDelete};

/// An entity that documents refer to and none describes. It has no table here, and what refers to
/// it has no foreign key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct External {
    /// Its name as first written, perhaps with a schema: `auth.users`.
    pub name: String,
    /// Other spellings that were folded into it.
    pub aliases: Vec<String>,
    /// Stated where a document says that it lives elsewhere.
    pub origin: Origin,
    /// Where it is first named.
    pub source: Span,
}

/// A field that holds the key of an entity of another system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalReference {
    /// The entity referred to.
    pub external: ExternalId,
    /// The field there, where it is named.
    pub field: Option<String>,
    /// What is said of deletion; nothing in this database can do it.
    pub on_delete: Option<OnDelete>,
    /// Where it comes from.
    pub origin: Origin,
}

/// Which end of a relationship lives outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// The first, which is the one side of a `1:N`.
    From,
    /// The second, which is the many side of a `1:N`.
    To,
}

/// How an entity relates to one of another system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalRelationship {
    /// The end that is an entity of this design.
    pub entity: EntityId,
    /// The end that lives outside.
    pub external: ExternalId,
    /// Which end that is.
    pub outside: End,
    /// How many of one belong to how many of the other.
    pub cardinality: Cardinality,
    /// Whether every row of the second has its first.
    pub from_required: Option<bool>,
    /// What is said of deletion.
    pub on_delete: Option<OnDelete>,
    /// The field of the entity that holds the other's key, where there is one.
    pub field: Option<FieldId>,
    /// The word on the line.
    pub label: Option<String>,
    /// Where it comes from.
    pub origin: Origin,
    /// Where it is first stated.
    pub source: Span,
}
