//! The calls that the documents state are kept up all together, and each is answered in time meanwhile: pgbench on the
//! design at the size that was asked for. What it measures is true of the machine that it runs on.

use underpin_claim::{Claim, Evidence, Family, Value, Verdict};
use underpin_server::SessionError;

use super::Probe;
use crate::bench::{Bench, not_run};
use crate::load::{Judgement, Loaded, Step, of_mix, of_query, saturated};

/// So many pairs of queries that waited for each other's locks are told of.
const MOST_WAITS: usize = 12;

pub(super) const PROBE: Probe = Probe { family: Family::Load, judge };

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let loaded = match bench.load()? {
        Ok(loaded) => loaded,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    Ok(match claim.subject.object.as_deref() {
        None => judged(claim, of_mix(&loaded.base), |evidence| mix(evidence, loaded)),
        Some(query) => of(claim, loaded, query),
    })
}

fn of(claim: &Claim, loaded: &Loaded, query: &str) -> Evidence {
    let objective = match claim.threshold.get("latency_ms") {
        Some(Value::Number(objective)) => *objective,
        _ => return not_run(claim, "the claim names no objective"),
    };
    let timed = match loaded.of(query) {
        Ok(timed) => timed,
        Err(reason) => return not_run(claim, reason),
    };
    judged(claim, of_query(timed, objective, &loaded.base), |evidence| {
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let evidence = evidence
            .measure("calls", count(timed.times.len()))
            .measure("deadlocks", count(timed.deadlocks))
            .measure("part_of_all_time", timed.share);
        if timed.times.is_empty() {
            return evidence;
        }
        evidence
            .measure("p50_ms", timed.percentile(50))
            .measure("p95_ms", timed.percentile(95))
            .measure("p99_ms", timed.percentile(99))
    })
}

fn judged(
    claim: &Claim,
    judgement: Judgement,
    measured: impl FnOnce(Evidence) -> Evidence,
) -> Evidence {
    let (verdict, note) = match judgement {
        Judgement::Kept => (Verdict::Proven, None),
        Judgement::Missed(note) => (Verdict::Refuted, Some(note)),
        Judgement::Unclear(note) => (Verdict::NotRun, Some(note)),
    };
    let evidence = measured(Evidence::new(claim, verdict));
    match note {
        Some(note) => evidence.note(note),
        None => evidence,
    }
}

/// What there is to say of the mix as a whole.
fn mix(evidence: Evidence, loaded: &Loaded) -> Evidence {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let base = &loaded.base;
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let mut evidence = step(evidence, base)
        .measure("clients", i64::from(loaded.clients))
        .measure("seconds", i64::from(base.seconds))
        .measure("calls", count(base.calls))
        .measure("deadlocks", count(base.deadlocks))
        .measure("serialization_failures", count(base.serialization_failures))
        .measure("lag_p95_ms", base.lag_p95_ms)
        .measure("sessions_at_work", base.active)
        .measure("processors", count(processors))
        .measure("blocks_read", i64::try_from(base.blocks_read).unwrap_or(i64::MAX))
        .measure("rows", i64::try_from(loaded.rows).unwrap_or(i64::MAX));
    let settings = loaded.settings.iter().cloned().map(Value::Text).collect();
    evidence = evidence.measure("settings", Value::List(settings));
    if let Some(connection) = &loaded.left_in {
        evidence = evidence.measure("left_in", connection.as_str());
    }
    if let Some(time) = loaded.lookup_ms {
        evidence = evidence.measure("reading_parameters_p50_ms", time);
    }
    if !loaded.left_out.is_empty() {
        let left_out = loaded.left_out.iter();
        let left_out = left_out.map(|(name, why)| Value::Text(format!("{name}: {why}"))).collect();
        evidence = evidence.measure("not_called", Value::List(left_out));
    }
    // The highest rate that was kept up, and what was short beyond it.
    let kept = loaded.beyond.iter().rev().find(|(_, broken)| broken.is_none());
    evidence = evidence.measure("kept_up_per_second", kept.map_or(base.made, |(it, _)| it.made));
    if let Some((step, Some(why))) = loaded.beyond.last() {
        evidence = evidence
            .measure("not_kept_up_per_second", step.asked)
            .measure("not_kept_up_because", why.as_str())
            .measure("first_to_saturate", short(step));
    } else if of_mix(base) != Judgement::Kept {
        evidence = evidence.measure("first_to_saturate", short(base));
    }
    evidence
}

/// What was short, and how much of the processors was not even ours.
fn short(step: &Step) -> String {
    let others = step.others.filter(|others| *others >= 0.05);
    let others =
        others.map(|it| format!(", {:.0} % of the processors taken by other programs", it * 100.0));
    format!("{}{}", saturated(step).as_str(), others.unwrap_or_default())
}

