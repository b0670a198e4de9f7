//! What a run of the mix comes to, in numbers.

use std::collections::BTreeMap;
use std::time::Duration;

use underpin_server::{Call, Failed, ProcessorTime};

use super::watch::Seen;
use crate::probe::percentile;

/// A run at one rate.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Step {
    /// Calls in a second that were asked for.
    pub(crate) asked: f64,
    /// Calls in a second that were made.
    pub(crate) made: f64,
    pub(crate) seconds: u32,
    pub(crate) calls: usize,
    pub(crate) deadlocks: usize,
    pub(crate) serialization_failures: usize,
    /// What a client said that gave up.
    pub(crate) refused: Option<String>,
    /// How long after its time a call was begun: 95 of 100 at most so long, in milliseconds.
    pub(crate) lag_p95_ms: f64,
    /// Sessions at work at a time.
    pub(crate) active: f64,
    /// What these did, each a part of 1, most first: what they waited for, or that they ran.
    pub(crate) doing: Vec<(Doing, f64)>,
    /// Who waited for whose lock, of which kind, in which part of the looks, most first.
    pub(crate) blocked: Vec<([String; 3], f64)>,
    /// Part of the processors that was busy, and that others kept busy; where the system tells.
    pub(crate) busy: Option<f64>,
    pub(crate) others: Option<f64>,
    /// Blocks that were not found among the shared buffers.
    pub(crate) blocks_read: u64,
}

/// What a session at work does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Doing {
    /// It runs, or waits for a processor.
    Runs,
    /// It waits: kind and event as `pg_stat_activity` names them.
    Waits(String, String),
}

/// The calls of one query.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Timed {
    /// In milliseconds, least first.
    pub(crate) times: Vec<f64>,
    pub(crate) deadlocks: usize,
    /// Its part of the time that all calls took.
    pub(crate) share: f64,
    /// Whether its parameters were used up before the end.
    pub(crate) ran_out: bool,
}

impl Timed {
    pub(crate) fn percentile(&self, percent: usize) -> f64 {
        percentile(&self.times, percent)
    }
}

/// What is known of a run besides its calls.
#[derive(Debug)]
pub(super) struct Around<'s> {
    pub(super) asked: f64,
    pub(super) seconds: u32,
    pub(super) refused: Option<String>,
    pub(super) seen: &'s Seen,
    /// Before and after.
    pub(super) processors: Option<(ProcessorTime, ProcessorTime)>,
    pub(super) blocks_read: u64,
}

/// A microsecond in milliseconds.
const MICROSECOND: f64 = 0.001;

/// The figures of all calls together.
pub(super) fn step(calls: &[Call], around: Around<'_>) -> Step {
    let failed = |why: Failed| calls.iter().filter(|call| call.outcome == Err(why)).count();
    let mut lags: Vec<f64> = calls.iter().map(|call| float(call.lag) * MICROSECOND).collect();
    lags.sort_by(f64::total_cmp);
    let counted: u64 = around.seen.doing.values().sum();
    let mut doing: Vec<(Doing, f64)> = Vec::new();
    for ((kind, event), count) in &around.seen.doing {
        let what =
            if kind.is_empty() { Doing::Runs } else { Doing::Waits(kind.clone(), event.clone()) };
        doing.push((what, float(*count) / float(counted)));
    }
    doing.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let looks = float(around.seen.looks.max(1));
    let blocked = around.seen.blocked.iter();
    let mut blocked: Vec<([String; 3], f64)> =
        blocked.map(|(who, count)| (who.clone(), float(*count) / looks)).collect();
    blocked.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let seconds = f64::from(around.seconds.max(1));
    Step {
        asked: around.asked,
        made: float(u64::try_from(calls.len()).unwrap_or(u64::MAX)) / seconds,
        seconds: around.seconds,
        calls: calls.len(),
        deadlocks: failed(Failed::Deadlock),
        serialization_failures: failed(Failed::Serialization),
        refused: around.refused,
        lag_p95_ms: if lags.is_empty() { 0.0 } else { percentile(&lags, 95) },
        active: float(counted) / looks,
        doing,
        blocked,
        busy: around.processors.map(|(before, after)| after.busy_since(&before)),
        others: around.processors.map(|(before, after)| after.of_others_since(&before)),
        blocks_read: around.blocks_read,
    }
}

/// Takes out of the calls of a run, which stand in the order in which they ended, those that were due after its first part.
pub(super) fn split_off(calls: &mut Vec<Call>, lead: Duration) -> Vec<Call> {
    let due = |call: &Call| call.ended.saturating_sub(call.lag + call.outcome.unwrap_or_default());
    let lead = u64::try_from(lead.as_micros()).unwrap_or(u64::MAX);
    let Some(begun) = calls.iter().map(due).min() else { return Vec::new() };
    calls.extract_if(.., |call| due(call) >= begun.saturating_add(lead)).collect()
}

