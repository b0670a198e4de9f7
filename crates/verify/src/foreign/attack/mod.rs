//! What the documents state, turned against somebody else's schema: one file for each kind of statement.
//! A claim is refuted only where a twin row that keeps all that is stated was accepted.

pub(super) mod across;
pub(super) mod acyclic;
pub(super) mod answers;
pub(super) mod barring;
pub(super) mod beside;
mod beside_race;
pub(super) mod born;
mod counted_states;
pub(super) mod demanded;
pub(super) mod duration;
mod freed;
mod in_order;
pub(super) mod kept_total;
mod key_by_steps;
mod keys;
pub(super) mod left_out;
pub(super) mod lifecycle;
pub(super) mod limit;
mod meant;
pub(super) mod not_null;
pub(super) mod on_delete;
pub(super) mod overlap;
mod owner;
pub(super) mod reference;
pub(super) mod retention;
pub(super) mod row_security;
pub(super) mod rule;
mod rule_in_states;
pub(super) mod settled;
pub(super) mod tenant;
pub(super) mod together;
mod together_race;
pub(super) mod unchanged;
mod unchanged_in_step;
pub(super) mod unique;
pub(super) mod values;
pub(super) mod version;

pub(super) use underpin_model::binding_parts as parts;
use underpin_model::{Expression, Field, FieldId, Origin, Rule, permanence};
use underpin_pg::{QualifiedName, Table};
use underpin_server::ServerError;

use super::arena::{Arena, Cell, Stored};
use super::mapping::{Home, Place, Sides, attribute};
use super::world::{Want, World};
use crate::row::Shape;

/// One of our tables with its home.
#[derive(Debug, Clone)]
pub(super) struct Object<'a> {
    pub(super) ours: QualifiedName,
    pub(super) home: Home,
    pub(super) shape: &'a Shape<'a>,
    pub(super) table: &'a Table,
}

/// All tables that are mapped.
pub(super) fn objects<'a>(arena: &Arena<'a>) -> Vec<Object<'a>> {
    let sides = arena.sides;
    arena
        .mapping
        .homes
        .iter()
        .map(|(ours, home)| Object {
            ours: ours.clone(),
            home: home.clone(),
            shape: &sides.shapes[ours],
            table: sides.ground.table(&home.table),
        })
        .collect()
}

/// Rows that belong to rows of another table by a reference.
struct Belonging<'o, 'a> {
    rows: &'o Object<'a>,
    owner: &'o Object<'a>,
    /// The column that refers, in the schema that is judged.
    place: usize,
}

impl<'o, 'a> Belonging<'o, 'a> {
    /// By the field that refers to the owner; nothing where it has no column of its own there, or leads to the same table.
    fn by(sides: Sides<'_>, all: &'o [Object<'a>], field: FieldId) -> Option<Self> {
        let (rows, by) = all.iter().find_map(|it| Some((it, it.column_of(sides, field)?)))?;
        let Some(Place::Column(place)) = rows.place(by) else { return None };
        let link = rows.shape.links.iter().find(|link| link.columns.last() == Some(&by))?;
        let owner = all.iter().find(|it| it.ours == link.key.references && it.ours != rows.ours)?;
        Some(Self { rows, owner, place })
    }
}

impl<'a> Object<'a> {
    /// The field that a column of our own design stores, where a document names it.
    pub(super) fn field(&self, arena: &Arena<'a>, at: usize) -> Option<&'a Field> {
        let attribute = attribute(arena.sides, &self.ours, at)?;
        let field = arena.sides.model.field(attribute.field?);
        (field.named && attribute.origin == Origin::Stated && field.origin == Origin::Stated)
            .then_some(field)
    }

    /// The column of our own design that stores a field.
    pub(super) fn column_of(&self, sides: Sides<'_>, field: FieldId) -> Option<usize> {
        (0..self.shape.table.columns.len())
            .find(|&at| attribute(sides, &self.ours, at).and_then(|it| it.field) == Some(field))
    }

    /// Whether a column of our own design holds a reference, there or here.
    pub(super) fn refers(&self, at: usize) -> bool {
        self.shape.is_in_link(at) || self.home.outward.contains(&at)
    }

    /// The columns of our own design by which references are told apart.
    pub(super) fn references(&self) -> impl Iterator<Item = usize> {
        let links = self.shape.links.iter().filter_map(|link| link.columns.last().copied());
        links.chain(self.home.outward.iter().copied())
    }

    /// The columns of our own design that hold no reference.
    pub(super) fn values(&self) -> Vec<usize> {
        let all = 0..self.shape.table.columns.len();
        all.filter(|&at| !self.refers(at)).collect()
    }

    /// The column that a column of our own design has as its place.
    pub(super) fn place(&self, at: usize) -> Option<Place> {
        self.home.places.get(&at).copied()
    }

    /// The name of the column of a place.
    pub(super) fn name(&self, place: Place) -> &'a str {
        self.table.columns[place.column()].name.as_str()
    }

