//! The ways of a row through its life cycle.

use std::collections::{BTreeMap, VecDeque};

use underpin_pg::Update;
use underpin_physical::MachineDesign;

use super::{PlannedRow, Planner, Row, Shape};

/// The shortest way from birth to each state that can be reached.
pub fn paths(machine: &MachineDesign) -> BTreeMap<&String, Vec<&String>> {
    let mut paths: BTreeMap<&String, Vec<&String>> = BTreeMap::new();
    let mut queue = VecDeque::new();
    let births: Vec<&String> = match &machine.initial {
        Some(initial) => vec![initial],
        None => machine.states.iter().collect(),
    };
    for birth in births {
        paths.insert(birth, vec![birth]);
        queue.push_back(birth);
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

/// A step of a row's life.
#[derive(Debug, Clone)]
pub struct Step {
    /// Rows that must be there first, since the new state asks for a reference to them.
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
    let (before, after) =
        planner.change_along(&shape.table.name, row, &[(column, state)], known)?;
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
    Ok(Step { before, statement: update.to_string(), row: after })
}
