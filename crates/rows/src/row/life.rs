//! The ways of a row through its life cycle.

use std::collections::{BTreeMap, VecDeque};

use underpin_pg::Update;
use underpin_physical::MachineDesign;

use super::{PlannedRow, Planner, Row, Shape};
use crate::value::Value;

/// The shortest way from birth to each state that can be reached.
pub fn paths(machine: &MachineDesign) -> BTreeMap<&String, Vec<&String>> {
    match &machine.initial {
        Some(initial) => ways(machine, vec![initial]),
        None => ways(machine, machine.states.iter().collect()),
    }
}

/// The shortest way to each state that can be reached from some others.
pub(super) fn ways<'m>(
    machine: &'m MachineDesign,
    from: Vec<&'m String>,
) -> BTreeMap<&'m String, Vec<&'m String>> {
    let mut paths: BTreeMap<&String, Vec<&String>> = BTreeMap::new();
    let mut queue = VecDeque::new();
    for begin in from {
        paths.insert(begin, vec![begin]);
        queue.push_back(begin);
    }
    while let Some(state) = queue.pop_front() {
        for next in machine.followers(state) {
            if !paths.contains_key(next) {
                let mut path = paths[state].clone();
                path.push(next);
                paths.insert(next, path);
                queue.push_back(next);
            }
        }
    }
    paths
}

/// Every way from birth to where it goes no further without coming back: states in their order, at most so many
/// ways.
pub fn lives(machine: &MachineDesign, most: usize) -> Vec<Vec<&String>> {
    let mut open: Vec<Vec<&String>> = match &machine.initial {
        Some(initial) => vec![vec![initial]],
        None => machine.states.iter().map(|state| vec![state]).collect(),
    };
    let mut found = Vec::new();
    while let Some(way) = open.pop() {
        if found.len() == most {
            break;
        }
        let last = way.last().expect("a way begins with a birth");
        let next: Vec<&String> =
            machine.followers(last).iter().filter(|state| !way.contains(state)).collect();
        if next.is_empty() {
            found.push(way);
            continue;
        }
        // The one that is listed first is gone first.
        for state in next.into_iter().rev() {
            let mut further = way.clone();
            further.push(state);
            open.push(further);
        }
    }
    found
}

/// A step of a row's life.
#[derive(Debug, Clone)]
pub struct Step {
    /// Rows that must be there first, since the new state asks for a reference to them, or for their reference to this one.
    pub before: Vec<PlannedRow>,
    /// The UPDATE.
    pub statement: String,
    /// The row afterwards.
    pub row: Row,
}

/// The step that takes a row to a state, with what that state requires. `known` are the rows that are there.
pub fn step(
    planner: &mut Planner<'_>,
    shape: &Shape<'_>,
    column: usize,
    row: &Row,
    state: &str,
    known: &[PlannedRow],
) -> Result<Step, String> {
    change(planner, shape, row, &[(column, Value::Text(state.to_owned()))], known)
}

/// The step that gives a row other values, with what those require.
pub fn change(
    planner: &mut Planner<'_>,
    shape: &Shape<'_>,
    row: &Row,
    values: &[(usize, Value)],
    known: &[PlannedRow],
) -> Result<Step, String> {
    let (mut before, mut after) = planner.change_along(&shape.table.name, row, values, known)?;
    if shape.holds.iter().any(|it| !it.while_there() && it.is_step(row, &after)) {
        let there: Vec<PlannedRow> = known.iter().chain(&before).cloned().collect();
        before.extend(planner.asked_beside(shape, (row, &after), &there)?);
    }
    let set = (0..row.len())
        .filter(|&at| after[at] != row[at])
        .map(|at| (shape.name(at).clone(), after[at].expr()))
        .chain(shape.raised())
        .collect();
    let filter = shape.known_row(row).ok_or("the table has no key by which to change one row")?;
    let update = Update {
        table: shape.table.name.clone(),
        set,
        filter: Some(filter),
        returning: Vec::new(),
    };
    // Who changes it next has to know its version.
    if let Some(at) = shape.raised().and_then(|(name, _)| shape.column(&name)) {
        if let Value::Number(version) = &after[at] {
            after[at] = version.plus(1.into()).map_or(Value::Null, Value::Number);
        }
    }
    Ok(Step { before, statement: update.to_string(), row: after })
}