    /// The names of the columns that hold columns of our own design; `None` where one has no place.
    pub(super) fn names(&self, columns: &[usize]) -> Option<String> {
        let mut names: Vec<&str> = Vec::new();
        for &at in columns {
            let name = self.name(self.place(at)?);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        Some(names.join(","))
    }

    /// What a stored row shows in some columns.
    pub(super) fn shown(&self, row: &Stored, columns: &[usize]) -> String {
        let shown = columns.iter().map(|&at| {
            let value = row[at].as_deref().unwrap_or("NULL");
            let short: String = value.chars().take(60).collect();
            format!("{} = {short}", self.table.columns[at].name.as_str())
        });
        shown.collect::<Vec<_>>().join(", ")
    }
}

/// A field that a document states, with the column that holds it.
#[derive(Debug)]
pub(super) struct StatedField<'o, 'a> {
    pub(super) object: &'o Object<'a>,
    /// The column of our own design.
    pub(super) at: usize,
    pub(super) field: &'a Field,
    /// The column of the table, and its name.
    pub(super) column: usize,
    pub(super) name: &'a str,
    /// The name of the table.
    pub(super) table: &'a str,
}

impl StatedField<'_, '_> {
    /// Whether the server computes the value.
    pub(super) fn is_computed(&self) -> bool {
        let column = &self.object.table.columns[self.column];
        column.generated.is_some() || column.identity.is_some()
    }
}

/// All fields that documents state and that have a column of their own.
pub(super) fn stated_fields<'o, 'a>(
    arena: &Arena<'a>,
    all: &'o [Object<'a>],
) -> Vec<StatedField<'o, 'a>> {
    let mut found = Vec::new();
    for object in all {
        for at in 0..object.shape.table.columns.len() {
            let Some(field) = object.field(arena, at) else { continue };
            let Some(place @ Place::Column(column)) = object.place(at) else { continue };
            let (name, table) = (object.name(place), object.table.name.name.as_str());
            found.push(StatedField { object, at, field, column, name, table });
        }
    }
    found
}

/// The rules about an entity of which only the words are known.
pub(super) fn unread<'a>(
    arena: &Arena<'a>,
    object: &Object<'_>,
) -> impl Iterator<Item = &'a Rule> + use<'a> {
    let design = arena.sides.physical.tables.of(&object.ours);
    let entity = design.and_then(|it| arena.sides.logical.relation(it.relation).entity);
    arena.sides.model.rules.iter().filter(move |rule| {
        Some(rule.entity) == entity
            && rule.expression.is_none()
            && rule.became.is_none()
            && rule.sql.is_none()
    })
}

/// The sentences of which only the words are known: rules, and what binds and was understood of no entity.
pub(super) fn sentences<'a>(arena: &Arena<'a>) -> Vec<&'a str> {
    let model = arena.sides.model;
    let is_open =
        |rule: &&Rule| rule.expression.is_none() && rule.became.is_none() && rule.sql.is_none();
    let mut found: Vec<&str> =
        model.rules.iter().filter(is_open).map(|it| it.text.as_str()).collect();
    for sentence in model.unkept.iter().chain(&model.unread) {
        if !found.contains(&sentence.text.as_str()) {
            found.push(&sentence.text);
        }
    }
    found
}

/// Whether a trigger's own code refused, which may keep any rule, by whichever name it gives that.
pub(super) fn is_of_trigger(error: &ServerError) -> bool {
    let is_code = error.context.as_deref().is_some_and(|it| it.contains("PL/pgSQL function"));
    is_code && error.constraint.is_none() || is_raised(error)
}

/// Whether `RAISE` refused: it may name a constraint that is none.
pub(super) fn is_raised(error: &ServerError) -> bool {
    let innermost = error.context.as_deref().and_then(|it| it.split('\n').next());
    innermost.is_some_and(|it| it.starts_with("PL/pgSQL function ") && it.ends_with(" at RAISE"))
}

/// Whether the documents hold a rule that is known by its words only: a trigger may keep that one.
pub(super) fn has_unread(arena: &Arena<'_>) -> bool {
    arena.sides.model.rules.iter().any(|rule| is_unread(arena, rule))
}

/// The same of rules of one entity.
pub(super) fn has_unread_of(arena: &Arena<'_>, object: &Object<'_>) -> bool {
    let Some(design) = arena.sides.physical.tables.of(&object.ours) else { return false };
    let entity = arena.sides.logical.relation(design.relation).entity;
    let mut rules = arena.sides.model.rules.iter().filter(|rule| Some(rule.entity) == entity);
    rules.any(|rule| is_unread(arena, rule))
}

fn is_unread(arena: &Arena<'_>, rule: &Rule) -> bool {
    // No CHECK keeps a rule about several rows.
    let is_read = rule
        .expression
        .as_ref()
        .is_some_and(|it| !matches!(it, Expression::Together { .. } | Expression::Apart { .. }));
    !is_read
        && rule.became.is_none()
        && rule.sql.is_none()
        && permanence(arena.sides.model, rule.entity, rule.field, &rule.text).is_none()
}

/// A row that is valid, written once, so that a refusal of its twin says something.
pub(super) fn base(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    world: &mut World,
) -> super::world::Made {
    arena.make(&object.home.table, &Want::default(), world)
}

/// Whether a column of a stored row holds what it was given.
pub(super) fn holds(row: &Stored, column: usize, cell: &Cell) -> bool {
    match cell {
        Cell::Null => row[column].is_none(),
        Cell::Text(text) => row[column].as_deref() == Some(text),
        Cell::Leave => false,
    }
}
