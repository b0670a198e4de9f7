//! How many rows each table gets: as many as are stated, scaled to what may be generated, but enough
//! where an index must earn its use.

use std::collections::BTreeMap;

use underpin_pg::{PartitionBound, QualifiedName, Table};
use underpin_physical::PhysicalDesign;

/// A table that refers to nothing, such as that of the tenants: few, so that each has much, and enough
/// that an index is still faster than reading the whole table.
const ROOT: u64 = 300;
/// Such a table where a query is promised an index on it: as many as an index needs to be the shorter way
/// into the narrowest of tables.
const READ_ROOT: u64 = 1_000;
/// A table to which others refer: fewer than theirs.
const MIDDLE: u64 = 1_500;
/// A table to which no other refers.
const LEAF: u64 = 2_000;

/// The number of rows of each table.
pub(crate) fn counts(physical: &PhysicalDesign, most: u64) -> BTreeMap<QualifiedName, usize> {
    let schema = &physical.schema;
    let tables: u64 = schema.tables.values().map(parts).sum();
    let share = (most / tables.max(1)).max(1);
    let least = |table: &QualifiedName| {
        let is_referred_to = schema.tables.values().any(|other| {
            other.name != *table && other.foreign_keys.iter().any(|key| key.references == *table)
        });
        let refers = schema.tables[table].foreign_keys.iter().any(|key| key.references != *table);
        match (is_referred_to, refers) {
            (true, false)
                if physical
                    .queries
                    .iter()
                    .any(|query| query.table == *table && query.promised_index.is_some()) =>
            {
                READ_ROOT
            }
            (true, false) => ROOT,
            (true, true) => MIDDLE,
            (false, _) => LEAF,
        }
        .min(share)
            * parts(&schema.tables[table])
    };
    // Stated volumes lie orders of magnitude apart. Their power keeps the order and brings them nearer,
    // so that the smaller ones are not left with nothing.
    let weight = |table: &QualifiedName| {
        let design = physical.tables.of(table);
        design
            .and_then(|design| design.growth.usual_rows())
            .map_or(0.0, |rows| rows.max(0.0).powf(0.7))
    };
    let floor: u64 = schema.tables.keys().map(least).sum();
    let all: f64 = schema.tables.keys().map(weight).sum();
    let left = most.saturating_sub(floor);
    schema
        .tables
        .keys()
        .map(|table| {
            let parts_per_million = if all > 0.0 { whole(weight(table) / all * 1e6) } else { 0 };
            let extra = u128::from(left) * u128::from(parts_per_million) / 1_000_000;
            let count = least(table) + u64::try_from(extra).unwrap_or(u64::MAX);
            (table.clone(), usize::try_from(count).unwrap_or(usize::MAX))
        })
        .collect()
}

/// In how many parts a table is from the start, each of which needs rows of its own.
fn parts(table: &Table) -> u64 {
    let split = table.partitioning.iter().flat_map(|it| &it.partitions);
    let parts = split.filter(|it| match it.bound {
        PartitionBound::List(_) | PartitionBound::Hash { .. } => true,
        PartitionBound::Default | PartitionBound::Range { .. } => false,
    });
    u64::try_from(parts.count()).unwrap_or(u64::MAX).max(1)
}

/// A stated number of rows as a count.
pub(crate) fn whole(rows: f64) -> u64 {
    let text = format!("{:.0}", rows.max(0.0));
    text.parse().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, named};

    #[test]
    fn the_further_down_the_more_rows() {
        let mut shop = Shop::new();
        shop.physical.tables[1].growth.rows = Some(1e9);
        let counts = counts(&shop.physical, 60_000);
        assert_eq!(counts[&named("users")], 300);
        assert_eq!(counts[&named("lines")], 2_000);
        assert!(counts[&named("orders")] > 50_000);
        assert!(counts.values().sum::<usize>() <= 60_000);
    }
}
