//! How many rows each table gets: as many as are stated, scaled to what was asked for; where nothing is stated, in
//! proportion to the table that its rows belong to.

use underpin_physical::PhysicalDesign;

use super::links::LinkPlans;

/// A table that belongs to nothing and of which nothing is stated.
const ROOT: f64 = 1_000.0;
/// Rows for each row of the table that they belong to, where nothing is stated.
const CHILDREN: f64 = 4.0;
/// So many rows a table gets where the stated ones are as many; of fewer, plans tell nothing.
const LEAST: u64 = 20;

/// The number of rows wanted of each table; 0 for keys of other systems.
pub(super) fn counts(plans: &LinkPlans<'_>, physical: &PhysicalDesign, most: u64) -> Vec<u64> {
    let mut volumes = vec![0.0_f64; plans.shapes.len()];
    for (at, shape) in plans.shapes.iter().enumerate() {
        let Some(shape) = shape else { continue };
        let design = physical.tables.iter().find(|design| design.table == shape.table.name);
        let stated = design.and_then(|design| design.growth.rows);
        let parents = plans.owner(at).map(|owner| volumes[owner.target]).filter(|it| *it > 0.0);
        volumes[at] = match (shape.table.seeds.len(), stated) {
            (0, Some(stated)) => stated.max(1.0),
            (0, None) => parents.map_or(ROOT, |parents| parents * CHILDREN),
            // What the documents list is all that there is.
            (_, _) => 0.0,
        };
    }
    let all: f64 = volumes.iter().sum();
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    let factor = (most as f64 / all.max(1.0)).min(1.0);
    plans
        .shapes
        .iter()
        .zip(&volumes)
        .map(|(shape, &volume)| match shape {
            None => 0,
            Some(shape) if !shape.table.seeds.is_empty() => {
                u64::try_from(shape.table.seeds.len()).unwrap_or(u64::MAX)
            }
            Some(_) => whole(volume * factor).max(whole(volume).min(LEAST)).max(1),
        })
        .collect()
}

/// A number of rows as a count.
fn whole(rows: f64) -> u64 {
    format!("{:.0}", rows.max(0.0)).parse().unwrap_or(u64::MAX)
}
