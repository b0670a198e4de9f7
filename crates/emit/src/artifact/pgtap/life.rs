//! How rows are born and what becomes of them: each allowed step of a life cycle, and each other.

use underpin_pg::{Assertion, TestFile};
use underpin_physical::MachineDesign;
use underpin_rows::row::{PlannedRow, Row, Step, Wish, paths, step};
use underpin_rows::value::Value;

use super::scene::Scene;

pub(super) fn write(scene: &mut Scene<'_>, file: &mut TestFile) {
    let shape = scene.shape;
    for machine in &shape.machines {
        let design = machine.design;
        let column = design.column.as_str();
        file.heading(format!("The life cycle of {column}."));
        births(scene, design, machine.column, file);
        let paths = paths(design);
        for from in &design.states {
            let Some(path) = paths.get(from) else { continue };
            let Some(row) = placed(scene, machine.column, path, file) else { continue };
            let next = design.followers(from);
            for to in design.states.iter().filter(|to| *to != from && !next.contains(to)) {
                let Some(step) = ahead(scene, machine.column, &row, to, file) else { continue };
                file.assert(Assertion::Refused {
                    statement: step.statement,
                    sqlstate: "23514",
                    message: Some(design.guard(&shape.table.name).refused_step(from, to)),
                    description: format!("{column} cannot go from {from} to {to}"),
                });
            }
            let mut row = Some(row);
            for to in next {
                // The first goes on from here; each other needs a row of its own.
                let here = row.take().or_else(|| placed(scene, machine.column, path, file));
                let Some(here) = here else { continue };
                if let Some(step) = ahead(scene, machine.column, &here, to, file) {
                    let description = format!("{column} goes from {from} to {to}");
                    let statement = step.statement;
                    file.assert(Assertion::Accepted { statement, description });
                }
            }
        }
    }
}

/// The step of a row that is there to a state, after the rows that the state refers to were inserted.
fn ahead(
    scene: &mut Scene<'_>,
    column: usize,
    row: &Row,
    to: &str,
    file: &mut TestFile,
) -> Option<Step> {
    let step = step(&mut scene.planner, scene.shape, column, row, to, &scene.known).ok()?;
    scene.insert(&step.before, file);
    scene.known.extend(step.before.iter().cloned());
    Some(step)
}

fn births(scene: &mut Scene<'_>, design: &MachineDesign, column: usize, file: &mut TestFile) {
    let Some(initial) = &design.initial else { return };
    for state in design.states.iter().filter(|state| *state != initial) {
        let Some(mut rows) = scene.plan(Wish::default()) else { return };
        // The trigger refuses it before anything else looks at the row.
        let last = rows.last_mut().expect("a plan ends with its row");
        last.values[column] = Value::Text(state.clone());
        let message = design.guard(&scene.shape.table.name).refused_birth(state);
        let description = format!("a row is not born {state}");
        scene.refused(&rows, ("23514", Some(message)), description, file);
    }
}

/// A row that went along a path from its birth.
fn placed(
    scene: &mut Scene<'_>,
    column: usize,
    path: &[&String],
    file: &mut TestFile,
) -> Option<Row> {
    let (birth, steps) = path.split_first()?;
    let is_free = scene.shape.machine(column).is_some_and(|machine| machine.initial.is_none());
    let wish = if is_free {
        Wish { values: [(column, Value::Text((*birth).clone()))].into(), ..Wish::default() }
    } else {
        Wish::default()
    };
    let rows = scene.plan_to_stay(wish)?;
    let mut row = rows.last()?.values.clone();
    let mut known: Vec<PlannedRow> = scene.known.iter().chain(&rows).cloned().collect();
    let mut taken = Vec::new();
    for state in steps {
        let step = step(&mut scene.planner, scene.shape, column, &row, state, &known).ok()?;
        known.extend(step.before.iter().cloned());
        row.clone_from(&step.row);
        taken.push(step);
    }
    scene.insert(&rows, file);
    if let Some(mut last) = rows.into_iter().next_back() {
        last.values.clone_from(&row);
        scene.known.push(last);
    }
    for step in taken {
        scene.insert(&step.before, file);
        scene.known.extend(step.before);
        file.statement(step.statement);
    }
    Some(row)
}
