//! How many rows each table gets: as many as are stated, scaled to what was asked for; where nothing is stated, in
//! proportion to the table that its rows belong to.

use underpin_physical::PhysicalDesign;

use super::Ordinal;
use super::keys::KeyPlan;
use super::links::LinkPlans;

/// A table that belongs to nothing and of which nothing is stated.
const ROOT: f64 = 1_000.0;
/// Rows for each row of the table that they belong to, where nothing is stated.
const CHILDREN: f64 = 4.0;
/// So many rows a table gets where the stated ones are as many; of fewer, plans tell nothing.
const LEAST: u64 = 10;
/// Of those that belong to one of a few rows, so many each keep their proportion, up to this.
const LEAST_CHILDREN: f64 = 200.0;

/// The number of rows wanted of each table; 0 for keys of other systems. `is_single` says of which tables one row at
/// most belongs to one of another.
pub(super) fn counts(
    plans: &LinkPlans<'_>,
    is_single: &[bool],
    physical: &PhysicalDesign,
    most: u64,
) -> Vec<u64> {
    let mut volumes = vec![0.0_f64; plans.shapes.len()];
    // No more than are stated; where nothing is, as many as are wanted.
    let mut is_stated = false;
    for (at, shape) in plans.shapes.iter().enumerate() {
        let Some(shape) = shape else { continue };
        let design = physical.tables.of(&shape.table.name);
        let stated = design.and_then(|design| design.growth.usual_rows());
        is_stated |= stated.is_some();
        let parents = plans
            .owner(at)
            .map(|owner| (volumes[owner.target], owner.turn.0))
            .filter(|(volume, _)| *volume > 0.0);
        // Of the rows of a kind, there are as many as the kind has a share in.
        let share = |turns: u64| 1.0 / f64::from(u32::try_from(turns).unwrap_or(u32::MAX));
        volumes[at] = match (shape.table.seeds.len(), stated, parents) {
            (0, stated, Some((parents, turns))) if is_single[at] => {
                let most = parents * share(turns);
                stated.map_or(most, |stated| stated.clamp(1.0, most.max(1.0)))
            }
            (0, Some(stated), _) => stated.max(1.0),
            (0, None, parents) => {
                parents.map_or(ROOT, |(parents, turns)| parents * share(turns) * CHILDREN)
            }
            // What the documents list is all that there is.
            (_, _, _) => 0.0,
        };
    }
    let tables = u64::try_from(volumes.len()).unwrap_or(u64::MAX).max(1);
    let least = LEAST.min(most / tables).max(1);
    let small = f64::from(u32::try_from(least).unwrap_or(u32::MAX));
    // As many of each parent as are stated.
    let floors: Vec<u64> = (0..volumes.len())
        .map(|at| {
            let parents = plans.owner(at).map(|owner| volumes[owner.target]).filter(|it| *it > 0.0);
            let each = parents.map_or(1.0, |parents| (volumes[at] / parents).max(1.0));
            let wanted = (small * each).min(LEAST_CHILDREN);
            let room = most / tables;
            let all = if is_stated { whole(volumes[at]) } else { u64::MAX };
            all.min(whole(wanted)).min(room.max(1)).max(1)
        })
        .collect();
    // What small tables get beyond their share is taken from the others.
    let all: f64 = volumes.iter().sum();
    let mut factor = share_of(most, all, is_stated);
    for _ in 0..4 {
        let (mut kept, mut great) = (0, 0.0);
        for (volume, floor) in volumes.iter().zip(&floors).filter(|(volume, _)| **volume > 0.0) {
            if whole(volume * factor) <= *floor {
                kept += floor;
            } else {
                great += volume;
            }
        }
        factor = share_of(most.saturating_sub(kept), great, is_stated);
    }
    plans
        .shapes
        .iter()
        .zip(volumes.iter().zip(&floors))
        .map(|(shape, (volume, floor))| match shape {
            None => 0,
            Some(shape) if !shape.table.seeds.is_empty() => {
                u64::try_from(shape.table.seeds.len()).unwrap_or(u64::MAX)
            }
            Some(_) => whole(volume * factor).max(*floor),
        })
        .collect()
}

/// The part of the stated rows that is made: all of them, where that is not more than wanted.
#[expect(clippy::cast_precision_loss, reason = "a share")]
fn share_of(most: u64, all: f64, is_stated: bool) -> f64 {
    let share = most as f64 / all.max(1.0);
    if is_stated { share.min(1.0) } else { share }
}

/// Whether at most one row of the table belongs to one of another.
pub(super) fn is_single(plans: &LinkPlans<'_>, table: usize, keys: &KeyPlan) -> bool {
    plans.shapes[table].is_some_and(|shape| {
        keys.countings.iter().any(|counting| {
            let key = &shape.keys[counting.key];
            counting.by == Ordinal::Sibling && counting.digits.is_empty() && !key.is_partial
        })
    })
}

/// A number of rows as a count.
fn whole(rows: f64) -> u64 {
    format!("{:.0}", rows.max(0.0)).parse().unwrap_or(u64::MAX)
}
