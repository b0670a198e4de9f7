//! What the figures of a run say of a claim. Pure: what refutes a claim is tested without a server.

use super::figures::{Doing, Step, Timed};

/// Fewer calls tell no 95th percentile.
const ENOUGH_CALLS: usize = 20;
/// The part of the calls asked for that must be made, but for those that chance leaves out: they come at random times (a
/// Poisson process, as pgbench draws them), of which four deviations are the most that is seen.
const KEPT_UP: f64 = 0.95;
const DEVIATIONS: f64 = 4.0;
/// Where others keep more than this part of the processors busy, a missed objective is no evidence on a design.
pub(crate) const OTHERS_MATTER: f64 = 0.2;
/// A machine is busy from here on: the rest is what its scheduler leaves between two pieces of work.
const BUSY: f64 = 0.85;

/// How a claim stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// It was kept.
    Kept,
    /// It was not, and this was seen.
    Missed(String),
    /// Nothing can be said, for this reason.
    Unclear(String),
}

/// Whether the mix as a whole was kept up.
pub(crate) fn of_mix(step: &Step) -> Judgement {
    if let Some(said) = &step.refused {
        return Judgement::Unclear(format!(
            "a statement was refused, which is a fault of its parameters or of the script: {said}"
        ));
    }
    if step.deadlocks > 0 {
        return Judgement::Missed(format!(
            "{} of {} calls were ended by a deadlock: writes take the same rows in another order; let all take them in \
             that of their keys",
            step.deadlocks, step.calls
        ));
    }
    let chance = DEVIATIONS * (step.asked / f64::from(step.seconds.max(1))).sqrt();
    if step.made + chance >= step.asked * KEPT_UP {
        return Judgement::Kept;
    }
    let seen = format!("{:.0} calls in a second were made, not {:.0}", step.made, step.asked);
    missed(step, &seen)
}

/// Whether a query was answered in time.
pub(crate) fn of_query(timed: &Timed, objective: f64, step: &Step) -> Judgement {
    let calls = timed.times.len();
    if calls < ENOUGH_CALLS {
        // The same words for all queries of a kind: they are told together.
        return Judgement::Unclear(if timed.ran_out {
            "there were no more rows that it can write; more rows give more of them: --scale"
                .to_owned()
        } else {
            format!(
                "at its rate it is called fewer than {ENOUGH_CALLS} times in {} s, too seldom for a percentile; \
                 `underpin bench --seconds` runs the mix longer",
                step.seconds
            )
        });
    }
    let p95 = timed.percentile(95);
    if p95 <= objective {
        return Judgement::Kept;
    }
    if !is_certain(timed, objective) {
        return Judgement::Unclear(format!(
            "95 of 100 calls took up to {p95:.3} ms, not {objective} ms, but {calls} calls are too few to tell that from \
             chance; `underpin bench --seconds` runs the mix longer"
        ));
    }
    missed(step, &format!("95 of 100 calls took up to {p95:.3} ms, not {objective} ms"))
}

/// Whether more calls were late than chance makes of 5 in 100: of the calls of a query that keeps its objective, so many
/// are late in one of a hundred runs (a binomial distribution's mean and 2.33 deviations).
fn is_certain(timed: &Timed, objective: f64) -> bool {
    const PART: f64 = 0.05;
    const DEVIATIONS: f64 = 2.33;
    let float = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let calls = float(timed.times.len());
    let late = float(timed.times.iter().filter(|time| **time > objective).count());
    late > calls * PART + DEVIATIONS * (calls * PART * (1.0 - PART)).sqrt()
}

/// Whether longer is to be looked at a query: it is late, certainly or not.
pub(crate) fn is_late(timed: &Timed, objective: f64) -> bool {
    timed.times.len() >= ENOUGH_CALLS && timed.percentile(95) > objective
}

