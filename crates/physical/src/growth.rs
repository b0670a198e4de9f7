//! Claims on how a query's work grows with its table. They are stated where somebody asks for a size to judge them
//! at: on a few thousand rows the planner rightly reads whole tables, which would refute each of them.

use underpin_claim::{Claim, Family, Subject};
use underpin_model::AccessKind;

use crate::PhysicalDesign;

/// An estimate that is further off than so many times makes the planner choose by a wrong picture.
const FURTHEST_ESTIMATE: i64 = 10;

/// One claim for each query that reads, for so many rows in all tables together.
pub fn growth_claims(design: &PhysicalDesign, rows: u64) -> Vec<Claim> {
    let reads = design
        .queries
        .iter()
        .filter(|query| query.kind == AccessKind::Read && query.statement.is_some());
    reads
        .map(|query| {
            let name = &query.name;
            Claim::new(
                Family::Growth,
                Subject::of(query.table.name.as_str(), name),
                format!(
                    "`{name}` takes the same way at 1, 10 and 100 % of {rows} rows: it reads no table that grows from \
                     end to end, sorts in memory, and no estimate is wrong by more than {FURTHEST_ESTIMATE} times."
                ),
            )
            .demand("rows", i64::try_from(rows).unwrap_or(i64::MAX))
            .demand("estimate_factor", FURTHEST_ESTIMATE)
        })
        .collect()
}
