//! A row lies in the partition of its value, and the rows of a table lie in all partitions of a hash.

use std::collections::BTreeMap;

use underpin_claim::{Claim, Evidence, Value as Measure, Verdict};
use underpin_pg::{PartitionMethod, QualifiedName};
use underpin_server::SessionError;

use super::rows_of;
use crate::bench::{Bench, not_run};
use crate::row::{Shape, Wish};
use crate::trial::Outcome;
use crate::value;

/// Of fewer rows for each partition chance alone leaves one without.
const FEWEST_OF_A_PARTITION: i64 = 8;

pub(super) fn judge(
    bench: &mut Bench<'_>,
    claim: &Claim,
    shape: &Shape<'_>,
    barred: Option<String>,
) -> Result<Evidence, SessionError> {
    let Some(split) = &shape.table.partitioning else {
        return Ok(not_run(claim, "the table is not split"));
    };
    match split.method {
        PartitionMethod::Hash => spread(bench, claim, shape),
        PartitionMethod::List => listed(bench, claim, shape, barred),
        PartitionMethod::Range => Ok(not_run(claim, "nothing keeps the ranges")),
    }
}

/// A row of each value lies in its partition.
fn listed(
    bench: &mut Bench<'_>,
    claim: &Claim,
    shape: &Shape<'_>,
    barred: Option<String>,
) -> Result<Evidence, SessionError> {
    let split = shape.table.partitioning.as_ref().expect("asked before");
    let name = claim.subject.object.as_deref().unwrap_or_default();
    let partition = split.partitions.iter().find(|it| it.name.name.as_str() == name);
    let column = split.columns.first().and_then(|column| shape.column(column));
    let (Some(partition), Some(column)) = (partition, column) else {
        return Ok(not_run(claim, format!("the design has no partition `{name}`")));
    };
    let Some(Measure::List(values)) = claim.threshold.get("values") else {
        return Ok(not_run(claim, "the claim names no values"));
    };
    let refuted = |note: String| Ok(Evidence::new(claim, Verdict::Refuted).note(note));
    let look = rows_of(&partition.name);
    if values.is_empty() {
        return empty(bench, claim, shape, &look);
    }
    let mut reason = barred;
    let mut rows = 0_i64;
    for text in values.iter().filter_map(|it| match it {
        Measure::Text(text) => Some(text),
        Measure::Integer(_) | Measure::Number(_) | Measure::Boolean(_) | Measure::List(_) => None,
    }) {
        let Some(value) = value::read(&shape.table.columns[column].data_type, text) else {
            return refuted(format!("`{text}` is no value of {}", shape.name(column)));
        };
        let wish = Wish { values: BTreeMap::from([(column, value)]), ..Wish::default() };
        let setup = match bench.plan(&shape.table.name, &wish) {
            Ok(plan) => bench.inserts(&plan.rows),
            // A rule of the table may forbid such a row.
            Err(why) => {
                reason.get_or_insert(why);
                continue;
            }
        };
        match bench.attempt(&setup, &look)? {
            Outcome::Accepted(found) if found.rows.len() == 1 => rows += 1,
            Outcome::Accepted(found) => {
                let count = found.rows.len();
                return refuted(format!(
                    "with a row of {text}, {} has {count} rows",
                    partition.name
                ));
            }
            Outcome::Refused(error) => return refuted(format!("with a row of {text}: {error}")),
            Outcome::NotSet(error) => {
                // SQLSTATE 23514 without a name: no partition takes the row.
                if error.sqlstate == "23514" && error.constraint.is_none() {
                    return refuted(format!("a row of {text} was lost: {error}"));
                }
                reason.get_or_insert(error.to_string());
            }
        }
    }
    if rows == 0 {
        return Ok(not_run(claim, reason.unwrap_or_default()));
    }
    Ok(Evidence::new(claim, Verdict::Proven).measure("rows", rows))
}

