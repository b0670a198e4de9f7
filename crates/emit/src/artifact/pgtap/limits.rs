//! What the rows of one row come to: as much as they may is accepted, and one row more is refused.

use underpin_pg::TestFile;
use underpin_rows::row::{Full, Limited, PlannedRow};

use super::scene::Scene;

/// More rows make a long test that says no more.
const MOST: usize = 24;

pub(super) fn write(scene: &mut Scene<'_>, file: &mut TestFile) {
    let shape = scene.shape;
    for limit in &shape.limits {
        let it = Limited { rows: shape, owner: &scene.shapes[limit.owner], limit };
        let Ok(full) = it.full(&mut scene.planner) else { continue };
        let Ok(one_more) = it.another(&mut scene.planner, &full, &full.owner, true) else {
            continue;
        };
        // Rows that are born in another state than the first are only tried on a server.
        let is_plain = |rows: &[PlannedRow]| rows.iter().all(|row| scene.is_born(row));
        if full.rows.len() > MOST || !is_plain(&full.rows) || !is_plain(&one_more) {
            continue;
        }
        let owner = limit.owner.name.as_str();
        let Full { rows, .. } = full;
        scene.accepted(&rows, format!("what one row of {owner} may have is accepted"), file);
        let description = format!("one row more is refused by {}", limit.design.trigger.as_str());
        scene.refused(&one_more, ("23514", None), description, file);
    }
}
