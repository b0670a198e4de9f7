//! A row lies in the partition of its time, its value or its hash; one of a time or a value that no partition covers lies
//! in the default partition, where there is one.

mod value;

use std::collections::BTreeMap;

use underpin_claim::{Claim, Evidence, Family, Verdict};
use underpin_pg::{Expr, Output, PartitionUpkeep, QualifiedName, Select, TableRef};
use underpin_server::SessionError;

use super::Probe;
use crate::bench::{Bench, not_run};
use crate::row::{Shape, Wish};
use crate::trial::Outcome;
use crate::value::Value;

pub(super) const PROBE: Probe = Probe { family: Family::Partitioned, judge };

const DAY: i64 = 86_400;

/// How a table is split.
pub(super) fn upkeep<'a>(bench: &Bench<'a>, shape: &Shape<'_>) -> Option<&'a PartitionUpkeep> {
    let mut tables = bench.input.physical.tables.iter();
    let table = tables.find(|table| table.table == shape.table.name)?;
    table.partitions.as_ref()?.upkeep()
}

/// The moment that it is on the server, in seconds.
pub(super) fn now(bench: &mut Bench<'_>) -> Result<Result<i64, String>, SessionError> {
    Ok(match bench.attempt(&[], &crate::clock::query())? {
        Outcome::Accepted(found) => found
            .rows
            .into_iter()
            .flatten()
            .flatten()
            .next()
            .and_then(|it| it.parse().ok())
            .ok_or_else(|| "the server did not say what time it is".to_owned()),
        Outcome::Refused(error) | Outcome::NotSet(error) => Err(error.to_string()),
    })
}

/// A moment as a value of the column.
pub(super) fn moment(upkeep: &PartitionUpkeep, seconds: i64) -> Value {
    if upkeep.is_day { Value::Date(seconds.div_euclid(DAY)) } else { Value::Timestamp(seconds) }
}

/// Statements that insert a valid row of a moment.
pub(super) fn row_of(
    bench: &mut Bench<'_>,
    shape: &Shape<'_>,
    upkeep: &PartitionUpkeep,
    seconds: i64,
) -> Result<Vec<String>, String> {
    let Some(column) = shape.column(&upkeep.column) else {
        return Err(format!("{} has no column {}", shape.table.name, upkeep.column));
    };
    let values = BTreeMap::from([(column, moment(upkeep, seconds))]);
    let plan = bench.plan(&shape.table.name, &Wish { values, ..Wish::default() })?;
    Ok(bench.inserts(&plan.rows))
}

