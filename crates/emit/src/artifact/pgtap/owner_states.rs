//! What may be added only beside an owner in some state: beside one in another, a row is refused.

use underpin_pg::TestFile;
use underpin_rows::row::{OwnerStateShape, PlannedRow, Row, Wish};

use super::scene::Scene;

pub(super) fn write(scene: &mut Scene<'_>, file: &mut TestFile) {
    let shape = scene.shape;
    for it in shape.owner_states.iter().filter(|it| it.design.owner_state.inserts) {
        let Some((rows, what)) = beside_another(scene, it) else { continue };
        // It would be refused for its own state.
        if !rows.last().is_some_and(|row| scene.is_born(row)) {
            continue;
        }
        let trigger = it.design.trigger.as_str();
        let description =
            format!("a row beside one of {} {what} is refused by {trigger}", it.owner);
        scene.refused(&rows, ("23514", None), description, file);
    }
}

/// A row beside an owner that does not allow it, which all other rules let in.
fn beside_another(
    scene: &mut Scene<'_>,
    it: &OwnerStateShape<'_>,
) -> Option<(Vec<PlannedRow>, String)> {
    let owner = &scene.shapes[it.owner];
    let goals: Vec<_> = it.at_birth(owner).collect();
    let mut found = None;
    for machine in &owner.machines {
        let wish = Wish { goals: goals.clone(), ..Wish::default() };
        let mut rows = scene.planner.plan(it.owner, &wish, &[]).ok()?.rows;
        let is_barred = |row: &Row| !it.allows(row);
        if let Ok(row) = scene.planner.grow_until(owner, &is_barred, &mut rows) {
            let state = row[machine.column].text().unwrap_or_default();
            let column = machine.design.column.as_str();
            found = Some((rows, format!("whose {column} is {state}")));
            break;
        }
    }
    if found.is_none() {
        let mut goals = goals;
        goals.first_mut()?.kept = false;
        let rows = scene.planner.plan(it.owner, &Wish { goals, ..Wish::default() }, &[]).ok()?.rows;
        found = Some((rows, "that does not allow it".to_owned()));
    }
    let (rows, what) =
        found.filter(|(rows, _)| rows.last().is_some_and(|row| !it.allows(&row.values)))?;
    let there = &rows.last()?.values;
    let values = it.reference.iter().map(|&(own, at)| (own, there[at].clone())).collect();
    let wish = Wish { values, ..Wish::default() };
    let row = scene.planner.plan(&scene.shape.table.name, &wish, &rows).ok()?.rows;
    Some((rows.iter().cloned().chain(row).collect(), what))
}
