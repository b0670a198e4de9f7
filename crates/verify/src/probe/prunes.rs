//! A pattern's plan reads no partition but those that it asks for: of the time around now there are one or two, of a value
//! or a hash there is one.

use std::collections::BTreeSet;

use underpin_claim::{Claim, Evidence, Family, Value as Measure, Verdict};
use underpin_pg::PartitionUpkeep;
use underpin_physical::{ParameterRole, Query};
use underpin_server::SessionError;

use super::partitioned::{moment, now, upkeep};
use super::{Plans, Probe, plans, prepared, query};
use crate::bench::{Bench, not_run};
use crate::workload::{Arguments, arguments};

pub(super) const PROBE: Probe = Probe { family: Family::Prunes, judge };

const HOUR: i64 = 3_600;

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let shape = match bench.table(claim) {
        Ok(shape) => shape,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    if shape.table.partitioning.is_none() {
        return Ok(not_run(claim, "the table is not split"));
    }
    let upkeep = upkeep(bench, shape);
    let (query, statement): (&Query, _) = match query(bench, claim) {
        Ok(found) => found,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    if let Err(reason) = bench.ready(&shape.table.name)? {
        return Ok(not_run(claim, reason));
    }
    let now = match upkeep.map(|_| now(bench)).transpose()?.transpose() {
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
    if let (Some(upkeep), Some(now)) = (upkeep, now) {
        around(upkeep, now, query, &mut calls);
    }
    let Plans { plans, refused } = plans(data, &prepared(query), statement, &calls)?;
    let Some(plan) = plans.first() else {
        return Ok(not_run(claim, refused.unwrap_or_else(|| "no plan was printed".to_owned())));
    };
    let read: BTreeSet<String> = plan.partitions().into_iter().collect();
    let table = &shape.table.name;
    let is_read_whole = plan.partitions().is_empty() && plan.reads(table.name.as_str());
    let evidence = |verdict| {
        Evidence::new(claim, verdict)
            .measure("partitions", i64::try_from(read.len()).unwrap_or(i64::MAX))
            .measure("nodes", Measure::List(plan.nodes().into_iter().map(Measure::Text).collect()))
    };
    if is_read_whole {
        return Ok(evidence(Verdict::Refuted).note(format!("{table} is read as one table")));
    }
    let most = match claim.threshold.get("partitions") {
        Some(&Measure::Integer(most)) => usize::try_from(most).unwrap_or(usize::MAX),
        _ => return Ok(not_run(claim, "the claim names no number")),
    };
    let is_open = claim.threshold.get("default_partition") == Some(&Measure::Boolean(true));
    let default = upkeep.filter(|_| !is_open).map(|it| it.default.name.as_str());
    if read.len() > most || default.is_some_and(|default| read.contains(default)) {
        let read: Vec<&str> = read.iter().map(String::as_str).collect();
        return Ok(evidence(Verdict::Refuted).note(format!("it reads {}", read.join(", "))));
    }
    Ok(evidence(Verdict::Proven))
}

/// Lets calls ask for the time around now.
fn around(upkeep: &PartitionUpkeep, now: i64, query: &Query, calls: &mut [Arguments]) {
    for call in calls {
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
}

#[cfg(test)]
mod tests {
    use underpin_pg::{Expr, Statement};

    use super::*;
    use crate::testing::{CHAT, READINGS, Shop, judged};

    const QUERY: Option<&str> = Some("readings_of_a_meter");

    #[test]
    fn a_query_that_says_the_time_reads_its_partitions() {
        let judged = judged(Shop::of_document(READINGS), Family::Prunes, |_| {});
        let note = judged.note(Family::Prunes, QUERY);
        assert_eq!(judged.verdict(Family::Prunes, QUERY), Verdict::Proven, "{note}");
    }

    /// A query on readings that asks the clock.
    const BY_CLOCK: &str = "latest readings of a meter in the last 40 days";
    const OF_DAYS: Option<&str> = Some("latest_readings_of_a_meter_in_the_last_40_days");

    fn by_the_clock() -> Shop {
        Shop::of_document(&format!(
            "{READINGS}| {BY_CLOCK} | read | Reading | meter_id, read_at in the last 40 days | | | 4/s | |\n"
        ))
    }

    #[test]
    fn a_stretch_by_the_clock_reads_its_partitions() {
        let shop = by_the_clock();
        let names: Vec<&str> = shop.physical.queries.iter().map(|it| &*it.name).collect();
        assert!(names.iter().any(|name| Some(*name) == OF_DAYS), "{names:?}");
        let claim = shop.physical.claims.iter().find(|claim| {
            claim.family == Family::Prunes && claim.subject.object.as_deref() == OF_DAYS
        });
        let claim = claim.unwrap().clone();
        // 40 days touch three months at most.
        assert_eq!(claim.threshold.get("partitions"), Some(&Measure::Integer(3)));
        assert_eq!(claim.threshold.get("default_partition"), Some(&Measure::Boolean(false)));
        let judged = judged(shop, Family::Prunes, |_| {});
        let note = judged.note(Family::Prunes, OF_DAYS);
        assert_eq!(judged.verdict(Family::Prunes, OF_DAYS), Verdict::Proven, "{note}");
    }

    #[test]
    fn what_is_older_than_some_time_is_claimed_of_no_number_of_partitions() {
        let shop = Shop::of_document(&format!(
            "{READINGS}| old readings of a meter | read | Reading | meter_id, read_at older than 40 days | | | 4/s | |\n"
        ));
        let own = |it: Option<&str>| it == Some("old_readings_of_a_meter");
        let query = shop.physical.queries.iter().find(|it| own(Some(&it.name))).unwrap();
        let statement = query.statement.as_ref().unwrap().to_string();
        assert!(statement.contains("read_at < now() - '40 days'::interval"), "{statement}");
        let claims = shop.physical.claims.iter();
        assert!(
            claims
                .filter(|it| it.family == Family::Prunes)
                .all(|it| !own(it.subject.object.as_deref()))
        );
    }

    #[test]
    fn a_stretch_that_is_longer_than_claimed_reads_too_many() {
        let mut shop = by_the_clock();
        let own = |claim: &&mut Claim| {
            claim.family == Family::Prunes && claim.subject.object.as_deref() == OF_DAYS
        };
        let claim = shop.physical.claims.iter_mut().find(own).unwrap();
        claim.threshold.insert("partitions".to_owned(), Measure::Integer(1));
        let judged = judged(shop, Family::Prunes, |_| {});
        assert_eq!(judged.verdict(Family::Prunes, OF_DAYS), Verdict::Refuted);
    }

    #[test]
    fn a_stretch_of_what_is_computed_of_the_time_is_looked_for_everywhere() {
        let mut shop = by_the_clock();
        let own = |query: &&mut Query| Some(query.name.as_str()) == OF_DAYS;
        let query = shop.physical.queries.iter_mut().find(own).unwrap();
        let Some(Statement::Select(select)) = &mut query.statement else {
            panic!("{:?}", query.statement)
        };
        let filter = select.filter.take().unwrap();
        // The same moments, which no partition is known to hold.
        select.filter =
            Some(filter.with_columns(&mut |column| match column.to_string().as_str() {
                "read_at" => Expr::Call("greatest", vec![column.clone()]),
                _ => column.clone(),
            }));
        assert!(select.to_string().contains("greatest(read_at)"), "{select}");
        let judged = judged(shop, Family::Prunes, |_| {});
        let note = judged.note(Family::Prunes, OF_DAYS);
        assert_eq!(judged.verdict(Family::Prunes, OF_DAYS), Verdict::Refuted, "{note}");
        assert!(note.contains("readings_default"), "{note}");
    }

    #[test]
    fn a_query_that_says_the_value_reads_its_partition() {
        let judged = judged(Shop::of_document(CHAT), Family::Prunes, |_| {});
        for query in ["messages_of_a_conversation", "events_of_a_region"] {
            let note = judged.note(Family::Prunes, Some(query));
            assert_eq!(judged.verdict(Family::Prunes, Some(query)), Verdict::Proven, "{note}");
        }
    }

    #[test]
    fn a_table_that_is_split_by_something_else_is_looked_into_everywhere() {
        let judged = judged(Shop::of_document(CHAT), Family::Prunes, |sql| {
            let hashed = "PARTITION BY HASH (conversation_id)";
            assert!(sql.contains(hashed), "{sql}");
            *sql = sql.replace(hashed, "PARTITION BY HASH (id)");
        });
        let query = Some("messages_of_a_conversation");
        let note = judged.note(Family::Prunes, query);
        assert_eq!(judged.verdict(Family::Prunes, query), Verdict::Refuted, "{note}");
        assert!(note.contains("messages_p15"), "{note}");
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
