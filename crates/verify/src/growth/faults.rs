//! What refutes that a query grows well, from its plans at each size.

use std::collections::BTreeMap;
use std::fmt;

use crate::query_plan::{QueryPlan, Step};

/// A table of fewer rows may be read from end to end: it is some hundred pages, and to read them is the shorter way
/// where a part of it is wanted.
const SMALL: u64 = 10_000;
/// Where the smaller of two sizes has fewer rows of the main table, another way may be the shorter one.
const COMPARABLE: u64 = 5_000;
/// Estimates of fewer rows change nothing.
const FEW_ROWS: f64 = 100.0;

/// Plans of a query at one size.
#[derive(Debug)]
pub(crate) struct SizePlans {
    /// The rows of each table, by its name without namespace.
    pub(crate) rows: BTreeMap<String, u64>,
    /// The rows of the query's main table.
    pub(crate) of_main: u64,
    /// The plans that were run, for different parameters.
    pub(crate) plans: Vec<QueryPlan>,
}

/// What refutes the claim.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fault {
    /// A table that grows is read from end to end.
    ReadsAll { table: String, rows: u64 },
    /// Rows are sorted or hashed on disk.
    Spills { node: String },
    /// Many more or many fewer rows came than were estimated.
    Estimate { node: String, estimated: f64, actual: f64 },
    /// The way is another at another size.
    Flips { from: Vec<String>, to: Vec<String> },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReadsAll { table, rows } => {
                write!(f, "it reads all {rows} rows of {table}, and there will be more")
            }
            Self::Spills { node } => {
                write!(f, "{node} does not fit into work_mem and goes to disk")
            }
            Self::Estimate { node, estimated, actual } => {
                write!(f, "{node} was estimated at {estimated:.0} rows and gave {actual:.0}")
            }
            Self::Flips { from, to } => write!(
                f,
                "its plan flips with the size: {} becomes {}",
                from.join(", "),
                to.join(", ")
            ),
        }
    }
}

/// Everything that refutes the claim, each kind once for each place. The sizes are in order.
pub(crate) fn faults(sizes: &[SizePlans], estimate_factor: f64) -> Vec<Fault> {
    let mut found: Vec<Fault> = Vec::new();
    let mut add = |fault: Fault| {
        let is_same = |other: &Fault| match (other, &fault) {
            (Fault::ReadsAll { table: a, .. }, Fault::ReadsAll { table: b, .. }) => a == b,
            (Fault::Spills { node: a }, Fault::Spills { node: b }) => a == b,
            (Fault::Estimate { node: a, .. }, Fault::Estimate { node: b, .. }) => a == b,
            (Fault::Flips { .. }, Fault::Flips { .. }) => true,
            _ => false,
        };
        if !found.iter().any(is_same) {
            found.push(fault);
        }
    };
    if let (Some(first), Some(last)) = (sizes.first(), sizes.last()) {
        for table in last.plans.iter().flat_map(QueryPlan::read_whole) {
            let (before, after) = (first.rows.get(&table), last.rows.get(&table));
            let grows = before.zip(after).is_some_and(|(before, after)| *after >= 2 * *before);
            if let Some(&rows) = after.filter(|rows| grows && **rows > SMALL) {
                add(Fault::ReadsAll { table, rows });
            }
        }
    }
    for plan in sizes.iter().flat_map(|size| &size.plans) {
        if let Some(node) = plan.spilled() {
            add(Fault::Spills { node });
        }
    }
    // Estimates of a size that is not reached yet do not matter; of the greatest they do.
    for plan in sizes.last().iter().flat_map(|size| &size.plans) {
        if let Some((node, estimated, actual)) = plan.misjudged(estimate_factor, FEW_ROWS) {
            add(Fault::Estimate { node, estimated, actual });
        }
    }
    let ways: Vec<Vec<Step>> = sizes
        .iter()
        .filter(|size| size.of_main >= COMPARABLE)
        .filter_map(|size| usual(&size.plans))
        .collect();
    for pair in ways.windows(2) {
        let (from, to) = (&pair[0], &pair[1]);
        if !is_same_way(from, to) {
            let shown = |way: &[Step]| way.iter().map(|step| step.shown.clone()).collect();
            add(Fault::Flips { from: shown(from), to: shown(to) });
        }
    }
    found
}

