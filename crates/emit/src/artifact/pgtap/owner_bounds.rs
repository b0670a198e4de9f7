//! Values that are held against those of an owner: the last one that it lets in is accepted, and the first beyond it refused.

use underpin_pg::TestFile;

use super::scene::Scene;

pub(super) fn write(scene: &mut Scene<'_>, file: &mut TestFile) {
    let shape = scene.shape;
    for it in &shape.owner_bounds {
        let theirs = scene.shapes[it.owner].name(it.theirs).as_str();
        let bound = format!("{theirs} of {}", it.owner.name.as_str());
        let own = shape.name(it.own).as_str();
        for is_beyond in [false, true] {
            let Ok((owner, last, beyond)) = scene.planner.bounding(shape, it) else { continue };
            let value = if is_beyond { &beyond } else { &last };
            let Ok(rows) = scene.planner.bounded(shape, it, &owner, value) else { continue };
            let is_plain = rows.last().is_some_and(|row| scene.is_born(row));
            // A key or a span that keeps a row apart from those that are there says nothing of the bound.
            if !is_plain || rows.iter().any(|row| scene.is_there(row)) {
                continue;
            }
            if is_beyond {
                let trigger = it.design.trigger.as_str();
                let what = format!("{own} beyond {bound} is refused by {trigger}");
                scene.refused(&rows, ("23514", None), what, file);
            } else {
                scene.accepted(&rows, format!("{own} as far as {bound} lets it is accepted"), file);
            }
        }
    }
}
