//! Relations and what holds of them, in the domain's names.

use underpin_base::{Diagnostic, Span};
use underpin_model::{
    Comparison, DefaultValue, EntityId, Expression, FieldId, FieldKind, LifecycleId, Literal,
    OnDelete, Origin,
};

use crate::Decision;

/// A [`Relation`] of the design.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelationId(u32);

/// An [`Attribute`] of one relation: its index there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttributeId(u32);

/// A [`Context`] of the design.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContextId(u32);

macro_rules! index {
    ($name:ident) => {
        impl $name {
            /// The id of the element at `index`.
            pub fn from_index(index: usize) -> Self {
                Self(u32::try_from(index).expect("fewer than 2^32 elements"))
            }

            /// The index of the element.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}
index!(RelationId);
index!(AttributeId);
index!(ContextId);

/// The whole logical design.
#[derive(Debug, Default)]
pub struct LogicalDesign {
    /// Relations, in the order of the model's entities; join relations that the model did not name
    /// come last.
    pub relations: Vec<Relation>,
    /// The bounded contexts between which no reference is guarded; empty where the documents draw no
    /// boundary between two stored relations.
    pub contexts: Vec<Context>,
    /// Every choice, in the order in which it was made.
    pub decisions: Vec<Decision>,
    /// What is wrong with the design.
    pub diagnostics: Vec<Diagnostic>,
}

/// A bounded context that owns relations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Its name, as the documents spell it.
    pub name: String,
    /// Where it is stated.
    pub sources: Vec<Span>,
}

/// Why a relation exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RelationKind {
    /// For an entity with an identity of its own.
    Entity,
    /// For a many-to-many relationship.
    Join,
    /// For a value object of which one owner has many.
    ValueObject,
    /// For listed values that people maintain.
    Lookup,
}

/// A set of rows of one form.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Its name, as the domain spells it.
    pub name: String,
    /// The table's name, where a document gives one.
    pub table: Option<String>,
    /// Why it exists.
    pub kind: RelationKind,
    /// The entity that it stores.
    pub entity: Option<EntityId>,
    /// The context that owns it; `None` where there are no contexts, or none is known to own it.
    pub context: Option<ContextId>,
    /// What it is for.
    pub description: Option<String>,
    /// Its attributes in order.
    pub attributes: Vec<Attribute>,
    /// The attributes that identify a row; never empty.
    pub key: Vec<AttributeId>,
    /// Further keys.
    pub uniques: Vec<UniqueKey>,
    /// References to other relations, or to itself.
    pub references: Vec<Reference>,
    /// References to relations of other contexts: plain values that nothing guards. What a deletion
    /// there asks for is kept in them for whoever handles it.
    pub crossings: Vec<Reference>,
    /// What holds of every row.
    pub invariants: Vec<Invariant>,
    /// Spans of rows that must not overlap.
    pub separations: Vec<Separation>,
    /// What its rows come to together for one row of another relation.
    pub limits: Vec<Limit>,
    /// What may be done to its rows only beside a row of another relation in some state.
    pub owner_states: Vec<OwnerState>,
    /// What its rows' values are held against in a row of another relation.
    pub owner_bounds: Vec<OwnerBound>,
    /// What rows of another relation keep its rows from.
    pub holds: Vec<Hold>,
    /// Life cycles.
    pub machines: Vec<Machine>,
    /// References by which rows stand above each other.
    pub trees: Vec<Tree>,
    /// What stays as it was written.
    pub permanences: Vec<Permanence>,
    /// Rows that are there from the start: the values of the key.
    pub seeds: Vec<Literal>,
    /// The attribute that counts the changes of a row, by which a writer that read an old one is refused.
    pub version: Option<AttributeId>,
    /// Where the entity is first stated.
    pub source: Option<Span>,
}

/// A property of every row.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// Its name, as the domain spells it.
    pub name: String,
    /// What values it holds.
    pub kind: FieldKind,
    /// Whether a value must be there.
    pub required: bool,
    /// The value that it takes when none is given.
    pub default: Option<DefaultValue>,
    /// Whether it is kept at the time of the last change.
    pub touched: bool,
    /// The field that it stores; `None` for what the design added.
    pub field: Option<FieldId>,
    /// Whether values that differ in nothing but upper and lower case count as the same.
    pub ignores_case: bool,
    /// `personal`, `secret`, ..., where a document says so.
    pub sensitivity: Option<String>,
    /// What its values are counted in, or the standard that they follow, where a document says so.
    pub unit: Option<String>,
    /// What it means.
    pub description: Option<String>,
    /// Where it comes from.
    pub origin: Origin,
    /// Where it is first stated.
    pub source: Option<Span>,
}

/// Attributes that no two rows share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UniqueKey {
    /// The attributes in order.
    pub attributes: Vec<AttributeId>,
    /// Among which rows; all where it is `None`.
    pub condition: Option<Expression<AttributeId>>,
    /// Whether the condition was chosen where no document says: then rows that it leaves out may share values, or not.
    pub is_chosen: bool,
    /// Whether rows exchange these values when somebody puts them in another order.
    pub is_reordered: bool,
    /// Why, in a sentence.
    pub reason: String,
    /// Where it is stated.
    pub source: Option<Span>,
}

