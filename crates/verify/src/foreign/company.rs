//! Steps that a row may take only in company: a show runs only with a lead, an order is placed only with a line. The rows
//! beside it are made first; which those are is found by trying, once for each step.

use underpin_model::FieldKind;
use underpin_pg::QualifiedName;
use underpin_server::SessionError;

use super::arena::{Arena, Came};
use super::attack::{Object, is_of_trigger};
use super::ground::columns;
use super::life::{Living, Step};
use super::mapping::attribute;
use super::world::{Want, World};
use crate::value::Value;

/// A row that must be beside another: of which table, and with which value of its own that is not the usual one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Companion {
    table: QualifiedName,
    /// The table beside each of whose rows it must be, where those are beside the other: each line of an order has a price.
    beside: Option<QualifiedName>,
    value: Option<(usize, Value)>,
}

impl Arena<'_> {
    /// Takes a row to a state, with a row beside it where it may not go there alone.
    pub(super) fn step_in_company(
        &mut self,
        object: &Object<'_>,
        state: usize,
        living: &Living,
        to: &str,
    ) -> Result<Step, SessionError> {
        let from = living.meant[state].text().unwrap_or_default();
        let place = (object.table.name.clone(), from, to.to_owned());
        let known = self.companions.get(&place).cloned();
        let is_held = self.held.contains(&object.table.name);
        if let (Some(Some(known)), false) = (&known, is_held) {
            if let Some(living) = self.step_beside(object, state, living, to, known)? {
                return Ok(Step::Taken(living));
            }
        }
        let alone = self.step(object, state, living, to)?;
        let Step::Refused(Some(error)) = &alone else { return Ok(alone) };
        if known.is_some() || is_held || !is_of_trigger(error) {
            return Ok(alone);
        }
        // Rows that the search makes go alone.
        self.companions.insert(place.clone(), None);
        let mut is_open = false;
        for companion in self.candidates(object) {
            is_open |= self.ready.get(&companion.table).is_some_and(Result::is_err);
            let taken = self.step_beside(object, state, living, to, &companion)?;
            if let Some(living) = taken {
                self.companions.insert(place, Some(companion));
                return Ok(Step::Taken(living));
            }
        }
        if is_open {
            // What could not be made yet may be made later.
            self.companions.remove(&place);
        }
        Ok(alone)
    }

    /// The rows that may be meant: of all tables that refer to this one, as usual and with other flags and listed values; then
    /// of all that refer to those.
    fn candidates(&self, object: &Object<'_>) -> Vec<Companion> {
        let own = &object.table.name;
        let children = self.referring_to(own);
        let mut found = Vec::new();
        for child in &children {
            found.extend(self.kinds(child, None));
        }
        for child in &children {
            for other in self.referring_to(child) {
                if other != *own && !children.contains(&other) {
                    found.extend(self.kinds(&other, Some(child)));
                }
            }
        }
        found
    }

    /// The other tables that refer to a table.
    fn referring_to(&self, table: &QualifiedName) -> Vec<QualifiedName> {
        let tables = self.sides.ground.schema.tables.values();
        let refers = |other: &&underpin_pg::Table| {
            other.name != *table && other.foreign_keys.iter().any(|key| key.references == *table)
        };
        tables.filter(refers).map(|other| other.name.clone()).collect()
    }

    /// Rows of a table, as usual and with other flags and listed values.
    fn kinds(&self, table: &QualifiedName, beside: Option<&QualifiedName>) -> Vec<Companion> {
        let companion = |value| Companion { table: table.clone(), beside: beside.cloned(), value };
        let mut found = vec![companion(None)];
        let Some(ours) = self.mapping.ours(table) else { return found };
        let shape = &self.sides.shapes[ours];
        for at in 0..shape.table.columns.len() {
            let values = match attribute(self.sides, ours, at).map(|it| &it.kind) {
                Some(FieldKind::Boolean) => vec![Value::Boolean(true), Value::Boolean(false)],
                Some(FieldKind::Enumeration(list)) if shape.machine(at).is_none() => {
                    let values = &self.sides.model.enumeration(*list).values;
                    values.iter().cloned().map(Value::Text).collect()
                }
                Some(_) | None => Vec::new(),
            };
            found.extend(values.into_iter().map(|value| companion(Some((at, value)))));
        }
        found
    }

    /// Takes a row to a state beside another row; what was refused leaves nothing behind.
    fn step_beside(
        &mut self,
        object: &Object<'_>,
        state: usize,
        living: &Living,
        to: &str,
        companion: &Companion,
    ) -> Result<Option<Living>, SessionError> {
        if self.making.contains(&companion.table) || self.is_ready(&companion.table)?.is_err() {
            return Ok(None);
        }
        let point = self.mark()?;
        if self.accompanied(object, living, companion)? {
            // Its company may have changed it.
            let now = self.look(&object.table.name, &living.stored)?;
            let living = Living { stored: now.unwrap_or_default(), ..living.clone() };
            if !living.stored.is_empty() {
                if let Step::Taken(living) = self.step(object, state, &living, to)? {
                    self.keep(point)?;
                    return Ok(Some(living));
                }
            }
        }
        self.take_back(point)?;
        Ok(None)
    }

    /// Writes a row beside another, which stays as it is, or beside each row that is beside that one.
    fn accompanied(
        &mut self,
        object: &Object<'_>,
        living: &Living,
        companion: &Companion,
    ) -> Result<bool, SessionError> {
        let own = &object.table.name;
        let mut world: World = living.world.clone();
        world.rows.insert(own.clone(), living.stored.clone());
        let world = world.narrowed(self.sides.ground, std::slice::from_ref(own));
        let Some(beside) = &companion.beside else {
            return self.written_beside(own, &world, companion);
        };
        let there = self.sides.ground.table(beside);
        let mut rows = self.rows(beside)?;
        rows.retain(|row| {
            there.foreign_keys.iter().filter(|key| key.references == *own).any(|key| {
                let ends = columns(there, &key.columns);
                let targets = columns(object.table, &key.referenced_columns);
                ends.len() == targets.len()
                    && ends
                        .iter()
                        .zip(targets)
                        .all(|(&at, to)| row[at].is_some() && row[at] == living.stored[to])
            })
        });
        let is_any = !rows.is_empty();
        for row in rows {
            let mut world = world.clone();
            world.rows.insert(beside.clone(), row);
            self.held.push(own.clone());
            let is_written = self.written_beside(beside, &world, companion);
            self.held.pop();
            if !is_written? {
                return Ok(false);
            }
        }
        Ok(is_any)
    }

    fn written_beside(
        &mut self,
        other: &QualifiedName,
        world: &World,
        companion: &Companion,
    ) -> Result<bool, SessionError> {
        let there = self.sides.ground.table(&companion.table);
        let keys = there.foreign_keys.iter().filter(|key| key.references == *other);
        let linked = keys.flat_map(|key| columns(there, &key.columns)).collect();
        let values = companion.value.iter().cloned().collect();
        let want = Want { values, linked, ..Want::default() };
        self.held.push(other.clone());
        let came = self.write(&companion.table, &want, &mut world.clone(), 1);
        self.held.pop();
        Ok(matches!(came?, Ok(Came::Row(_))))
    }
}