/// No generated row lies in the partition of values that there are not.
fn empty(
    bench: &mut Bench<'_>,
    claim: &Claim,
    shape: &Shape<'_>,
    look: &str,
) -> Result<Evidence, SessionError> {
    let data = match bench.data()? {
        Ok(data) => data,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let made = data.tables.get(&shape.table.name).map_or(0, |it| it.rows.len());
    Ok(match data.aside(look)? {
        Ok(found) if found.rows.is_empty() && made > 0 => Evidence::new(claim, Verdict::Proven)
            .measure("generated_rows", i64::try_from(made).unwrap_or(i64::MAX)),
        Ok(found) if found.rows.is_empty() => not_run(claim, "no row was generated"),
        Ok(found) => {
            let note = format!("of {made} generated rows, {} lie there", found.rows.len());
            Evidence::new(claim, Verdict::Refuted).note(note)
        }
        Err(error) => Evidence::new(claim, Verdict::Refuted).note(error.to_string()),
    })
}

/// How the generated rows lie among the partitions of a hash.
fn spread(
    bench: &mut Bench<'_>,
    claim: &Claim,
    shape: &Shape<'_>,
) -> Result<Evidence, SessionError> {
    let table: &QualifiedName = &shape.table.name;
    let split = shape.table.partitioning.as_ref().expect("asked before");
    let (Some(&Measure::Integer(partitions)), Some(&Measure::Number(most))) =
        (claim.threshold.get("partitions"), claim.threshold.get("largest_share"))
    else {
        return Ok(not_run(claim, "the claim names no number of partitions"));
    };
    let data = match bench.data()? {
        Ok(data) => data,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let made = data.tables.get(table).map_or(0, |it| it.rows.len());
    let made = i64::try_from(made).unwrap_or(i64::MAX);
    let found = match data.aside(&split.spread(table))? {
        Ok(found) => found,
        Err(error) => return Ok(not_run(claim, error.to_string())),
    };
    let number = |row: &[Option<String>], at: usize| {
        row.get(at).and_then(|it| it.as_deref()?.parse::<i64>().ok()).unwrap_or_default()
    };
    let rows: Vec<i64> = found.rows.iter().map(|row| number(row, 1)).collect();
    let keys: Vec<i64> = found.rows.iter().map(|row| number(row, 2)).collect();
    let (all, largest) = (rows.iter().sum::<i64>(), rows.first().copied().unwrap_or_default());
    let there = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    if made < partitions * FEWEST_OF_A_PARTITION {
        return Ok(not_run(claim, format!("{made} rows are too few for {partitions} partitions")));
    }
    let share = ratio(largest * partitions, all);
    let evidence = |verdict| {
        Evidence::new(claim, verdict)
            .measure("partitions", there)
            .measure("rows", all)
            .measure("keys", keys.iter().sum::<i64>())
            .measure("largest_share", share)
    };
    if there < partitions {
        let note = format!("{all} rows lie in {there} partitions, not in {partitions}");
        return Ok(evidence(Verdict::Refuted).note(note));
    }
    if share > most {
        let note = format!("one of {partitions} partitions holds {largest} of {all} rows");
        return Ok(evidence(Verdict::Refuted).note(note));
    }
    Ok(evidence(Verdict::Proven))
}

/// Of counts of rows, to two digits.
fn ratio(one: i64, other: i64) -> f64 {
    let hundredths = one.saturating_mul(100) / other.max(1);
    f64::from(i32::try_from(hundredths).unwrap_or(i32::MAX)) / 100.0
}

#[cfg(test)]
mod tests {
    use underpin_claim::{Family, Verdict};

    use crate::testing::{CHAT, Shop, judged};

    const HASH: Option<&str> = Some("conversation_id");

    #[test]
    fn rows_find_the_partition_of_their_hash_and_of_their_value() {
        let judged = judged(Shop::of_document(CHAT), Family::Partitioned, |_| {});
        let note = judged.note(Family::Partitioned, HASH);
        assert_eq!(judged.verdict(Family::Partitioned, HASH), Verdict::Proven, "{note}");
        assert_eq!(judged.measured(Family::Partitioned, "conversation_id", "partitions"), "16");
        for part in ["events_eu", "events_us", "events_apac", "events_default"] {
            let note = judged.note(Family::Partitioned, Some(part));
            assert_eq!(judged.verdict(Family::Partitioned, Some(part)), Verdict::Proven, "{note}");
        }
    }

    #[test]
    fn a_hash_of_what_few_rows_differ_in_refutes_it() {
        let judged = judged(Shop::of_document(CHAT), Family::Partitioned, |sql| {
            let hashed = "PARTITION BY HASH (conversation_id)";
            assert!(sql.contains(hashed), "{sql}");
            // All rows of a month have the same hash.
            *sql = sql.replace(
                hashed,
                "PARTITION BY HASH ((extract(isodow FROM sent_at AT TIME ZONE 'UTC')))",
            );
            *sql = sql.replace("PRIMARY KEY (id, conversation_id)", "CHECK (id > 0)");
        });
        let note = judged.note(Family::Partitioned, HASH);
        assert_eq!(judged.verdict(Family::Partitioned, HASH), Verdict::Refuted, "{note}");
        assert!(note.contains("partitions, not in 16"), "{note}");
    }

    #[test]
    fn a_value_whose_rows_lie_elsewhere_refutes_it() {
        let judged = judged(Shop::of_document(CHAT), Family::Partitioned, |sql| {
            assert!(sql.contains("FOR VALUES IN ('eu')"), "{sql}");
            *sql = sql.replace("FOR VALUES IN ('eu')", "FOR VALUES IN ('Europe')");
        });
        let note = judged.note(Family::Partitioned, Some("events_eu"));
        assert!(note.contains("with a row of eu, public.events_eu has 0 rows"), "{note}");
    }

    #[test]
    fn a_default_partition_is_empty_where_each_value_has_its_own() {
        let document = CHAT.replace(
            "| region | text | | yes | |",
            "| region | text | | yes | One of: eu, us, apac |",
        );
        let part = Some("events_default");
        let proven = judged(Shop::of_document(&document), Family::Partitioned, |_| {});
        let note = proven.note(Family::Partitioned, part);
        assert_eq!(proven.verdict(Family::Partitioned, part), Verdict::Proven, "{note}");
        let refuted = judged(Shop::of_document(&document), Family::Partitioned, |sql| {
            *sql = sql.replace("FOR VALUES IN ('eu')", "FOR VALUES IN ('Europe')");
        });
        let note = refuted.note(Family::Partitioned, part);
        assert!(note.contains("generated rows,") && note.contains("lie there"), "{note}");
    }

    #[test]
    fn a_row_that_no_partition_takes_refutes_it() {
        let judged = judged(Shop::of_document(CHAT), Family::Partitioned, |sql| {
            sql.push_str(
                "DROP TABLE public.events_default;\nCREATE TABLE public.events_default ();",
            );
        });
        let note = judged.note(Family::Partitioned, Some("events_default"));
        assert!(note.contains("a row of elsewhere was lost"), "{note}");
    }
}