/// A reference to a row of a relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The attributes that hold it.
    pub attributes: Vec<AttributeId>,
    /// The relation referred to.
    pub target: RelationId,
    /// The attributes there: its key, or another unique key.
    pub target_attributes: Vec<AttributeId>,
    /// What happens to a row when the row that it refers to goes.
    pub on_delete: OnDelete,
    /// Why that, in a sentence.
    pub reason: String,
    /// Where it is stated.
    pub source: Option<Span>,
}

/// What holds of every row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invariant {
    /// What must not be false, where it was understood.
    pub expression: Option<Expression<AttributeId>>,
    /// SQL that a document gives, where it was not.
    pub sql: Option<String>,
    /// The rule as written.
    pub text: String,
    /// The attributes that it reads, as far as they are known.
    pub attributes: Vec<AttributeId>,
    /// Where it is stated.
    pub source: Option<Span>,
}

/// Of the rows that share something, no two last at the same time: from the first moment on until just
/// before the second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Separation {
    /// When a row begins.
    pub from: AttributeId,
    /// When it is over; a row without it lasts for ever.
    pub to: AttributeId,
    /// What rows share that must keep apart; all rows must where it is empty.
    pub same: Vec<AttributeId>,
    /// Among which rows; all where it is `None`.
    pub condition: Option<Expression<AttributeId>>,
    /// Whether the end still belongs to the span: the last day of a stay is a day of it.
    pub closed: bool,
    /// The rule as written.
    pub text: String,
    /// Where it is stated.
    pub source: Option<Span>,
}

/// What the rows that belong to one row come to at most: how many there are, or what they add up to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// What rows share that count together.
    pub by: Vec<AttributeId>,
    /// The relation of the row that they belong to.
    pub owner: RelationId,
    /// The attributes by which they refer to it, and those that they refer to.
    pub reference: Vec<(AttributeId, AttributeId)>,
    /// What is added up of each row; rows are counted where it is `None`.
    pub amount: Option<Expression<AttributeId>>,
    /// Whether an amount may be below zero, so that a row that goes raises what is left.
    pub may_be_negative: bool,
    /// Whether the bound itself is too much.
    pub is_strict: bool,
    /// What they may come to.
    pub bound: LimitBound,
    /// Which rows count; all where it is `None`.
    pub condition: Option<Expression<AttributeId>>,
    /// The rule as written.
    pub text: String,
    /// Where it is stated.
    pub source: Option<Span>,
}

/// What rows may come to together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LimitBound {
    /// A number.
    Fixed(Literal),
    /// An attribute of the row that they belong to; without a value there is no limit.
    Attribute(AttributeId),
}

/// What may be done to rows only while the row that they belong to is in some state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerState {
    /// The relation of the row that they belong to.
    pub owner: RelationId,
    /// The attributes by which they refer to it, and those that they refer to.
    pub reference: Vec<(AttributeId, AttributeId)>,
    /// What is true of an owner beside which it may be done, over the owner's attributes.
    pub allowed: Expression<AttributeId>,
    /// Whether rows are added only so.
    pub inserts: bool,
    /// Whether rows that are there are changed only so.
    pub updates: bool,
    /// Whether they are deleted only so.
    pub deletes: bool,
    /// The rule as written.
    pub text: String,
    /// Where it is stated.
    pub source: Option<Span>,
}

/// A value of a row that is held against one of the row that it belongs to; where either has none, there is no bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerBound {
    /// The relation of the row that they belong to.
    pub owner: RelationId,
    /// The attributes by which they refer to it, and those that they refer to.
    pub reference: Vec<(AttributeId, AttributeId)>,
    /// The value.
    pub own: AttributeId,
    /// How it is held against the other: an order.
    pub comparison: Comparison,
    /// The owner's value.
    pub theirs: AttributeId,
    /// The rule as written.
    pub text: String,
    /// Where it is stated.
    pub source: Option<Span>,
}

/// What a row does not do while rows that belong to it are there, or while none is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The relation of the rows that belong to it.
    pub rows: RelationId,
    /// The attributes by which they refer to it, and those that they refer to.
    pub reference: Vec<(AttributeId, AttributeId)>,
    /// Which of them, over their attributes; all where it is `None`.
    pub which: Option<Expression<AttributeId>>,
    /// Whether it is held while there is such a row; otherwise, while there is none.
    pub while_there: bool,
    /// What it does not do.
    pub held: Held,
    /// The rule as written.
    pub text: String,
    /// Where it is stated.
    pub source: Option<Span>,
}

/// What a row is kept from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// To change these values.
    Values(Vec<AttributeId>),
    /// To come to these values; to any at all where none is said, as that of a mark.
    Steps(Vec<(AttributeId, Option<String>)>),
}