/// What a step came to.
fn step(evidence: Evidence, step: &Step) -> Evidence {
    let doing = step.doing.iter().take(5);
    let doing = doing.map(|(doing, part)| format!("{} {:.1} %", doing.shown(), part * 100.0));
    let locks = step.doing.iter().filter(|(doing, _)| doing.shown().starts_with("Lock:"));
    let locks: f64 = locks.map(|(_, part)| part * 100.0).fold(0.0, |all, part| all + part);
    let mut evidence = evidence
        .measure("asked_per_second", step.asked)
        .measure("made_per_second", step.made)
        .measure("lock_waits_percent", locks)
        .measure("sessions_do", Value::List(doing.map(Value::Text).collect()));
    if !step.blocked.is_empty() {
        let blocked = step.blocked.iter().take(MOST_WAITS).map(|([waits, holds, lock], part)| {
            Value::Text(format!("{waits} for {holds} ({lock}, {:.1} % of the time)", part * 100.0))
        });
        evidence = evidence.measure("waited_for_locks", Value::List(blocked.collect()));
    }
    for (name, part) in [("processors_busy_percent", step.busy), ("others_percent", step.others)] {
        if let Some(part) = part {
            evidence = evidence.measure(name, part * 100.0);
        }
    }
    evidence
}

#[cfg(test)]
mod tests {
    use underpin_physical::{load_claims, load_mix};

    use super::*;
    use crate::testing::{Judged, Shop, judged_at};

    /// Accounts and what is booked on them: read, written once, changed again and again, and moved from state to state.
    const BOOKS: &str = "\
## Account

| Field | Type | Key | Required |
|---|---|---|---|
| id | uuid | PK | yes |
| number | string(20) | unique | yes |
| balance | integer | | yes |

## Booking

| Field | Type | Key | Required |
|---|---|---|---|
| id | uuid | PK | yes |
| account_id | uuid | FK → Account | yes |
| status | enum | | yes, one of `open`, `booked`, `void` |
| booked_at | timestamp | | no |
| note | text | | no |

## Life cycle of Booking

```mermaid
stateDiagram-v2
    [*] --> open
    open --> booked
    open --> void
```

## Access patterns

| Query | Kind | Entity | Filter | Sort | Limit | Frequency | Latency |
|---|---|---|---|---|---|---|---|
| get account by number | read | Account | number | | 1 | 60/s | < 500 ms (p95) |
| list bookings of an account | read | Booking | account_id | booked_at desc | 20 | 60/s | |
| add booking | write | Booking | | | | 60/s | < 500 ms (p95) |
| change balance | write | Account | id | | 1 | 60/s | < 500 ms (p95) |
| change booking status | write | Booking | id | | 1 | 60/s | < 500 ms (p95) |
";

    fn books(rows: u64, edit: impl FnOnce(&mut Shop)) -> Judged {
        let mut shop = Shop::of_document(BOOKS);
        let claims = load_claims(&load_mix(&shop.physical, None), rows);
        shop.physical.claims = claims;
        edit(&mut shop);
        judged_at(shop, Family::Load, Some(rows), |_| {})
    }

    #[test]
    fn reads_and_writes_run_side_by_side_and_no_statement_is_refused() {
        let judged = books(3_000, |_| {});
        let [mix, queries @ ..] = &judged.verification.evidence[..] else { panic!("no claim") };
        assert_eq!(queries.len(), 4, "one for each query with an objective");
        let note = mix.note.clone().unwrap_or_default();
        assert!(!note.contains("refused"), "{note}");
        assert_eq!(mix.measured.get("deadlocks"), Some(&Value::Integer(0)), "{note}");
        assert_eq!(mix.measured.get("not_called"), None, "{note}");
        for evidence in queries {
            let Some(Value::Integer(calls)) = evidence.measured.get("calls") else {
                panic!("{evidence:?}")
            };
            assert!(*calls > 0, "{evidence:?}");
        }
        // Commits reach the disk while it is measured, whatever the server does else.
        let Some(Value::List(settings)) = mix.measured.get("settings") else { panic!("{mix:?}") };
        assert!(settings.contains(&Value::from("fsync = on")), "{settings:?}");
    }

    #[test]
    fn an_objective_that_nobody_can_meet_is_not_proven() {
        let judged = books(3_000, |shop| {
            shop.physical
                .claims
                .retain(|claim| claim.subject.object.as_deref() == Some("add_booking"));
            shop.physical.claims[0].threshold.insert("latency_ms".to_owned(), Value::Number(1e-6));
        });
        assert_ne!(judged.verdicts(), [Verdict::Proven]);
    }

    #[test]
    fn what_nobody_calls_is_not_run() {
        let claim = Claim::new(Family::Load, underpin_claim::Subject::whole(), "x");
        let mut shop = Shop::new();
        for query in &mut shop.physical.queries {
            query.per_second = None;
        }
        shop.physical.claims = vec![claim];
        let judged = judged_at(shop, Family::Load, Some(2_000), |_| {});
        assert_eq!(judged.verdicts(), [Verdict::NotRun]);
        assert!(judged.notes()[0].contains("how often"), "{:?}", judged.notes());
    }
}
