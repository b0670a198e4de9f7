//! A pattern's plan reads no partition but those of the time that it asks for: the planner is asked about the time around
//! now, of which there are one or two partitions.

use std::collections::BTreeSet;

use underpin_claim::{Claim, Evidence, Family, Value as Measure, Verdict};
use underpin_physical::{ParameterRole, Query};
use underpin_server::SessionError;

use super::partitioned::{moment, now, upkeep};
use super::{Plans, Probe, plans, prepared, query};
use crate::bench::{Bench, not_run};
use crate::workload::arguments;

pub(super) const PROBE: Probe = Probe { family: Family::Prunes, judge };

const HOUR: i64 = 3_600;

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let shape = match bench.table(claim) {
        Ok(shape) => shape,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let Some(upkeep) = upkeep(bench, shape) else {
        return Ok(not_run(claim, "the table is not split"));
    };
    let (query, statement): (&Query, _) = match query(bench, claim) {
        Ok(found) => found,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    if let Err(reason) = bench.ready(&shape.table.name)? {
        return Ok(not_run(claim, reason));
    }
    let now = match now(bench)? {
        Ok(now) => now,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let data = match bench.data()? {
        Ok(data) => data,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let mut calls = match arguments(data, query, 1) {
        Ok(calls) => calls,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    for call in &mut calls {
        for (at, parameter) in query.parameters.iter().enumerate() {
            let is_time = parameter
                .column
                .as_ref()
                .is_some_and(|(table, column)| *table == upkeep.table && *column == upkeep.column);
            let is_first = parameter.role == ParameterRole::Lower;
            let seconds = if is_first { now - HOUR } else { now };
            if is_time && parameter.role != ParameterRole::AnyOf {
                call[at] = moment(upkeep, seconds);
            }
        }
    }
    let Plans { plans, refused } = plans(data, &prepared(query), statement, &calls)?;
    let Some(plan) = plans.first() else {
        return Ok(not_run(claim, refused.unwrap_or_else(|| "no plan was printed".to_owned())));
    };
    let read: BTreeSet<String> = plan.partitions().into_iter().collect();
    let is_read_whole = plan.partitions().is_empty() && plan.reads(upkeep.table.name.as_str());
    let evidence = |verdict| {
        Evidence::new(claim, verdict)
            .measure("partitions", i64::try_from(read.len()).unwrap_or(i64::MAX))
            .measure("nodes", Measure::List(plan.nodes().into_iter().map(Measure::Text).collect()))
    };
    if is_read_whole {
        return Ok(
            evidence(Verdict::Refuted).note(format!("{} is read as one table", upkeep.table))
        );
    }
    if read.len() > 2 || read.contains(upkeep.default.name.as_str()) {
        let read: Vec<&str> = read.iter().map(String::as_str).collect();
        return Ok(evidence(Verdict::Refuted).note(format!("it reads {}", read.join(", "))));
    }
    Ok(evidence(Verdict::Proven))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{READINGS, Shop, judged};

    const QUERY: Option<&str> = Some("readings_of_a_meter");

    #[test]
    fn a_query_that_says_the_time_reads_its_partitions() {
        let judged = judged(Shop::of_document(READINGS), Family::Prunes, |_| {});
        let note = judged.note(Family::Prunes, QUERY);
        assert_eq!(judged.verdict(Family::Prunes, QUERY), Verdict::Proven, "{note}");
    }

    #[test]
    fn partitions_that_are_missing_are_all_looked_into() {
        let judged = judged(Shop::of_document(READINGS), Family::Prunes, |sql| {
            *sql = sql.replace("SELECT public.maintain_readings_partitions();", "");
        });
        let note = judged.note(Family::Prunes, QUERY);
        assert_eq!(judged.verdict(Family::Prunes, QUERY), Verdict::Refuted, "{note}");
        assert!(note.contains("readings_default"), "{note}");
    }
}
