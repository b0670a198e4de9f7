//! The stated mix, run by pgbench on the design at one size: at its rate, then at twice the rate, four times, and so on
//! until it is not kept up or a query misses its objective.

mod figures;
mod judge;
mod parameters;
mod watch;

use std::sync::mpsc;
use std::time::Duration;

use underpin_pg::{Command, Ddl, Draw, LoadStatement, PgbenchScript};
use underpin_physical::{LoadMix, LoadScript, load_mix};
use underpin_server::{
    Call, Pgbench, PgbenchError, ProcessorTime, Run, Session, SessionError, Weighed,
};

use crate::bench::Input;
use crate::growth::Size;
use crate::options::LoadOptions;

pub(crate) use figures::{Step, Timed};
pub(crate) use judge::{Judgement, OTHERS_MATTER, is_late, of_mix, of_query, saturated};

/// More sets of parameters that are taken once are not made.
const MOST_ONCE: usize = 20_000;
/// The calls that a script with enough rows is not expected to exceed: a Poisson distribution's mean and six deviations.
const DEVIATIONS: f64 = 6.0;

/// So many times the mix is run at its rate at most, where a query is late: more calls tell chance from a fault, and what
/// another program did in the meantime is a smaller part of them.
const MOST_ROUNDS: u32 = 3;

/// What came of the mix.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) clients: u32,
    /// How to connect to the database, where it stays.
    pub(crate) left_in: Option<String>,
    /// What decides what a commit costs.
    pub(crate) settings: Vec<String>,
    /// Rows in all tables.
    pub(crate) rows: u64,
    /// At the rate of the mix.
    pub(crate) base: Step,
    /// For each query that ran: its name, and its calls at that rate.
    pub(crate) queries: Vec<(String, Timed)>,
    /// Queries that did not run, and why.
    pub(crate) left_out: Vec<(String, String)>,
    /// At twice the rate, four times and so on, as long as it was kept up; the last may not have been, and then why.
    pub(crate) beyond: Vec<(Step, Option<String>)>,
    /// How long it takes to read a set of parameters, which is part of each call that reads: in the middle, in
    /// milliseconds.
    pub(crate) lookup_ms: Option<f64>,
}

impl Loaded {
    /// The calls of a query; the reason where it did not run.
    pub(crate) fn of(&self, query: &str) -> Result<&Timed, String> {
        if let Some((_, timed)) = self.queries.iter().find(|(name, _)| name == query) {
            return Ok(timed);
        }
        let left_out = self.left_out.iter().find(|(name, _)| name == query);
        Err(left_out
            .map_or_else(|| "no document states its rate".to_owned(), |(_, why)| why.clone()))
    }
}

/// A script that runs, and of how many sets of parameters where each is taken once.
struct Ready<'d> {
    script: LoadScript<'d>,
    sets: Option<usize>,
}

/// Runs the mix; the reason where it cannot be run. A server of our own, on which nothing that is written has to survive,
/// meanwhile commits to its disk as one in use does.
pub(crate) fn load(
    input: Input<'_>,
    size: &mut Size<'_>,
) -> Result<Result<Loaded, String>, SessionError> {
    if !input.server.is_private() {
        let ran = run(input, size)?;
        if let (true, Ok(_)) = (input.options.load.keep, &ran) {
            size.data.installed.database.leave();
        }
        return Ok(ran);
    }
    for statement in LoadStatement::as_in_use() {
        size.data.session().text(statement)?;
    }
    let ran = run(input, size);
    for statement in LoadStatement::as_started() {
        size.data.session().text(statement)?;
    }
    ran
}

