//! BRIN in the place of a b-tree (manual, chapter 71): it keeps the least and the greatest value of each 128 pages, and no
//! entry for a row. Where rows lie on disk in the order in which they came, that finds the pages of a stretch of time in a
//! few hundred kilobytes, and costs a write next to nothing.

use underpin_logical::LogicalDesign;
use underpin_model::{Model, Pattern, WriteForm};
use underpin_pg::Method;

use super::candidate::Candidate;
use crate::PhysicalDesign;
use crate::retention::arrival;

/// From so many rows on, a b-tree of their moments, some 22 bytes for each, is above a hundred megabytes.
const MANY: f64 = 5_000_000.0;

/// So many rows has each partition at least: in fewer, a stretch is some of few ranges of pages.
const MANY_IN_ONE: f64 = 1_000_000.0;

/// Whether BRIN serves what a candidate is for: a stretch of the times at which rows came, all of it, in a large table whose
/// rows stay where they were put. One that changes moves; and the room of those that are deleted is given to new ones, so
/// that the ranges there hold old and new.
pub(super) fn suits(
    model: &Model,
    logical: &LogicalDesign,
    design: &PhysicalDesign,
    pattern: &Pattern,
    candidate: &Candidate,
) -> bool {
    let [column] = &candidate.columns[..] else { return false };
    let is_span = candidate.method == Method::Btree
        && candidate.equal == 0
        && candidate.sorted == 0
        && candidate.constant.is_empty()
        && column.expression.is_none()
        && pattern.limit.is_none()
        && pattern.sort.is_empty();
    let Some(id) = logical.relation_of(pattern.entity).filter(|_| is_span) else { return false };
    let relation = logical.relation(id);
    let table = &design.tables[id.index()];
    if arrival(relation).is_none_or(|it| *table.column(it) != column.name) {
        return false;
    }
    let of_table = |other: &&Pattern| other.entity == pattern.entity;
    let stays = model.patterns.iter().filter(of_table).all(|other| match other.form {
        None | Some(WriteForm::Add | WriteForm::AddMany) => true,
        Some(
            WriteForm::AddOrChange
            | WriteForm::AddOrChangeMany
            | WriteForm::Change
            | WriteForm::Delete
            | WriteForm::Take,
        ) => false,
    });
    let growth = &table.growth;
    let partitions = table.partitions.as_ref().map_or(1.0, |it| it.count.max(1.0));
    // What is kept for a time and not split by it is deleted row by row.
    let is_deleted = growth.retention_days.is_some() && table.partitions.is_none();
    let rows = growth.usual_rows().unwrap_or_default();
    stays && !is_deleted && rows >= MANY && rows / partitions >= MANY_IN_ONE
}

/// Lets a b-tree that others ask for, and that begins with the same moments, serve a stretch of them as well.
pub(super) fn settle(candidates: &mut [Candidate]) {
    for at in 0..candidates.len() {
        if candidates[at].method != Method::Brin {
            continue;
        }
        let (table, name) = (&candidates[at].table, &candidates[at].columns[0].name);
        let is_there = candidates.iter().any(|other| {
            other.method == Method::Btree
                && other.table == *table
                && other.equal == 0
                && other.constant.is_empty()
                && other.columns.first().is_some_and(|column| column.name == *name)
        });
        if is_there {
            candidates[at].method = Method::Btree;
        } else {
            candidates[at].include.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    /// The indexes of readings, of which so many come, with further queries.
    fn indexes(rows: &str, queries: &str) -> Vec<String> {
        let document = format!(
            "## Meter\n\n| Field | Type | Key | Required |\n|---|---|---|---|\n| id | uuid | PK | yes |\n\n\
             ## Reading\n\n| Field | Type | Key | Required |\n|---|---|---|---|\n| id | uuid | PK | yes |\n\
             | meter_id | uuid | FK → Meter | yes |\n| value | integer | | yes |\n| recorded_at | timestamp | | yes |\n\n\
             ## Access patterns\n\n- total value of readings in the last 2 hours\n{queries}\n\n\
             ## Volumes\n\n- Meter: 1,000 rows\n- Reading: {rows} rows\n"
        );
        let mut sources = underpin_base::Sources::default();
        sources.add("model.md", document);
        let model = underpin_model::build(&underpin_read::read(&sources), &sources);
        let design = crate::design(&model, &underpin_logical::design(&model));
        let shown = |it: &underpin_pg::Index| underpin_pg::Ddl::CreateIndex(it.clone()).to_string();
        design.schema.indexes.values().map(shown).collect()
    }

    const BRIN: &str =
        "CREATE INDEX readings_recorded_at_idx ON public.readings USING brin (recorded_at)";

    #[test]
    fn stretches_of_a_large_table_that_is_only_added_to_are_found_by_brin() {
        assert_eq!(indexes("20,000,000", ""), [BRIN]);
        assert_eq!(indexes("20,000,000", "- bulk insert readings"), [BRIN]);
    }

    #[test]
    fn a_btree_is_built_where_rows_are_few_or_move_or_are_asked_for_in_order() {
        const BTREE: &str = "ON public.readings (recorded_at";
        for (rows, queries) in [
            ("200,000", ""),
            ("20,000,000", "- update value of a reading"),
            ("20,000,000", "- delete readings older than 90 days"),
            ("20,000,000", "- list the 20 newest readings"),
        ] {
            let found = indexes(rows, queries);
            assert!(found.iter().any(|it| it.contains(BTREE)), "{queries}: {found:?}");
            assert!(!found.iter().any(|it| it.contains("brin")), "{queries}: {found:?}");
        }
    }
}