fn missed(step: &Step, seen: &str) -> Judgement {
    if let Some(others) = step.others.filter(|others| *others > OTHERS_MATTER) {
        return Judgement::Unclear(format!(
            "too slow, but other programs kept {:.0} % of the processors busy meanwhile: run it on a quiet machine",
            others * 100.0
        ));
    }
    let resource = saturated(step);
    Judgement::Missed(format!("{seen}; {} ({})", resource.seen(step), resource.help()))
}

/// What there is too little of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resource {
    Processors,
    RowLocks,
    Log,
    Disk,
    InternalLocks,
    Clients,
    Other,
}

impl Resource {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Processors => "processors",
            Self::RowLocks => "locks of rows and tables",
            Self::Log => "write-ahead log",
            Self::Disk => "reading from disk",
            Self::InternalLocks => "the server's internal locks",
            Self::Clients => "clients",
            Self::Other => "none that was seen",
        }
    }

    /// What was seen of it.
    fn seen(self, step: &Step) -> String {
        let doing: Vec<String> = step
            .doing
            .iter()
            .take(3)
            .map(|(doing, part)| format!("{} {:.0} %", doing.shown(), part * 100.0))
            .collect();
        let doing = if doing.is_empty() { "nobody".to_owned() } else { doing.join(", ") };
        format!("sessions at work: {doing}; what is short: {}", self.as_str())
    }

    const fn help(self) -> &'static str {
        match self {
            Self::Processors => {
                "more processors, a replica for reads, or a cache for what may be old"
            }
            Self::RowLocks => {
                "many write the same rows: shorter transactions, or a row for each writer that is added up when it is read"
            }
            Self::Log => {
                "a faster disk for the write-ahead log, fewer indexes on what is written, or several rows in one transaction"
            }
            Self::Disk => {
                "more memory for shared_buffers, a smaller index, or partitions so that what is asked for stays in memory"
            }
            Self::InternalLocks => {
                "fewer clients behind a pool, and fewer partitions and indexes for each statement"
            }
            Self::Clients => "more clients: --clients",
            Self::Other => "look at the slowest query's plan",
        }
    }
}

impl Doing {
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Runs => "running".to_owned(),
            Self::Waits(kind, event) => format!("{kind}:{event}"),
        }
    }

    const fn resource(kind: &str, event: &str) -> Resource {
        match (kind.as_bytes(), event.as_bytes()) {
            (b"Lock", _) => Resource::RowLocks,
            (b"LWLock" | b"IO", [b'W', b'A', b'L', ..]) => Resource::Log,
            (b"IO", _) => Resource::Disk,
            (b"LWLock", _) => Resource::InternalLocks,
            _ => Resource::Other,
        }
    }
}