fn run(input: Input<'_>, size: &mut Size<'_>) -> Result<Result<Loaded, String>, SessionError> {
    let options = &input.options.load;
    let mix = load_mix(input.physical, options.rate);
    if mix.scripts.is_empty() {
        return Ok(Err(mix.left_out.into_iter().next().map_or_else(
            || "no document states how often a query is called".to_owned(),
            |(name, why)| format!("no query with a stated rate can be run; {name}: {why}"),
        )));
    }
    let pgbench = match Pgbench::of(input.server) {
        Ok(pgbench) => pgbench,
        Err(error) => return Ok(Err(error.to_string())),
    };
    let (_, most) = settings(size.data.session())?;
    let clients = match options.clients {
        Some(clients) => clients,
        None => mix.clients().min(most),
    };
    let seconds = options.seconds.max(1);
    let mut left_out: Vec<(String, String)> =
        mix.left_out.iter().map(|(name, why)| ((*name).to_owned(), why.clone())).collect();
    let ready = prepare(size, mix, options, &mut left_out)?;
    if ready.is_empty() {
        let (name, why) = left_out.swap_remove(0);
        return Ok(Err(format!("no query could be called; {name}: {why}")));
    }
    let lookup_ms = lookup(size.data.session(), &ready)?;
    let scripts: Vec<Weighed> = ready
        .iter()
        .map(|it| Weighed { text: it.script.script.to_string(), weight: it.script.weight })
        .collect();
    let rate: f64 = ready.iter().map(|it| it.script.per_second).sum();
    let mut runner = Runner { pgbench, input, size, scripts, clients };
    let left = |runner: &mut Runner<'_, '_>| -> Result<Vec<Option<usize>>, SessionError> {
        ready.iter().map(|it| unused(runner.size.data.session(), it)).collect()
    };
    let sets = left(&mut runner)?;
    let mut ran = match runner.run(rate, seconds)? {
        Ok(ran) => ran,
        Err(error) => return Ok(Err(error.to_string())),
    };
    for _ in 1..MOST_ROUNDS {
        let timed = ran.timed(&sets);
        let is_late = |(it, timed): (&Ready<'_>, &Timed)| {
            it.script.query.latency_ms.is_some_and(|objective| is_late(timed, objective))
        };
        if of_mix(&ran.step()) != Judgement::Kept || !ready.iter().zip(&timed).any(is_late) {
            break;
        }
        match runner.run(rate, seconds)? {
            Ok(more) => ran.and(more),
            Err(error) => return Ok(Err(error.to_string())),
        }
    }
    let (base, timed) = (ran.step(), ran.timed(&sets));
    // What was changed is in effect in a session from its next statement on.
    let (settings, _) = settings(runner.size.data.session())?;
    let mut beyond: Vec<(Step, Option<String>)> = Vec::new();
    let mut is_kept = of_mix(&base) == Judgement::Kept;
    for doubling in 1..=options.doublings {
        if !is_kept {
            break;
        }
        let sets = left(&mut runner)?;
        let faster = rate * 2.0_f64.powi(i32::try_from(doubling).unwrap_or(30));
        let Ok(ran) = runner.run(faster, (seconds / 3).max(1))? else { break };
        let (step, timed) = (ran.step(), ran.timed(&sets));
        let broken = broken(&ready, &step, &timed);
        is_kept = broken.is_none();
        beyond.push((step, broken));
    }
    let names = ready.iter().map(|it| it.script.query.name.clone());
    let is_left = options.keep && !input.server.is_private();
    Ok(Ok(Loaded {
        left_in: is_left.then(|| runner.size.data.installed.database.connection_string()),
        clients,
        settings,
        rows: runner.size.all(),
        base,
        queries: names.zip(timed).collect(),
        left_out,
        beyond,
        lookup_ms,
    }))
}

