//! What rows keep the row that they belong to from: beside one that holds it, or without one, it is refused.

use underpin_pg::{Assertion, TestFile};
use underpin_rows::row::{HeldStep, HoldShape, PlannedRow};

use super::scene::Scene;

pub(super) fn write(scene: &mut Scene<'_>, file: &mut TestFile) {
    let shape = scene.shape;
    for it in &shape.holds {
        let ready = it.steps(shape).into_iter().find_map(|step| held(scene, it, &step));
        let Some((rows, statement)) = ready else { continue };
        let there = if it.while_there() { "while a row" } else { "while no row" };
        let description = format!(
            "{there} of {} belongs to it, it is refused by {}",
            it.rows.name.as_str(),
            it.design.owner_trigger.as_str()
        );
        scene.insert(&rows, file);
        scene.known.extend(rows);
        let sqlstate = "23514";
        file.assert(Assertion::Refused { statement, sqlstate, message: None, description });
    }
}

/// All that is there, and the UPDATE that is refused then.
fn held(
    scene: &mut Scene<'_>,
    it: &HoldShape<'_>,
    step: &HeldStep,
) -> Option<(Vec<PlannedRow>, String)> {
    let ready = scene.planner.about_to(scene.shape, it, step).ok()?;
    let (mut rows, row) = (ready.rows(), ready.row().ok()?);
    if it.while_there() {
        // Where no row may come any more, none can be there.
        let asks = &scene.shapes[it.rows].owner_states;
        let mut asks = asks.iter().filter(|it| *it.owner == scene.shape.table.name);
        if asks.any(|it| it.design.owner_state.inserts && !it.allows(&row)) {
            return None;
        }
        rows.extend(scene.planner.holding(it, &row, &rows).ok()?);
    }
    let may_stand = |row: &PlannedRow| {
        scene.is_born(row) && (scene.shapes[&row.table].limits.is_empty() || !scene.is_there(row))
    };
    let young = rows.iter().flat_map(|it| it.youth.iter().flat_map(|it| &it.beside));
    let is_let_through =
        !it.while_there() && rows.iter().chain(young).any(|other| it.holds(other, &row));
    (rows.iter().all(may_stand) && !is_let_through).then_some((rows, ready.statement))
}
