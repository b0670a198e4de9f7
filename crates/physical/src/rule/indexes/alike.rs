//! How many rows of a table are alike, as far as volumes say: what decides whether an index of their own pays.

use underpin_logical::{LogicalDesign, RelationId};
use underpin_model::Model;
use underpin_pg::Ident;

use crate::PhysicalDesign;

/// How many rows share the values that are compared, as far as volumes say: the rows of the table
/// over those of the largest relation referred to.
pub(super) fn rows_alike(
    logical: &LogicalDesign,
    design: &PhysicalDesign,
    id: RelationId,
    equal: &[Ident],
) -> f64 {
    let table = &design.tables[id.index()];
    let Some(rows) = table.growth.rows else { return f64::INFINITY };
    let parents = logical
        .relation(id)
        .links()
        .filter(|reference| {
            reference.attributes.last().is_some_and(|&last| equal.contains(table.column(last)))
        })
        .filter_map(|reference| design.tables[reference.target.index()].growth.rows)
        .fold(1.0, f64::max);
    rows / parents
}

/// Rows that share one value of the reference with the fewest distinct values, as far as volumes
/// say.
pub(super) fn rows_in_one(
    model: &Model,
    logical: &LogicalDesign,
    design: &PhysicalDesign,
    id: RelationId,
) -> f64 {
    let rows = design.tables[id.index()].growth.rows;
    let tenants = model
        .tenant
        .as_ref()
        .and_then(|tenant| logical.relation_of(tenant.entity))
        .and_then(|tenants| design.tables[tenants.index()].growth.rows);
    match (rows, tenants) {
        (Some(rows), Some(tenants)) if tenants >= 1.0 => rows / tenants,
        _ => f64::INFINITY,
    }
}