/// What is not kept at a rate.
fn broken(ready: &[Ready<'_>], step: &Step, timed: &[Timed]) -> Option<String> {
    match of_mix(step) {
        Judgement::Kept => {}
        Judgement::Missed(why) | Judgement::Unclear(why) => return Some(why),
    }
    ready.iter().zip(timed).find_map(|(it, timed)| {
        let objective = it.script.query.latency_ms?;
        match of_query(timed, objective, step) {
            Judgement::Missed(why) => Some(format!("{}: {why}", it.script.query.name)),
            Judgement::Kept | Judgement::Unclear(_) => None,
        }
    })
}

/// Makes the parameters of each script; those without go to `left_out`.
fn prepare<'d>(
    size: &mut Size<'_>,
    mix: LoadMix<'d>,
    options: &LoadOptions,
    left_out: &mut Vec<(String, String)>,
) -> Result<Vec<Ready<'d>>, SessionError> {
    let namespace = Ddl::CreateNamespace(PgbenchScript::namespace());
    size.data.session().batch(&namespace.to_string())?;
    let mut ready = Vec::new();
    for script in mix.scripts {
        let is_once = script.script.has_parameters() && script.script.draw() == Draw::Once;
        match parameters::fill(&mut size.data, &script, wanted(script.per_second, options))? {
            Ok(sets) => ready.push(Ready { script, sets: is_once.then_some(sets) }),
            Err(why) => left_out.push((script.query.name.clone(), why)),
        }
    }
    Ok(ready)
}

/// So many sets of parameters a script at this rate takes in all steps together.
fn wanted(per_second: f64, options: &LoadOptions) -> usize {
    let seconds = options.seconds.max(1);
    let whole = |seconds: u32| f64::from(seconds + lead(seconds));
    let beyond = whole((seconds / 3).max(1))
        * (2.0_f64.powi(i32::try_from(options.doublings).unwrap_or(30) + 1) - 2.0);
    let mean = per_second * (whole(seconds) * f64::from(MOST_ROUNDS) + beyond);
    let most = (mean + DEVIATIONS * mean.sqrt() + 1.0).min(f64::from(u32::MAX));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded above")]
    let most = most as u32;
    usize::try_from(most).unwrap_or(usize::MAX).min(MOST_ONCE)
}

/// For so many seconds the mix runs before a run is timed: sessions that were just opened read the catalog, parse and plan
/// each statement for the first time and have no buffers, while an application's pool has kept its own for hours.
fn lead(seconds: u32) -> u32 {
    (seconds / 3 * 2).clamp(2, 5)
}

/// How many sets are not taken yet, where each is taken once.
fn unused(session: &mut Session, ready: &Ready<'_>) -> Result<Option<usize>, SessionError> {
    let Some(sets) = ready.sets else { return Ok(None) };
    let taken = session.text(&ready.script.script.taken())?;
    let taken = taken.rows.into_iter().flatten().flatten().next();
    let taken: usize = taken.and_then(|it| it.parse().ok()).unwrap_or(0);
    Ok(Some(sets.saturating_sub(taken)))
}

