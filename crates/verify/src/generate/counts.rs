//! How many rows each table gets: as many as are stated, scaled to what may be generated, but enough
//! where an index must earn its use.

use std::collections::BTreeMap;

use underpin_pg::QualifiedName;
use underpin_physical::PhysicalDesign;

/// Below so many rows a table is read whole faster than by an index, whatever its indexes.
const INDEXED_LEAST: u64 = 3_000;
/// What a table gets of which nothing is said.
const UNSTATED: u64 = 500;

/// The number of rows of each table.
pub(crate) fn counts(physical: &PhysicalDesign, most: u64) -> BTreeMap<QualifiedName, usize> {
    let tables = u64::try_from(physical.schema.tables.len()).unwrap_or(u64::MAX).max(1);
    let share = (most / tables).max(1);
    let least = |table: &QualifiedName| {
        let is_indexed = physical
            .queries
            .iter()
            .any(|query| query.promised_index.is_some() && query.tables.contains(table));
        if is_indexed { INDEXED_LEAST.min(share) } else { UNSTATED.min(share) }
    };
    let stated: BTreeMap<&QualifiedName, u64> = physical
        .schema
        .tables
        .keys()
        .map(|table| {
            let design = physical.tables.iter().find(|design| design.table == *table);
            let rows = design.and_then(|design| design.growth.rows).map(whole);
            (table, rows.unwrap_or(UNSTATED))
        })
        .collect();
    let floor: u64 = stated.keys().map(|table| least(table)).sum();
    // What is left beyond the least is shared out by what is stated.
    let left = most.saturating_sub(floor);
    let all: u64 = stated.values().sum::<u64>().max(1);
    stated
        .iter()
        .map(|(&table, &rows)| {
            let extra = u128::from(left) * u128::from(rows) / u128::from(all);
            let extra = u64::try_from(extra).unwrap_or(u64::MAX);
            let floor = least(table);
            let count = (floor + extra).min(rows.max(floor));
            (table.clone(), usize::try_from(count).unwrap_or(usize::MAX))
        })
        .collect()
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
    fn a_table_with_a_promised_index_gets_enough() {
        let shop = Shop::new();
        let counts = counts(&shop.physical, 60_000);
        assert!(counts[&named("orders")] >= 3_000);
        assert_eq!(counts[&named("users")], 500);
        assert!(counts.values().sum::<usize>() <= 60_000);
    }
}
