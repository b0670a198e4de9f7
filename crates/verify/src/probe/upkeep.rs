//! The function that keeps partitions: it makes what is missing, moves what came before, drops what is too old, and does
//! nothing the second time or beside another session; its locks let others read and write while it makes a partition.

use underpin_claim::{Claim, Evidence, Family, Value as Measure, Verdict};
use underpin_pg::PartitionUpkeep;
use underpin_server::SessionError;

use super::Probe;
use super::partitioned::{now, row_of, rows_of, upkeep};
use crate::bench::{Bench, not_run};
use crate::row::Shape;
use crate::trial::{Outcome, Statements};

pub(super) const PROBE: Probe = Probe { family: Family::Upkeep, judge };

/// What a probe tries.
struct Trial {
    what: &'static str,
    setup: Statements,
    look: String,
    /// What the answer is, row by row.
    wanted: Vec<String>,
}

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let shape = match bench.table(claim) {
        Ok(shape) => shape,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    if let Err(reason) = bench.ready(&shape.table.name)? {
        return Ok(not_run(claim, reason));
    }
    let Some(upkeep) = upkeep(bench, shape) else {
        return Ok(not_run(claim, "the table is not split"));
    };
    let now = match now(bench)? {
        Ok(now) => now,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let parts = match bench.attempt(&[], &upkeep.parts())? {
        Outcome::Accepted(found) => found.rows,
        Outcome::Refused(error) | Outcome::NotSet(error) => {
            return Ok(not_run(claim, error.to_string()));
        }
    };
    let names: Vec<&str> = parts.iter().filter_map(|row| row.first()?.as_deref()).collect();
    let ahead = usize::try_from(upkeep.ahead).unwrap_or(usize::MAX);
    if names.len() <= ahead {
        return Ok(Evidence::new(claim, Verdict::Refuted)
            .note(format!("{} partitions were made, {ahead} of them ahead", names.len())));
    }
    let evidence = Evidence::new(claim, Verdict::Proven)
        .measure("partitions", i64::try_from(names.len()).unwrap_or(i64::MAX));
    for trial in trials(bench, shape, upkeep, now, &names) {
        match bench.attempt(&trial.setup, &trial.look)? {
            Outcome::Accepted(found) => {
                let said: Vec<String> = found.rows.into_iter().flatten().flatten().collect();
                if said != trial.wanted {
                    let shown = |rows: &[String]| {
                        if rows.is_empty() { "nothing".to_owned() } else { rows.join(", ") }
                    };
                    return Ok(Evidence::new(claim, Verdict::Refuted).note(format!(
                        "{}: the answer is {}, not {}",
                        trial.what,
                        shown(&said),
                        shown(&trial.wanted)
                    )));
                }
            }
            Outcome::Refused(error) => {
                return Ok(
                    Evidence::new(claim, Verdict::Refuted).note(format!("{}: {error}", trial.what))
                );
            }
            Outcome::NotSet(error) => {
                return Ok(not_run(claim, format!("{}: {error}", trial.what)));
            }
        }
    }
    beside(bench, claim, upkeep, &names, evidence)
}

/// One thing after the other that the function must do.
fn trials(
    bench: &mut Bench<'_>,
    shape: &Shape<'_>,
    upkeep: &PartitionUpkeep,
    now: i64,
    names: &[&str],
) -> Vec<Trial> {
    let run = upkeep.call();
    let one = || vec!["1".to_owned()];
    let drop = PartitionUpkeep::drop_part;
    let newest = names.last().expect("invariant: looked at before");
    let mut trials = vec![
        Trial {
            what: "run once more",
            setup: Vec::new(),
            look: run.clone(),
            wanted: vec!["0".to_owned()],
        },
        Trial {
            what: "one is missing",
            setup: vec![drop(newest)],
            look: run.clone(),
            wanted: one(),
        },
    ];
    // The partition of now is missing, and a row of it was written meanwhile.
    if let Ok(row) = row_of(bench, shape, upkeep, now) {
        let mut setup: Statements = names.iter().map(|name| drop(name)).collect();
        setup.extend(row);
        setup.push(run.clone());
        let look = rows_of(&upkeep.default);
        trials.push(Trial {
            what: "a row came before its partition",
            setup: setup.clone(),
            look,
            wanted: Vec::new(),
        });
        let look = rows_of(&upkeep.table);
        trials.push(Trial { what: "that row is still there", setup, look, wanted: one() });
    }
    let (ancient, name) = upkeep.ancient();
    let ancient = ancient.to_string();
    let (dropped, is_gone) = if upkeep.kept.is_some() { ("1", "t") } else { ("0", "f") };
    trials.push(Trial {
        what: "a partition of 1990",
        setup: vec![ancient.clone()],
        look: run.clone(),
        wanted: vec![dropped.to_owned()],
    });
    trials.push(Trial {
        what: "whether that partition is gone",
        setup: vec![ancient, run],
        look: PartitionUpkeep::is_gone(&name),
        wanted: vec![is_gone.to_owned()],
    });
    trials
}

/// Two sessions at once, and the locks of the first.
fn beside(
    bench: &mut Bench<'_>,
    claim: &Claim,
    upkeep: &PartitionUpkeep,
    names: &[&str],
    evidence: Evidence,
) -> Result<Evidence, SessionError> {
    let run = upkeep.call();
    let newest = names.last().expect("invariant: looked at before");
    let Some(ring) = bench.ring()? else { return Ok(evidence) };
    let setup = [PartitionUpkeep::drop_part(newest)];
    let found = match ring.side_by_side(&setup, &run, &upkeep.locks())? {
        Ok(found) => found,
        Err(reason) => {
            return Ok(Evidence::new(claim, Verdict::Refuted)
                .note(format!("beside another session: {reason}")));
        }
    };
    if found.second.as_deref() != Some("0") {
        let said = found.second.unwrap_or_default();
        return Ok(Evidence::new(claim, Verdict::Refuted)
            .note(format!("beside another session it made {said} partitions as well")));
    }
    let allowed =
        ["AccessShareLock", "RowShareLock", "RowExclusiveLock", "ShareUpdateExclusiveLock"];
    if let Some(lock) = found.locks.iter().find(|lock| !allowed.contains(&lock.as_str())) {
        return Ok(Evidence::new(claim, Verdict::Refuted)
            .note(format!("while it makes a partition it holds {lock} on {}", upkeep.table)));
    }
    let locks = found.locks.into_iter().map(Measure::Text).collect();
    Ok(evidence.measure("two_sessions", true).measure("locks", Measure::List(locks)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{READINGS, Shop, judged};

    const FUNCTION: &str = "maintain_readings_partitions";

    #[test]
    fn partitions_are_made_and_dropped() {
        let judged = judged(Shop::of_document(READINGS), Family::Upkeep, |_| {});
        let note = judged.note(Family::Upkeep, Some(FUNCTION));
        assert_eq!(judged.verdict(Family::Upkeep, Some(FUNCTION)), Verdict::Proven, "{note}");
        let locks = judged.measured(Family::Upkeep, FUNCTION, "locks");
        assert_eq!(locks, "AccessShareLock, ShareUpdateExclusiveLock");
    }

    #[track_caller]
    fn is_refuted(edit: impl FnOnce(&mut String), because: &str) {
        let judged = judged(Shop::of_document(READINGS), Family::Upkeep, edit);
        let note = judged.note(Family::Upkeep, Some(FUNCTION));
        assert_eq!(judged.verdict(Family::Upkeep, Some(FUNCTION)), Verdict::Refuted, "{note}");
        assert!(note.contains(because), "{note}");
    }

    #[test]
    fn one_that_drops_nothing_is_refuted() {
        is_refuted(
            |sql| *sql = sql.replace("EXECUTE 'DROP TABLE ' || part;", ""),
            "whether that partition is gone: the answer is f, not t",
        );
    }

    #[test]
    fn one_that_two_sessions_run_into_is_refuted() {
        is_refuted(
            |sql| {
                *sql = sql.replace(
                    "IF NOT pg_try_advisory_xact_lock",
                    "IF NOT true OR NOT pg_try_advisory_xact_lock_shared",
                );
            },
            "beside another session",
        );
    }

    #[test]
    fn one_that_locks_readers_out_is_refuted() {
        is_refuted(
            |sql| {
                *sql = sql.replace(
                    "PERFORM set_config('lock_timeout', '3s', true);",
                    "LOCK TABLE public.readings;",
                );
            },
            "holds AccessExclusiveLock",
        );
    }
}