/// How long it takes to read a set of parameters.
fn lookup(session: &mut Session, ready: &[Ready<'_>]) -> Result<Option<f64>, SessionError> {
    const TIMES: usize = 200;
    let hot = ready.iter().find(|it| it.sets.is_none() && it.script.script.has_parameters());
    let Some(hot) = hot else { return Ok(None) };
    let prepared = session.prepare(&hot.script.script.lookup("1"))?;
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let begun = std::time::Instant::now();
        session.execute(&prepared, &[])?;
        times.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    Ok(Some(crate::probe::percentile(&times, 50)))
}

/// The settings that decide what a commit costs, and how many sessions the server takes besides ours and those of
/// whoever looks after it.
fn settings(session: &mut Session) -> Result<(Vec<String>, u32), SessionError> {
    const OTHERS: u32 = 10;
    let mut most = 100_u32;
    let mut settings = Vec::new();
    for row in session.text(LoadStatement::Settings.as_str())?.rows {
        let mut cells = row.into_iter().map(Option::unwrap_or_default);
        let (name, value) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
        if name == "max_connections" {
            most = value.parse().unwrap_or(most);
        } else {
            settings.push(format!("{name} = {value}"));
        }
    }
    Ok((settings, most.saturating_sub(OTHERS).max(1)))
}

/// The calls of a run, and what was seen meanwhile.
struct Ran {
    calls: Vec<Call>,
    /// Those before, whose times do not count.
    leading: Vec<Call>,
    asked: f64,
    seconds: u32,
    refused: Option<String>,
    seen: watch::Seen,
    processors: Option<(ProcessorTime, ProcessorTime)>,
    blocks_read: u64,
}

impl Ran {
    /// What it comes to.
    fn step(&self) -> Step {
        figures::step(
            &self.calls,
            figures::Around {
                asked: self.asked,
                seconds: self.seconds,
                refused: self.refused.clone(),
                seen: &self.seen,
                processors: self.processors,
                blocks_read: self.blocks_read,
            },
        )
    }

    /// The calls of each script, where there were so many sets of parameters before the run.
    fn timed(&self, sets: &[Option<usize>]) -> Vec<Timed> {
        figures::timed(&self.leading, &self.calls, sets)
    }

    /// The two runs as one.
    fn and(&mut self, next: Self) {
        self.calls.extend(next.calls);
        self.leading.extend(next.leading);
        self.seconds += next.seconds;
        self.refused = self.refused.take().or(next.refused);
        self.seen.and(next.seen);
        self.processors =
            self.processors.zip(next.processors).map(|(first, last)| (first.0, last.1));
        self.blocks_read += next.blocks_read;
    }
}

struct Runner<'r, 'a> {
    pgbench: Pgbench,
    input: Input<'r>,
    size: &'r mut Size<'a>,
    scripts: Vec<Weighed>,
    clients: u32,
}

impl Runner<'_, '_> {
    /// Runs the scripts for so many seconds, after some in which the sessions come to know them.
    fn run(&mut self, rate: f64, seconds: u32) -> Result<Result<Ran, PgbenchError>, SessionError> {
        let installed = &mut self.size.data.installed;
        let mut watcher = installed.database.connect()?;
        watcher.batch(&Command::Set("application_name", "underpin").to_string())?;
        let lead = Duration::from_secs(u64::from(lead(seconds)));
        let run = Run {
            scripts: &self.scripts,
            clients: self.clients,
            seconds: seconds + u32::try_from(lead.as_secs()).unwrap_or_default(),
            rate: Some(rate),
            seed: self.input.options.seed,
        };
        let server = self.input.server;
        let (end, ended) = mpsc::channel::<()>();
        let name = installed.database.name();
        let looks = &mut watcher;
        let (ran, seen) = std::thread::scope(|scope| {
            let seen = scope.spawn(move || {
                // A run that ended before it was to be timed has nothing to look at.
                let _ = ended.recv_timeout(lead);
                let before = (blocks_read(looks)?, ProcessorTime::so_far(server));
                let seen = watch::watch(looks, &ended)?;
                Ok::<_, SessionError>((before, seen))
            });
            let ran = self.pgbench.run(server, name, &run);
            drop(end);
            (ran, seen.join().expect("invariant: looking does not panic"))
        });
        let (before, seen) = seen?;
        let mut ran = match ran {
            Ok(ran) => ran,
            Err(error) => return Ok(Err(error)),
        };
        let after = (blocks_read(&mut watcher)?, ProcessorTime::so_far(server));
        let calls = figures::split_off(&mut ran.calls, lead);
        Ok(Ok(Ran {
            calls,
            leading: ran.calls,
            asked: rate,
            seconds,
            refused: ran.refused,
            seen,
            processors: before.1.zip(after.1),
            blocks_read: after.0.saturating_sub(before.0),
        }))
    }
}

/// Blocks that were read from outside the shared buffers so far.
fn blocks_read(session: &mut Session) -> Result<u64, SessionError> {
    let answer = session.text(LoadStatement::Counters.as_str())?;
    let count = answer.rows.into_iter().flatten().flatten().nth(1);
    Ok(count.and_then(|it| it.parse().ok()).unwrap_or(0))
}
