//! What was measured, for people.

use std::fmt::Write as _;

use underpin_claim::{Claim, Evidence, Measures, Value, Verdict, Verification};

use crate::prove;

pub(super) fn text(claims: &[Claim], verification: &Verification) -> String {
    let mut out = String::new();
    let judged = |claim: &Claim| verification.of(&claim.id);
    let whole = claims.iter().find(|claim| claim.subject.object.is_none());
    if let Some(evidence) = whole.and_then(judged).filter(|it| !it.measured.is_empty()) {
        mix(&mut out, &evidence.measured);
    }
    let timed: Vec<(&Claim, &Evidence)> =
        claims.iter().filter_map(|claim| Some((claim, judged(claim)?))).collect();
    let timed: Vec<_> =
        timed.into_iter().filter(|(claim, _)| claim.subject.object.is_some()).collect();
    if timed.iter().any(|(_, evidence)| evidence.measured.contains_key("p95_ms")) {
        queries(&mut out, &timed);
    }
    out.push_str(&prove::verdict_lines(claims, verification));
    let _ = writeln!(
        out,
        "{} claims on the load: {} proven, {} refuted, {} not run",
        claims.len(),
        verification.count(Verdict::Proven),
        verification.count(Verdict::Refuted),
        verification.count(Verdict::NotRun)
    );
    out
}

/// All calls together.
fn mix(out: &mut String, measured: &Measures) {
    let shown = |name: &str| measured.get(name).map(rounded).unwrap_or_default();
    let _ = writeln!(
        out,
        "{} of {} calls in a second made by {} clients for {} s on {} rows: {} calls, {} deadlocks",
        shown("made_per_second"),
        shown("asked_per_second"),
        shown("clients"),
        shown("seconds"),
        shown("rows"),
        shown("calls"),
        shown("deadlocks")
    );
    let _ = writeln!(
        out,
        "sessions at work: {} on average; {}; {} % waited for locks",
        shown("sessions_at_work"),
        shown("sessions_do"),
        shown("lock_waits_percent")
    );
    if measured.contains_key("waited_for_locks") {
        let _ = writeln!(out, "waited for locks: {}", shown("waited_for_locks"));
    }
    if measured.contains_key("processors_busy_percent") {
        let _ = writeln!(
            out,
            "this machine: {} processors, {} % busy, {} % of it all by other programs",
            shown("processors"),
            shown("processors_busy_percent"),
            shown("others_percent")
        );
    }
    let _ = writeln!(out, "the server: {}", shown("settings"));
    let _ = write!(out, "kept up to {} calls in a second", shown("kept_up_per_second"));
    if measured.contains_key("not_kept_up_per_second") {
        let _ = write!(
            out,
            ", not at {}: {}",
            shown("not_kept_up_per_second"),
            shown("not_kept_up_because")
        );
    }
    out.push('\n');
    if measured.contains_key("first_to_saturate") {
        let _ = writeln!(out, "first to saturate: {}", shown("first_to_saturate"));
    }
    if measured.contains_key("reading_parameters_p50_ms") {
        let Some(Value::Number(time)) = measured.get("reading_parameters_p50_ms") else { return };
        let _ = writeln!(
            out,
            "each read includes the reading of its parameters, {time:.3} ms in the middle"
        );
    }
    if measured.contains_key("left_in") {
        let _ = writeln!(out, "the database stays: {}", shown("left_in"));
    }
    if let Some(Value::List(left_out)) = measured.get("not_called") {
        for one in left_out {
            let _ = writeln!(out, "not called: {one}");
        }
    }
}

/// Each query.
fn queries(out: &mut String, timed: &[(&Claim, &Evidence)]) {
    let name = |claim: &Claim| claim.subject.object.clone().unwrap_or_default();
    let width = timed.iter().map(|(claim, _)| name(claim).chars().count()).max().unwrap_or(0);
    let _ = writeln!(
        out,
        "\n{:<width$} {:>9} {:>8} {:>9} {:>9} {:>9} {:>9} {:>6}",
        "query", "calls/s", "calls", "p50 ms", "p95 ms", "p99 ms", "objective", "time"
    );
    for (claim, evidence) in timed {
        let of = |name: &str| match evidence.measured.get(name) {
            Some(Value::Number(number)) => format!("{number:.3}"),
            Some(other) => other.to_string(),
            None => "-".to_owned(),
        };
        let demanded = |name: &str| claim.threshold.get(name).map(rounded).unwrap_or_default();
        let share = match evidence.measured.get("part_of_all_time") {
            Some(Value::Number(share)) => format!("{:.1} %", share * 100.0),
            _ => String::new(),
        };
        let mark = match evidence.verdict {
            Verdict::Refuted => "  refuted",
            Verdict::NotRun => "  not run",
            Verdict::Proven | Verdict::Assumed => "",
        };
        let _ = writeln!(
            out,
            "{:<width$} {:>9} {:>8} {:>9} {:>9} {:>9} {:>9} {share:>6}{mark}",
            name(claim),
            demanded("per_second"),
            of("calls"),
            of("p50_ms"),
            of("p95_ms"),
            of("p99_ms"),
            demanded("latency_ms"),
        );
    }
    out.push('\n');
}

/// A number as people want it: whole where it is large.
fn rounded(value: &Value) -> String {
    match value {
        Value::Number(number) if number.abs() >= 100.0 => format!("{number:.0}"),
        Value::Number(number) if number.abs() >= 1.0 => format!("{number:.1}"),
        Value::Number(number) if *number == 0.0 => "0".to_owned(),
        Value::Number(number) => format!("{number:.4}").trim_end_matches('0').to_owned(),
        Value::Integer(_) | Value::Text(_) | Value::Boolean(_) | Value::List(_) => {
            value.to_string()
        }
    }
}
