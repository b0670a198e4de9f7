//! Life cycles of which the documents list the states and not the steps, where a trigger keeps rows from being born in all of
//! them: the steps are found by taking them. They serve to bring rows to a state, and are no claim.

use std::collections::{BTreeMap, BTreeSet};

use underpin_model::{FieldKind, LifecycleId};
use underpin_pg::{Ident, QualifiedName};
use underpin_physical::{MachineDesign, PhysicalDesign};
use underpin_server::SessionError;

use super::arena::Arena;
use super::attack::{Object, holds, objects};
use super::life::{Living, Step};
use super::mapping::{Place, attribute};
use super::world::World;
use crate::value::Value;

/// More states are not tried against each other.
const MOST: usize = 12;

/// Columns of our own design whose life cycle was found, with what was found.
pub(super) type Found = BTreeMap<(QualifiedName, Ident), MachineDesign>;

/// The life cycles of tables of which none are known so far.
pub(super) fn found(
    arena: &mut Arena<'_>,
    settled: &mut BTreeSet<(QualifiedName, Ident)>,
) -> Result<Found, SessionError> {
    let mut all = Found::new();
    for object in objects(arena) {
        if arena.sides.ground.schema.triggers_of(&object.table.name).next().is_none() {
            continue;
        }
        for (at, states) in listed(arena, &object) {
            let column = object.shape.name(at).clone();
            let place = (object.ours.clone(), column.clone());
            if states.len() > MOST || settled.contains(&place) {
                continue;
            }
            let births = births(arena, &object, at, &states)?;
            if births.is_empty() {
                // What it belongs to may have to live first.
                continue;
            }
            settled.insert(place.clone());
            if births.len() == states.len() {
                continue;
            }
            if let Some(machine) = lived(arena, &object, at, (births, states), column)? {
                all.insert(place, machine);
            }
        }
    }
    Ok(all)
}

/// A design with the life cycles that were found.
pub(super) fn with(physical: &PhysicalDesign, found: &Found) -> PhysicalDesign {
    let mut physical = physical.clone();
    for ((table, _), machine) in found {
        if let Some(design) = physical.tables.iter_mut().find(|it| it.table == *table) {
            design.machines.push(machine.clone());
        }
    }
    physical
}

/// The columns that hold a value of a list and have no life cycle, with their lists.
fn listed(arena: &Arena<'_>, object: &Object<'_>) -> Vec<(usize, Vec<String>)> {
    let model = arena.sides.model;
    let list = |at: usize| match attribute(arena.sides, &object.ours, at).map(|it| &it.kind) {
        Some(FieldKind::Enumeration(list)) => Some((at, model.enumeration(*list).values.clone())),
        Some(_) | None => None,
    };
    let is_open = |at: &usize| {
        object.shape.machine(*at).is_none() && matches!(object.place(*at), Some(Place::Column(_)))
    };
    (0..object.shape.table.columns.len()).filter(is_open).filter_map(list).collect()
}

/// The states in which rows are born.
fn births(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    state: usize,
    states: &[String],
) -> Result<Vec<String>, SessionError> {
    let mut births = Vec::new();
    for to in states {
        let born = arena.within(|arena| birth(arena, object, state, to))?;
        if born.is_some() {
            births.push(to.clone());
        }
    }
    Ok(births)
}

/// The life that rows are found to live; nothing where they take no step.
fn lived(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    state: usize,
    (births, states): (Vec<String>, Vec<String>),
    column: Ident,
) -> Result<Option<MachineDesign>, SessionError> {
    let initial = match &births[..] {
        [only] => Some(only.clone()),
        _ => None,
    };
    let mut transitions: Vec<(String, Vec<String>)> = Vec::new();
    let mut ways: Vec<Vec<String>> = births.iter().map(|it| vec![it.clone()]).collect();
    let mut at = 0;
    while let Some(way) = ways.get(at).cloned() {
        let here = way.last().expect("a way begins with a birth").clone();
        let known: BTreeSet<String> = ways.iter().filter_map(|way| way.last().cloned()).collect();
        let next = arena.within(|arena| steps(arena, object, state, &way, &states))?;
        for to in &next {
            if !known.contains(to) {
                let mut further = way.clone();
                further.push(to.clone());
                ways.push(further);
            }
        }
        if !next.is_empty() {
            transitions.push((here, next));
        }
        at += 1;
    }
    let trigger = column.clone();
    Ok((!transitions.is_empty()).then_some(MachineDesign {
        lifecycle: LifecycleId::from_index(arena.sides.model.lifecycles.len()),
        column,
        states,
        initial,
        transitions,
        initial_rule: trigger.clone(),
        transition_rule: trigger.clone(),
        trigger,
    }))
}

/// A row that is born in a state, where one is.
fn birth(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    state: usize,
    to: &str,
) -> Result<Option<Living>, SessionError> {
    let Some(Place::Column(column)) = object.place(state) else { return Ok(None) };
    let value = Value::Text(to.to_owned());
    let wanted = arena.encode(&object.ours, state, object.table, column, &value)?;
    let born = arena.born(object, &[(state, value)], &mut World::default())?;
    Ok(born.ok().filter(|living| holds(&living.stored, column, &wanted)))
}

/// The states that may follow the last one of a way.
pub(super) fn steps(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    state: usize,
    way: &[String],
    states: &[String],
) -> Result<Vec<String>, SessionError> {
    let [born, path @ ..] = way else { return Ok(Vec::new()) };
    let Some(living) = birth(arena, object, state, born)? else { return Ok(Vec::new()) };
    let Ok(living) = arena.walked(object, state, living, path)? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for to in states.iter().filter(|to| !way.contains(to)) {
        let step = arena.within(|arena| arena.step_in_company(object, state, &living, to))?;
        if let Step::Taken(_) = step {
            found.push(to.clone());
        }
    }
    Ok(found)
}
