//! Owners in a later state: a trigger may let rows in only beside an owner that was opened, published or paid.
//! Which state that is, is learned from what it lets in.

use underpin_model::FieldKind;
use underpin_pg::{QualifiedName, Type};
use underpin_server::SessionError;

use super::arena::{Arena, Cell, Stored};
use super::attack::{Object, objects};
use super::ground::primary_key;
use super::life::{Living, path};
use super::mapping::{Place, attribute};
use super::world::World;
use crate::row::Row;
use crate::value::{Decimal, Value, parse_date, parse_timestamp};

impl<'a> Arena<'a> {
    /// An owner as rows of a table ask for it: taken to the state that was learned, as far as it can go there.
    pub(super) fn grown(
        &mut self,
        table: &QualifiedName,
        owner: &QualifiedName,
        row: Stored,
        world: &mut World,
    ) -> Result<Stored, SessionError> {
        let learned = self.learned.get(table).and_then(|it| it.owners.get(owner));
        let Some((state, to)) = learned.cloned() else { return Ok(row) };
        if self.held.contains(owner) {
            return Ok(row);
        }
        let Some(object) = self.object_of(owner) else { return Ok(row) };
        let Some(road) = self.road(&object, state)? else { return Ok(row) };
        // What the world knows of it may be older than what was done to it since.
        let Some(row) = self.look(owner, &row)? else { return Ok(row) };
        let meant = self.understood(&object, &row)?;
        let Value::Text(now) = &meant[state] else { return Ok(row) };
        let Some(path) = path(&road, now, &to).filter(|path| !path.is_empty()) else {
            return Ok(row);
        };
        let living = Living { stored: row.clone(), meant, world: world.clone() };
        let Ok(there) = self.walked(&object, state, living, &path)? else { return Ok(row) };
        let key = primary_key(object.table);
        let is_same =
            |other: &Stored| !key.is_empty() && key.iter().all(|&at| other[at] == row[at]);
        let known = world.rows.get_mut(owner).into_iter().chain(
            world.siblings.iter_mut().filter(|((of, _), _)| of == owner).map(|(_, row)| row),
        );
        for known in known {
            if is_same(known) {
                known.clone_from(&there.stored);
            }
        }
        world.joined(there.world);
        Ok(there.stored)
    }

    /// Likewise the owners of its owners, as far as they are in its world.
    pub(super) fn grow_beyond(
        &mut self,
        table: &QualifiedName,
        world: &mut World,
    ) -> Result<(), SessionError> {
        let keys = &self.sides.ground.table(table).foreign_keys;
        let is_direct = |owner: &&QualifiedName| keys.iter().any(|key| key.references == **owner);
        let learned = self.learned.get(table).map(|it| it.owners.keys().cloned().collect());
        let learned: Vec<QualifiedName> = learned.unwrap_or_default();
        for owner in learned.iter().filter(|owner| !is_direct(owner)) {
            if let Some(row) = world.rows.get(owner).cloned() {
                self.grown(table, owner, row, world)?;
            }
        }
        Ok(())
    }

    /// One of our tables, by its home.
    pub(super) fn object_of(&self, table: &QualifiedName) -> Option<Object<'a>> {
        objects(self).into_iter().find(|it| it.home.table == *table)
    }

    /// A stored row as a row of our own design.
    pub(super) fn understood(
        &mut self,
        object: &Object<'_>,
        stored: &Stored,
    ) -> Result<Row, SessionError> {
        let mut row: Row = vec![Value::Null; object.shape.table.columns.len()];
        for (at, value) in row.iter_mut().enumerate() {
            let Some(place) = object.place(at) else { continue };
            let Some(text) = &stored[place.column()] else { continue };
            *value = match self.listed(object, at, place, text)? {
                Some(listed) => Value::Text(listed),
                None => read(&object.shape.table.columns[at].data_type, text),
            };
        }
        Ok(row)
    }

    /// The value of an enumeration that a column spells so.
    fn listed(
        &mut self,
        object: &Object<'_>,
        at: usize,
        place: Place,
        text: &str,
    ) -> Result<Option<String>, SessionError> {
        let kind = attribute(self.sides, &object.ours, at).map(|it| &it.kind);
        let values = match (kind, object.shape.machine(at)) {
            (Some(FieldKind::Enumeration(list)), _) => {
                self.sides.model.enumeration(*list).values.clone()
            }
            (_, Some(machine)) => machine.states.clone(),
            (_, None) => return Ok(None),
        };
        for value in values {
            let given = Value::Text(value.clone());
            let cell = self.encode(&object.ours, at, object.table, place.column(), &given)?;
            if cell == Cell::Text(text.to_owned()) {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }
}

/// What a text that the server printed means.
fn read(sort: &Type, text: &str) -> Value {
    let known = match sort {
        Type::SmallInt | Type::Integer | Type::BigInt | Type::Numeric(_) => {
            Decimal::parse(text).map(Value::Number)
        }
        Type::Boolean => match text {
            "t" | "true" => Some(Value::Boolean(true)),
            "f" | "false" => Some(Value::Boolean(false)),
            _ => None,
        },
        Type::Date => parse_date(text).map(Value::Date),
        Type::TimestampTz => parse_timestamp(text).map(Value::Timestamp),
        _ => None,
    };
    known.unwrap_or_else(|| Value::Text(text.to_owned()))
}