/// A life cycle of a relation's rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// The model's life cycle.
    pub lifecycle: LifecycleId,
    /// The attribute that holds the state.
    pub attribute: AttributeId,
    /// States in order.
    pub states: Vec<String>,
    /// The state that a row is born in.
    pub initial: Option<String>,
    /// For each state with a way out, the states that may follow, both in order of appearance.
    pub transitions: Vec<(String, Vec<String>)>,
    /// Where it is stated.
    pub source: Option<Span>,
}

/// Rows that stand above each other: no row is among those above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tree {
    /// The attribute that holds the key of the row above.
    pub parent: AttributeId,
    /// The key.
    pub key: AttributeId,
    /// Where the reference is stated.
    pub source: Option<Span>,
}

/// Values of a row that stay as they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permanence {
    /// Whether it is about the row as a whole, and not about some of its attributes.
    pub is_whole: bool,
    /// The attributes whose values stay; of a whole row all but those of [`Self::free`]. Empty where only
    /// the deletion is refused.
    pub attributes: Vec<AttributeId>,
    /// Attributes of a whole row that change all the same: the state of a life cycle.
    pub free: Vec<AttributeId>,
    /// Attributes of a whole row that change where its life takes a step, and only then: what the state that it goes to
    /// asks for. Beside each the attribute of the state.
    pub with_step: Vec<(AttributeId, AttributeId)>,
    /// The states in which they stay; always where it is `None`.
    pub states: Option<(AttributeId, Vec<String>)>,
    /// Whether the row is never deleted.
    pub is_kept: bool,
    /// As written.
    pub text: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Where it is stated.
    pub source: Option<Span>,
    /// Where the same is said in other words.
    pub also: Vec<Span>,
}

impl Held {
    /// The attributes that it is about.
    pub fn attributes(&self) -> Vec<AttributeId> {
        match self {
            Self::Values(all) => all.clone(),
            Self::Steps(steps) => {
                let mut all: Vec<AttributeId> = steps.iter().map(|(id, _)| *id).collect();
                all.dedup();
                all
            }
        }
    }
}

impl OwnerState {
    /// What is done only so, in words.
    pub fn acts(&self) -> Vec<&'static str> {
        let acts = [(self.inserts, "insert"), (self.updates, "update"), (self.deletes, "delete")];
        acts.into_iter().filter(|(is_said, _)| *is_said).map(|(_, act)| act).collect()
    }
}

impl LogicalDesign {
    /// The relation of an id.
    pub fn relation(&self, id: RelationId) -> &Relation {
        &self.relations[id.index()]
    }

    /// All relations with their ids.
    pub fn relations(&self) -> impl Iterator<Item = (RelationId, &Relation)> {
        self.relations
            .iter()
            .enumerate()
            .map(|(at, relation)| (RelationId::from_index(at), relation))
    }

    /// The context of an id.
    pub fn context(&self, id: ContextId) -> &Context {
        &self.contexts[id.index()]
    }

    /// The contexts of two relations that lie in different ones.
    pub fn boundary(&self, from: RelationId, to: RelationId) -> Option<(ContextId, ContextId)> {
        let (from, to) = (self.relation(from).context?, self.relation(to).context?);
        (from != to).then_some((from, to))
    }

    /// Whether rows of another relation, or its own, belong to rows of this one, and write them as they are: what they come
    /// to together is limited, a value of theirs is held against one of it, or they keep it from something.
    pub fn is_limited_by(&self, owner: RelationId) -> bool {
        let is_held = !self.relation(owner).holds.is_empty();
        is_held
            || self.relations.iter().any(|relation| {
                relation.limits.iter().any(|it| it.owner == owner)
                    || relation.owner_bounds.iter().any(|it| it.owner == owner)
            })
    }

    /// The relation that stores an entity. Relations stand in the order of their entities, and those of none come last.
    pub fn relation_of(&self, entity: EntityId) -> Option<RelationId> {
        let at = self.relations.partition_point(|it| it.entity.is_some_and(|it| it < entity));
        let found = self.relations.get(at).is_some_and(|it| it.entity == Some(entity));
        found.then(|| RelationId::from_index(at))
    }
}

impl Relation {
    /// All references, whether or not they stay in the context.
    pub fn links(&self) -> impl Iterator<Item = &Reference> {
        self.references.iter().chain(&self.crossings)
    }

    /// The attribute of an id.
    pub fn attribute(&self, id: AttributeId) -> &Attribute {
        &self.attributes[id.index()]
    }

    /// All attributes with their ids.
    pub fn attributes(&self) -> impl Iterator<Item = (AttributeId, &Attribute)> {
        self.attributes.iter().enumerate().map(|(at, item)| (AttributeId::from_index(at), item))
    }

    /// The attribute that stores a field.
    pub fn attribute_of(&self, field: FieldId) -> Option<AttributeId> {
        self.attributes().find(|(_, item)| item.field == Some(field)).map(|(id, _)| id)
    }

    /// The attribute of a name.
    pub fn attribute_named(&self, name: &str) -> Option<AttributeId> {
        self.attributes().find(|(_, item)| item.name == name).map(|(id, _)| id)
    }
}
