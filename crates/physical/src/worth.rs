//! Claims on what each index is worth: without it, something gets slower. They are stated where somebody asks for a size to
//! judge them at, since an index on few rows saves nothing that could be measured.

use underpin_claim::{Claim, Family, Subject};
use underpin_pg::Ident;

use crate::PhysicalDesign;

/// So many times as many blocks are read, or more, where an index is missed.
pub const MORE_BLOCKS: f64 = 1.25;
/// Or it takes so many times as long, where the planner as well expects more work.
pub const MORE_TIME: f64 = 1.5;

/// One claim for each index that is there for the sake of speed, at so many rows in all tables together. One that keeps
/// values apart is a constraint, and is needed however fast it is.
pub fn worth_claims(design: &PhysicalDesign, rows: u64) -> Vec<Claim> {
    let indexes = design.schema.indexes.values().filter(|index| !index.unique);
    indexes
        .map(|index| {
            let name = index.name.name.as_str();
            let serves = design.indexes.iter().find(|it| it.index == index.name).map_or_else(
                || "what it was made for".to_owned(),
                |it| {
                    let queries = it.serves.iter().map(String::as_str);
                    let keys = it.supports.iter().map(Ident::as_str);
                    let all: Vec<String> =
                        queries.chain(keys).map(|name| format!("`{name}`")).collect();
                    if all.is_empty() { "what it was made for".to_owned() } else { all.join(", ") }
                },
            );
            Claim::new(
                Family::Necessity,
                Subject::of(index.table.name.as_str(), name),
                format!(
                    "Without `{name}`, {serves} would read {MORE_BLOCKS} times as many blocks or take {MORE_TIME} times as \
                     long, or more, on {rows} rows."
                ),
            )
            .on("worth")
            .demand("rows", i64::try_from(rows).unwrap_or(i64::MAX))
            .demand("blocks_factor", MORE_BLOCKS)
            .demand("time_factor", MORE_TIME)
        })
        .collect()
}