/// The calls of each of so many scripts. Of those that take each set of parameters once, `sets` says how many sets there
/// were: what comes after is no call of the query. The `leading` calls took some; where the rest does not last for the
/// others, they count too, since there are no better ones.
pub(super) fn timed(leading: &[Call], calls: &[Call], sets: &[Option<usize>]) -> Vec<Timed> {
    let of = |calls: &[Call], script| calls.iter().filter(|call| call.script == script).count();
    let lasts = |(script, sets): (usize, &Option<usize>)| {
        sets.is_none_or(|sets| of(leading, script) + of(calls, script) <= sets)
    };
    let lasts: Vec<bool> = sets.iter().enumerate().map(lasts).collect();
    let leading = leading.iter().filter(|call| lasts.get(call.script) == Some(&false));
    let mut all = vec![Timed::default(); sets.len()];
    let mut seen: BTreeMap<usize, usize> = BTreeMap::new();
    for call in leading.chain(calls) {
        let Some(of) = all.get_mut(call.script) else { continue };
        let count = seen.entry(call.script).or_default();
        *count += 1;
        if sets[call.script].is_some_and(|sets| *count > sets) {
            of.ran_out = true;
            continue;
        }
        match call.outcome {
            Ok(micros) => of.times.push(float(micros) * MICROSECOND),
            Err(Failed::Deadlock) => of.deadlocks += 1,
            Err(Failed::Serialization) => {}
        }
    }
    // Not the iterator's own sum, which is minus zero for none.
    let sum = |times: &[f64]| times.iter().fold(0.0, |all, time| all + time);
    let whole: f64 = all.iter().map(|it| sum(&it.times)).fold(0.0, |all, times| all + times);
    for of in &mut all {
        of.times.sort_by(f64::total_cmp);
        of.share = if whole > 0.0 { sum(&of.times) / whole } else { 0.0 };
    }
    all
}

#[expect(clippy::cast_precision_loss, reason = "calls and microseconds of a run of minutes")]
fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(script: usize, outcome: Result<u64, Failed>) -> Call {
        Call { script, ended: 0, outcome, lag: 2_000 }
    }

    #[test]
    fn calls_that_were_due_before_the_run_is_timed_are_left() {
        let call = |ended: u64, took, lag| Call {
            script: 0,
            ended: 9_000_000 + ended,
            outcome: Ok(took),
            lag,
        };
        // The third ended late, and was due in the first part: what sessions learn then makes others late too.
        let mut calls = vec![
            call(1_000, 900, 100),
            call(999_999, 10, 0),
            call(1_200_000, 100, 200_001),
            call(1_200_001, 1, 200_000),
            call(1_500_000, 10, 0),
        ];
        let timed = split_off(&mut calls, Duration::from_secs(1));
        assert_eq!((calls.len(), timed.len()), (3, 2));
        assert_eq!(timed[0].ended, 10_200_001);
        assert_eq!(split_off(&mut Vec::new(), Duration::from_secs(1)), []);
        // A run that was over before has nothing that counts.
        assert_eq!(split_off(&mut calls, Duration::from_secs(2)), []);
    }

    #[test]
    fn calls_after_the_last_parameters_are_none() {
        let calls = [
            call(0, Ok(1_000)),
            call(1, Ok(3_000)),
            call(0, Err(Failed::Deadlock)),
            call(0, Ok(5)),
        ];
        let timed = timed(&[], &calls, &[Some(2), None]);
        assert_eq!((&timed[0].times[..], timed[0].deadlocks), (&[1.0][..], 1));
        assert!(timed[0].ran_out && !timed[1].ran_out);
        assert!((timed[1].share - 0.75).abs() < 1e-9);
    }

    #[test]
    fn calls_before_the_run_count_where_parameters_do_not_last() {
        let [first, second] = [call(0, Ok(9_000)), call(0, Ok(1_000))];
        let times = |sets| timed(&[first], &[second, second], &[sets]).remove(0);
        assert_eq!(times(None).times, [1.0, 1.0]);
        assert_eq!(times(Some(3)).times, [1.0, 1.0]);
        let short = times(Some(2));
        assert_eq!((short.times, short.ran_out), (vec![1.0, 9.0], true));
    }

    #[test]
    fn what_sessions_do_is_told_in_parts() {
        let lock = ("Lock".to_owned(), "tuple".to_owned());
        let runs = (String::new(), String::new());
        let who = ["pay", "ship", "tuple"].map(str::to_owned);
        let first = Seen {
            looks: 3,
            doing: [(lock.clone(), 1), (runs, 6)].into(),
            blocked: [(who.clone(), 1)].into(),
        };
        let mut seen = Seen { looks: 1, doing: [(lock, 1)].into(), blocked: [(who, 1)].into() };
        seen.and(first);
        let around = Around {
            asked: 2.0,
            seconds: 2,
            refused: None,
            seen: &seen,
            processors: None,
            blocks_read: 0,
        };
        let step = step(&[call(0, Ok(1)), call(0, Err(Failed::Deadlock))], around);
        assert_eq!((step.calls, step.deadlocks), (2, 1));
        assert!((step.made - 1.0).abs() < 1e-9 && (step.active - 2.0).abs() < 1e-9);
        assert!((step.lag_p95_ms - 2.0).abs() < 1e-9);
        assert_eq!(step.doing[0], (Doing::Runs, 0.75));
        assert_eq!(step.blocked, [(["pay", "ship", "tuple"].map(str::to_owned), 0.5)]);
    }
}