/// A query with one row for each row of a table.
pub(super) fn rows_of(table: &QualifiedName) -> String {
    let from = TableRef { table: table.clone(), alias: None };
    Select::new(vec![Output { value: Expr::integer(1), name: None }], Some(from)).to_string()
}

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let shape = match bench.table(claim) {
        Ok(shape) => shape,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    // That no partition takes a row is for this probe to say.
    let barred = bench.ready(&shape.table.name)?.err();
    let Some(upkeep) = upkeep(bench, shape) else {
        return value::judge(bench, claim, shape, barred);
    };
    let now = match now(bench)? {
        Ok(now) => now,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let look = rows_of(&upkeep.default);
    let refuted = |note: String| Ok(Evidence::new(claim, Verdict::Refuted).note(note));
    // Nothing there yet; then a row of now, which goes elsewhere; then one of long ago and one of a far time to come.
    let cases = [
        (None, 0, "at first"),
        (Some(now), 0, "with a row of now"),
        (Some(-40 * 365 * DAY), 1, "with a row of 1930"),
        (Some(now + 200 * 365 * DAY), 1, "with a row of 200 years from now"),
    ];
    let mut routed = 0_i64;
    let mut first = barred;
    for (at, wanted, when) in cases {
        let setup = match at.map(|at| row_of(bench, shape, upkeep, at)).transpose() {
            Ok(setup) => setup.unwrap_or_default(),
            // A rule of the table may forbid such a time.
            Err(reason) => {
                first.get_or_insert(reason);
                continue;
            }
        };
        match bench.attempt(&setup, &look)? {
            Outcome::Accepted(found) if found.rows.len() == wanted => {
                routed += i64::from(at.is_some());
            }
            Outcome::Accepted(found) => {
                let rows = found.rows.len();
                return refuted(format!(
                    "{when}, {} has {rows} rows, not {wanted}",
                    upkeep.default
                ));
            }
            Outcome::Refused(error) => return refuted(format!("{when}: {error}")),
            Outcome::NotSet(error) => {
                // SQLSTATE 23514 without a name: no partition takes the row.
                if error.sqlstate == "23514" && error.constraint.is_none() {
                    return refuted(format!("a row was lost {when}: {error}"));
                }
                first.get_or_insert(error.to_string());
            }
        }
    }
    if routed == 0 {
        return Ok(not_run(claim, first.unwrap_or_default()));
    }
    let evidence = |verdict| Evidence::new(claim, verdict).measure("rows", routed);
    let data = match bench.data()? {
        Ok(data) => data,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    // Generated rows happen while rows are kept, so that each has its partition.
    let all = data.tables.get(&shape.table.name).map_or(0, |table| table.rows.len());
    Ok(match data.aside(&look)? {
        Ok(found) if found.rows.is_empty() => evidence(Verdict::Proven)
            .measure("generated_rows", i64::try_from(all).unwrap_or(i64::MAX)),
        Ok(found) => {
            let lost = found.rows.len();
            let note = format!("of {all} generated rows, {lost} lie in {}", upkeep.default);
            evidence(Verdict::Refuted).note(note)
        }
        Err(error) => not_run(claim, error.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{READINGS, Shop, judged};

    const DEFAULT: Option<&str> = Some("readings_default");

    #[test]
    fn rows_find_their_partition() {
        let judged = judged(Shop::of_document(READINGS), Family::Partitioned, |_| {});
        let note = judged.note(Family::Partitioned, DEFAULT);
        assert_eq!(judged.verdict(Family::Partitioned, DEFAULT), Verdict::Proven, "{note}");
        assert_eq!(judged.measured(Family::Partitioned, "readings_default", "rows"), "3");
    }

    #[test]
    fn a_row_that_is_lost_refutes_it() {
        let judged = judged(Shop::of_document(READINGS), Family::Partitioned, |sql| {
            sql.push_str(
                "DROP TABLE public.readings_default;\nCREATE TABLE public.readings_default ();",
            );
        });
        let note = judged.note(Family::Partitioned, DEFAULT);
        assert_eq!(judged.verdict(Family::Partitioned, DEFAULT), Verdict::Refuted, "{note}");
        assert!(note.contains("a row was lost with a row of 1930"), "{note}");
    }

    #[test]
    fn a_history_without_partitions_refutes_it() {
        let judged = judged(Shop::of_document(READINGS), Family::Partitioned, |sql| {
            let kept = "interval '12 months'";
            assert!(sql.contains(kept), "{sql}");
            *sql = sql.replace(kept, "interval '3 months'");
        });
        let note = judged.note(Family::Partitioned, DEFAULT);
        assert_eq!(judged.verdict(Family::Partitioned, DEFAULT), Verdict::Refuted, "{note}");
        assert!(note.contains("generated rows") && note.contains("lie in"), "{note}");
    }

    #[test]
    fn rows_that_are_kept_for_ever_have_a_history_in_partitions() {
        let kept = READINGS.replace("| Reading | 12 months | `read_at` | Deleted |\n", "");
        let judged = judged(Shop::of_document(&kept), Family::Partitioned, |_| {});
        let note = judged.note(Family::Partitioned, DEFAULT);
        assert_eq!(judged.verdict(Family::Partitioned, DEFAULT), Verdict::Proven, "{note}");
        let rows = judged.measured(Family::Partitioned, "readings_default", "generated_rows");
        assert!(rows.len() >= 4, "{rows}");
    }

    #[test]
    fn partitions_that_nobody_made_refute_it() {
        let judged = judged(Shop::of_document(READINGS), Family::Partitioned, |sql| {
            *sql = sql.replace("SELECT public.maintain_readings_partitions();", "");
        });
        let note = judged.note(Family::Partitioned, DEFAULT);
        assert!(note.contains("with a row of now, public.readings_default has 1 rows"), "{note}");
    }
}
