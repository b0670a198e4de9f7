//! Ways to states to which no step leads that documents tell: a life cycle may be told in part, or in words that are not
//! understood. The steps are found by taking them. They bring rows to a state, and are no claim.

use std::collections::BTreeSet;

use underpin_model::FieldKind;
use underpin_physical::MachineDesign;
use underpin_server::SessionError;

use super::arena::Arena;
use super::attack::Object;
use super::found_lives::steps;
use super::ground::Kind;
use super::life::{birth_states, path};
use super::mapping::attribute;
use super::names::bare;

/// More states are not tried against each other.
const MOST: usize = 12;
/// How often ways are sought for rows that could not be made before.
const TRIES: usize = 3;

impl Arena<'_> {
    /// The life cycle of a column, with the steps that lead to states to which no step is told.
    pub(super) fn road(
        &mut self,
        object: &Object<'_>,
        state: usize,
    ) -> Result<Option<MachineDesign>, SessionError> {
        let Some(told) = object.shape.machine(state) else { return Ok(None) };
        let place = (object.ours.clone(), state);
        if let Some(known) = self.roads.get(&place) {
            return Ok(Some(known.clone()));
        }
        let mut road = told.clone();
        road.states = self.states(object, state);
        let is_sought = !is_whole(object, state, &road.states) && road.states.len() <= MOST;
        if !is_sought || self.making.contains(&object.table.name) {
            return Ok(Some(road));
        }
        // Rows that the search makes go the ways that are told.
        self.roads.insert(place.clone(), told.clone());
        let tried = self.sought.entry(place.clone()).or_default();
        *tried += 1;
        let is_last = *tried >= TRIES;
        let is_made = self.is_ready(&object.table.name)?.is_ok();
        if is_made {
            self.within(|arena| arena.seek(object, state, &mut road))?;
        }
        if is_made || is_last {
            self.roads.insert(place, road.clone());
        } else {
            self.roads.remove(&place);
        }
        Ok(Some(road))
    }

    /// Whether rows come to states to which no step leads that documents are understood to tell: others may be missing
    /// that they tell.
    pub(super) fn goes_further(
        &mut self,
        object: &Object<'_>,
        state: usize,
    ) -> Result<bool, SessionError> {
        if self.is_listed_further(object, state) {
            return Ok(true);
        }
        let road = self.road(object, state)?;
        let told = object.shape.machine(state);
        Ok(road.map(|it| it.transitions.len()) != told.map(|it| it.transitions.len()))
    }

    /// Whether the values of a column are known from the steps of its life alone: no document lists them.
    pub(super) fn lists_by_steps(&self, object: &Object<'_>, state: usize) -> bool {
        let model = self.sides.model;
        let attribute = attribute(self.sides, &object.ours, state);
        let Some(FieldKind::Enumeration(list)) = attribute.map(|it| &it.kind) else { return false };
        let field = attribute.and_then(|it| it.field);
        let source = model.enumeration(*list).source;
        model.lifecycles.iter().any(|it| Some(it.field) == field && it.source == source)
    }

    /// Whether a schema lists values of such a column that no step names: there may be steps that are not understood.
    fn is_listed_further(&self, object: &Object<'_>, state: usize) -> bool {
        let Some(place) = object.place(state) else { return false };
        let known: Vec<String> =
            self.states(object, state).iter().map(|value| bare(value)).collect();
        let column = &object.table.columns[place.column()];
        let listed = if let Kind::Labels(labels) = self.sides.ground.kind(column) {
            labels
        } else {
            self.sides.ground.quoted(object.table, place.column())
        };
        self.lists_by_steps(object, state) && listed.iter().any(|it| !known.contains(&bare(it)))
    }

    /// The states of a life cycle and the other values of its column.
    fn states(&self, object: &Object<'_>, state: usize) -> Vec<String> {
        let machine = object.shape.machine(state);
        let mut states = machine.map(|it| it.states.clone()).unwrap_or_default();
        let kind = attribute(self.sides, &object.ours, state).map(|it| &it.kind);
        if let Some(FieldKind::Enumeration(list)) = kind {
            for value in &self.sides.model.enumeration(*list).values {
                if !states.contains(value) {
                    states.push(value.clone());
                }
            }
        }
        states
    }

    fn seek(
        &mut self,
        object: &Object<'_>,
        state: usize,
        road: &mut MachineDesign,
    ) -> Result<(), SessionError> {
        let births = birth_states(object, state);
        let way_to = |road: &MachineDesign, to: &str| {
            let ways = births.iter().filter_map(|born| {
                let steps = path(road, born, to)?;
                Some(std::iter::once(born.clone()).chain(steps).collect::<Vec<_>>())
            });
            ways.min_by_key(Vec::len)
        };
        let mut seen: BTreeSet<String> = BTreeSet::new();
        loop {
            let (near, far): (Vec<_>, Vec<_>) =
                road.states.iter().cloned().partition(|to| way_to(road, to).is_some());
            let mut ways: Vec<Vec<String>> =
                near.iter().filter_map(|to| way_to(road, to)).collect();
            ways.sort_by_key(Vec::len);
            let last = |way: &Vec<String>| way.last().cloned().unwrap_or_default();
            let Some(way) = ways.into_iter().find(|way| !seen.contains(&last(way))) else {
                return Ok(());
            };
            if far.is_empty() {
                return Ok(());
            }
            let from = last(&way);
            seen.insert(from.clone());
            let found = self.within(|arena| steps(arena, object, state, &way, &far))?;
            if !found.is_empty() {
                road.transitions.push((from, found));
            }
        }
    }
}

/// Whether each state can be come to by steps that are told.
fn is_whole(object: &Object<'_>, state: usize, states: &[String]) -> bool {
    let Some(machine) = object.shape.machine(state) else { return true };
    let births = birth_states(object, state);
    states.iter().all(|to| births.iter().any(|born| path(machine, born, to).is_some()))
}