/// Of what there is too little in a run that does not keep up: what most sessions at work wait for, the processors where
/// they run and these are busy, and clients where there was nobody left to call.
pub(crate) fn saturated(step: &Step) -> Resource {
    const MUCH: f64 = 0.3;
    let mut parts: Vec<(Resource, f64)> = Vec::new();
    for (doing, part) in &step.doing {
        let Doing::Waits(kind, event) = doing else { continue };
        let resource = Doing::resource(kind, event);
        match parts.iter_mut().find(|(known, _)| *known == resource) {
            Some((_, sum)) => *sum += part,
            None => parts.push((resource, *part)),
        }
    }
    let waited = parts
        .into_iter()
        .filter(|(resource, part)| *resource != Resource::Other && *part >= MUCH)
        .max_by(|a, b| a.1.total_cmp(&b.1));
    if let Some((resource, _)) = waited {
        return resource;
    }
    let runs = step.doing.iter().any(|(doing, part)| *doing == Doing::Runs && *part >= MUCH);
    match (runs, step.busy) {
        (_, Some(busy)) if busy >= BUSY => Resource::Processors,
        // Where the system does not tell, who runs waits for nothing but a processor.
        (true, None) => Resource::Processors,
        _ if step.lag_p95_ms > 10.0 => Resource::Clients,
        _ => Resource::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(doing: &[(&str, &str, f64)]) -> Step {
        let doing = doing.iter().map(|(kind, event, part)| {
            let doing = match *kind {
                "" => Doing::Runs,
                kind => Doing::Waits(kind.to_owned(), (*event).to_owned()),
            };
            (doing, *part)
        });
        Step { asked: 100.0, made: 99.0, seconds: 50, doing: doing.collect(), ..Step::default() }
    }

    fn times(count: usize, time: f64) -> Timed {
        Timed { times: vec![time; count], ..Timed::default() }
    }

    #[test]
    fn a_mix_that_is_not_kept_up_is_refuted_with_what_is_short() {
        assert_eq!(of_mix(&step(&[("", "", 1.0)])), Judgement::Kept);
        let slow =
            Step { made: 80.0, busy: Some(0.99), others: Some(0.0), ..step(&[("", "", 1.0)]) };
        let Judgement::Missed(note) = of_mix(&slow) else { panic!("{:?}", of_mix(&slow)) };
        assert!(note.contains("80 calls") && note.contains("processors"), "{note}");
        let disturbed = Step { others: Some(0.5), ..slow };
        assert!(matches!(of_mix(&disturbed), Judgement::Unclear(_)));
    }

    #[test]
    fn a_deadlock_refutes_and_a_refused_statement_says_nothing() {
        let deadlock = Step { deadlocks: 1, ..step(&[]) };
        assert!(matches!(of_mix(&deadlock), Judgement::Missed(_)));
        let refused = Step { refused: Some("ERROR: x".to_owned()), ..deadlock };
        assert!(matches!(of_mix(&refused), Judgement::Unclear(_)));
    }

    #[test]
    fn a_query_is_judged_by_enough_calls() {
        let step = step(&[("Lock", "transactionid", 0.8), ("", "", 0.2)]);
        assert_eq!(of_query(&times(20, 4.0), 5.0, &step), Judgement::Kept);
        let Judgement::Missed(note) = of_query(&times(20, 6.0), 5.0, &step) else { panic!() };
        assert!(note.contains("6.000 ms") && note.contains("same rows"), "{note}");
        assert!(matches!(of_query(&times(19, 6.0), 5.0, &step), Judgement::Unclear(_)));
        // Two late calls of thirty are chance, and two hundred of three thousand are not.
        let late = |late: usize, all: usize| {
            let times = [vec![1.0; all - late], vec![6.0; late]].concat();
            Timed { times, ..Timed::default() }
        };
        let Judgement::Unclear(note) = of_query(&late(2, 30), 5.0, &step) else { panic!() };
        assert!(note.contains("too few to tell"), "{note}");
        assert!(matches!(of_query(&late(200, 3_000), 5.0, &step), Judgement::Missed(_)));
        assert!(is_late(&late(2, 30), 5.0) && !is_late(&late(1, 30), 5.0));
        let ran_out = Timed { ran_out: true, ..times(3, 1.0) };
        let Judgement::Unclear(note) = of_query(&ran_out, 5.0, &step) else { panic!() };
        assert!(note.contains("no more rows"), "{note}");
    }

    #[test]
    fn what_is_short_is_told_from_what_sessions_wait_for() {
        let of = |doing: &[(&str, &str, f64)]| saturated(&step(doing));
        assert_eq!(of(&[("LWLock", "WALWrite", 0.3), ("IO", "WALSync", 0.3)]), Resource::Log);
        assert_eq!(of(&[("IO", "DataFileRead", 0.9)]), Resource::Disk);
        assert_eq!(of(&[("LWLock", "BufferMapping", 0.9)]), Resource::InternalLocks);
        assert_eq!(of(&[("Client", "ClientRead", 0.9)]), Resource::Other);
        assert_eq!(of(&[("", "", 1.0)]), Resource::Processors);
        let idle = Step { busy: Some(0.2), lag_p95_ms: 40.0, ..step(&[("", "", 1.0)]) };
        assert_eq!(saturated(&idle), Resource::Clients);
    }
}