/// Whether more rows are found as fewer were. A sort that more rows need no longer is none that anybody misses: the few
/// that an index found were sorted, and of many the index gives the first ones in order. One that more rows need is one.
fn is_same_way(from: &[Step], to: &[Step]) -> bool {
    let is_sort = |step: &&Step| step.shown == "Sort";
    let sorts = |way: &[Step]| way.iter().filter(is_sort).count();
    let found = |way: &[Step]| way.iter().filter(|step| !is_sort(step)).cloned().collect();
    let (before, after): (Vec<Step>, Vec<Step>) = (found(from), found(to));
    sorts(to) <= sorts(from)
        && before.len() == after.len()
        && before.iter().zip(&after).all(|(before, after)| before.is_like(after))
}

/// The way of most of the plans.
fn usual(plans: &[QueryPlan]) -> Option<Vec<Step>> {
    let mut counts: BTreeMap<Vec<Step>, usize> = BTreeMap::new();
    for plan in plans {
        *counts.entry(plan.way()).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(way, _)| way)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(text: &str) -> QueryPlan {
        QueryPlan::parse(&format!(r#"[{{"Plan": {text}}}]"#)).unwrap()
    }

    fn sizes(plans: [&str; 3]) -> Vec<SizePlans> {
        plans
            .into_iter()
            .zip([20_000, 200_000, 2_000_000])
            .map(|(text, rows)| SizePlans {
                rows: [("orders".to_owned(), rows), ("plans".to_owned(), 30_000)].into(),
                of_main: rows,
                plans: vec![plan(text)],
            })
            .collect()
    }

    const INDEX: &str = r#"{"Node Type": "Limit", "Plan Rows": 20, "Actual Rows": 20, "Actual Loops": 1, "Plans": [
        {"Node Type": "Index Scan", "Index Name": "orders_idx", "Relation Name": "orders",
         "Plan Rows": 5000, "Actual Rows": 20, "Actual Loops": 1}]}"#;
    const WHOLE: &str = r#"{"Node Type": "Seq Scan", "Relation Name": "orders",
         "Plan Rows": 10, "Actual Rows": 12, "Actual Loops": 1}"#;

    #[test]
    fn one_row_by_another_of_its_keys_is_no_other_way() {
        let by = |index: &str, rows: u32| {
            format!(
                r#"{{"Node Type": "Nested Loop", "Plan Rows": 20, "Actual Rows": 20, "Actual Loops": 1, "Plans": [{{"Node Type":
                "Index Scan", "Index Name": "{index}", "Relation Name": "orders", "Plan Rows": {rows}, "Actual Rows": {rows},
                "Actual Loops": 20}}]}}"#
            )
        };
        let (key, other) = (by("orders_pkey", 1), by("orders_tenant_id_key", 1));
        assert_eq!(faults(&sizes([&key, &key, &other]), 10.0), []);
        // However many rows it is thought to find, an index is the same way.
        let (few, more) = (by("orders_a_idx", 1), by("orders_a_idx", 3));
        assert_eq!(faults(&sizes([&few, &few, &more]), 10.0), []);
        let (one, several) = (by("orders_a_idx", 40), by("orders_b_idx", 40));
        assert_eq!(faults(&sizes([&one, &one, &several]), 10.0).len(), 1);
    }

    #[test]
    fn an_index_at_every_size_grows_well() {
        assert_eq!(faults(&sizes([INDEX; 3]), 10.0), []);
    }

    #[test]
    fn a_table_that_grows_is_not_read_whole() {
        let found = faults(&sizes([WHOLE; 3]), 10.0);
        assert_eq!(found, [Fault::ReadsAll { table: "orders".to_owned(), rows: 2_000_000 }]);
        // One that does not grow may be.
        assert_eq!(faults(&sizes([&WHOLE.replace("orders", "plans"); 3]), 10.0), []);
    }

    #[test]
    fn what_is_sorted_on_disk_is_refused() {
        let sort = r#"{"Node Type": "Sort", "Sort Space Type": "Disk", "Plan Rows": 9, "Actual Rows": 9,
            "Actual Loops": 1}"#;
        assert_eq!(faults(&sizes([sort; 3]), 10.0), [Fault::Spills { node: "Sort".to_owned() }]);
        let memory = sort.replace("Disk", "Memory");
        assert_eq!(faults(&sizes([&memory; 3]), 10.0), []);
        let hash = r#"{"Node Type": "Hash", "Hash Batches": 8, "Plan Rows": 9, "Actual Rows": 9, "Actual Loops": 1}"#;
        assert_eq!(faults(&sizes([hash; 3]), 10.0), [Fault::Spills { node: "Hash".to_owned() }]);
    }

    #[test]
    fn an_estimate_that_is_far_off_is_refused() {
        let scan = |estimated: u32, actual: u32| {
            format!(
                r#"{{"Node Type": "Index Scan", "Index Name": "orders_idx", "Relation Name": "orders",
                "Plan Rows": {estimated}, "Actual Rows": {actual}, "Actual Loops": 1}}"#
            )
        };
        let (bad, good, few) = (scan(10, 4_000), scan(1_000, 4_000), scan(1, 40));
        let found = faults(&sizes([&good, &good, &bad]), 10.0);
        assert!(matches!(found[..], [Fault::Estimate { .. }]), "{found:?}");
        assert_eq!(faults(&sizes([&good; 3]), 10.0), []);
        assert_eq!(faults(&sizes([&few; 3]), 10.0), []);
    }

    #[test]
    fn a_sort_that_more_rows_need_no_longer_is_no_flip_and_a_new_one_is() {
        let sorted = r#"{"Node Type": "Limit", "Plan Rows": 20, "Actual Rows": 20, "Actual Loops": 1, "Plans": [
            {"Node Type": "Sort", "Plan Rows": 20, "Actual Rows": 20, "Actual Loops": 1, "Plans": [
            {"Node Type": "Bitmap Heap Scan", "Relation Name": "orders", "Plan Rows": 20, "Actual Rows": 20,
             "Actual Loops": 1, "Plans": [{"Node Type": "Bitmap Index Scan", "Index Name": "orders_idx",
             "Plan Rows": 20, "Actual Rows": 20, "Actual Loops": 1}]}]}]}"#;
        assert_eq!(faults(&sizes([sorted, sorted, INDEX]), 10.0), []);
        let found = faults(&sizes([INDEX, INDEX, sorted]), 10.0);
        assert!(matches!(found[..], [Fault::Flips { .. }]), "{found:?}");
        // Nor is one lost where another index is used instead.
        let other = INDEX.replace("orders_idx", "orders_other_idx");
        assert!(!faults(&sizes([sorted, sorted, &other]), 10.0).is_empty());
    }

    #[test]
    fn a_plan_that_flips_is_refused() {
        let other = INDEX.replace("orders_idx", "orders_other_idx");
        let found = faults(&sizes([INDEX, INDEX, &other]), 10.0);
        assert!(matches!(found[..], [Fault::Flips { .. }]), "{found:?}");
        // An index is entered either way, whether row by row or page by page.
        let bitmap = r#"{"Node Type": "Limit", "Plan Rows": 20, "Actual Rows": 20, "Actual Loops": 1, "Plans": [
            {"Node Type": "Bitmap Heap Scan", "Relation Name": "orders", "Plan Rows": 20, "Actual Rows": 20,
             "Actual Loops": 1, "Plans": [{"Node Type": "Bitmap Index Scan", "Index Name": "orders_idx",
             "Plan Rows": 20, "Actual Rows": 20, "Actual Loops": 1}]}]}"#;
        assert_eq!(faults(&sizes([INDEX, INDEX, bitmap]), 10.0), []);
    }
}
