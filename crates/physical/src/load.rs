//! The calls that the documents state, all together: a script of pgbench for each query that has a rate, how often each
//! runs, how many clients that takes, and what is claimed of it. The claims are stated where somebody asks for a size to
//! judge them at, as those on growth are.

use underpin_claim::{Claim, Family, Subject};
use underpin_model::AccessKind;
use underpin_pg::{Draw, Expr, Ident, PgbenchScript, QualifiedName, Statement};

use crate::{PhysicalDesign, Query};

/// pgbench takes no more scripts than these (`MAX_SCRIPTS` in its source).
const MOST_SCRIPTS: usize = 128;
/// How long a call without an objective is taken to last, where clients are counted: in seconds.
const USUAL_CALL: f64 = 0.01;
/// More clients than these wait for a processor on most machines, and a pool would hold them back.
const MOST_CLIENTS: u32 = 64;

/// A query as pgbench runs it.
#[derive(Debug, Clone)]
pub struct LoadScript<'d> {
    /// The query.
    pub query: &'d Query,
    /// The script.
    pub script: PgbenchScript,
    /// Calls in a second, as stated.
    pub per_second: f64,
    /// Its share of all calls, as pgbench weighs scripts.
    pub weight: u32,
}

/// The stated mix.
#[derive(Debug, Clone, Default)]
pub struct LoadMix<'d> {
    /// Those that run, in the order of the queries.
    pub scripts: Vec<LoadScript<'d>>,
    /// Those that have a rate and do not run: name and reason.
    pub left_out: Vec<(&'d str, String)>,
    /// How many people use the system at a time, where a document says so.
    pub users: Option<f64>,
    /// Calls in a second on average, where the mix runs at the peak that a document states.
    pub average: Option<f64>,
}

impl LoadMix<'_> {
    /// All calls in a second.
    pub fn per_second(&self) -> f64 {
        self.scripts.iter().map(|it| it.per_second).fold(0.0, |all, rate| all + rate)
    }

    /// How many calls are under way at a time if each takes as long as its objective allows: calls in a second times
    /// seconds for each (Little, 1961). So many clients at least keep the mix up, or the objectives do not hold.
    /// Where documents say how many people use the system at a time, each may call at once, behind a pool of
    /// so many connections at most.
    pub fn clients(&self) -> u32 {
        let lasts = |it: &LoadScript<'_>| it.query.latency_ms.map_or(USUAL_CALL, |ms| ms / 1_000.0);
        let all: f64 = self.scripts.iter().map(|it| it.per_second * lasts(it)).sum();
        let all = all.max(self.users.unwrap_or_default());
        (1..MOST_CLIENTS).find(|clients| f64::from(*clients) >= all).unwrap_or(MOST_CLIENTS)
    }
}

/// The mix that the documents state, at its peak where they state one; without scripts where they state no rate. At another
/// rate, each query has the same share of it; where no document states any, all have an equal one.
pub fn load_mix(design: &PhysicalDesign, rate: Option<u32>) -> LoadMix<'_> {
    let stated = |query: &Query| query.per_second.filter(|rate| *rate > 0.0);
    let queries = || design.queries.iter();
    let mut rated = mix(design, queries().filter(|it| stated(it).is_some()), stated);
    rated.users = design.load.concurrent_users;
    let average = rated.per_second();
    let peak = design.load.peak(average);
    if rate.is_none() && peak <= average {
        return rated;
    }
    let mut mix = if rated.scripts.is_empty() {
        LoadMix { users: rated.users, ..mix(design, queries(), |_| Some(1.0)) }
    } else {
        LoadMix { average: rate.is_none().then_some(average), ..rated }
    };
    let rate = rate.map_or(peak, f64::from);
    let factor = rate / mix.per_second();
    for script in &mut mix.scripts {
        script.per_second *= factor;
    }
    mix
}

fn mix<'d>(
    design: &PhysicalDesign,
    queries: impl Iterator<Item = &'d Query>,
    rate: impl Fn(&Query) -> Option<f64>,
) -> LoadMix<'d> {
    let mut mix = LoadMix::default();
    for query in queries {
        match script(design, query) {
            Ok(script) => {
                let per_second = rate(query).unwrap_or_default();
                mix.scripts.push(LoadScript { query, script, per_second, weight: 1 });
            }
            Err(reason) => mix.left_out.push((&query.name, reason)),
        }
    }
    if mix.scripts.len() > MOST_SCRIPTS {
        let mut rates: Vec<f64> = mix.scripts.iter().map(|it| it.per_second).collect();
        rates.sort_by(|a, b| b.total_cmp(a));
        let least = rates[MOST_SCRIPTS - 1];
        let mut kept = 0;
        for script in std::mem::take(&mut mix.scripts) {
            if script.per_second >= least && kept < MOST_SCRIPTS {
                kept += 1;
                mix.scripts.push(script);
            } else {
                let reason = format!(
                    "pgbench runs {MOST_SCRIPTS} scripts, and others are called more often"
                );
                mix.left_out.push((&script.query.name, reason));
            }
        }
    }
    let most = mix.scripts.iter().map(|it| it.per_second).fold(0.0, f64::max);
    for script in &mut mix.scripts {
        script.weight = weight(script.per_second / most);
    }
    mix
}

/// Ten million parts for what is called most often: a call a day beside a thousand a second still counts.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share is at most 1")]
fn weight(share: f64) -> u32 {
    (share * 1e7).round().max(1.0) as u32
}

fn script(design: &PhysicalDesign, query: &Query) -> Result<PgbenchScript, String> {
    let Some(statement) = &query.statement else {
        return Err(query.remark.clone().unwrap_or_else(|| "it became no statement".to_owned()));
    };
    if let (Statement::Verbatim(sql), true) = (statement, query.parameters.is_empty()) {
        if sql.contains('$') {
            return Err("what its parameters mean is not known".to_owned());
        }
    }
    let parameters: Vec<_> =
        query.parameters.iter().map(|it| (it.name.clone(), it.data_type.clone())).collect();
    let draw = if is_done_once(design, query, statement) { Draw::Once } else { Draw::Hot };
    let reads = query.kind == AccessKind::Read;
    PgbenchScript::new(&query.name, &parameters, draw, reads, statement)
}

/// Whether the same values cannot be written twice: a row is added or removed once, leaves a state once, and follows the
/// version that was read once.
fn is_done_once(design: &PhysicalDesign, query: &Query, statement: &Statement) -> bool {
    match statement {
        Statement::Select(_) => false,
        Statement::Insert(_) | Statement::Delete(_) => true,
        Statement::Verbatim(_) => query.kind == AccessKind::Write,
        Statement::Update(update) => update.set.iter().any(|(column, value)| {
            let table = design.tables.of(&update.table);
            let is_state = |column: &Ident| {
                table.is_some_and(|it| it.machines.iter().any(|machine| machine.column == *column))
            };
            // What stays as it is where nothing is given; a value that is computed from the one before is a version.
            let is_if_given = matches!(value, Expr::Call("coalesce", _));
            is_state(column)
                || is_key(design, &update.table, column)
                || !(is_if_given || matches!(value, Expr::Parameter(_)))
        }),
    }
}

fn is_key(design: &PhysicalDesign, table: &QualifiedName, column: &Ident) -> bool {
    let of_constraint = design
        .schema
        .tables
        .get(table)
        .is_some_and(|table| table.keys().any(|key| key.columns.contains(column)));
    of_constraint
        || design.schema.indexes_of(table).any(|index| {
            index.unique && index.columns.iter().any(|it| it.key.compared() == Some(column))
        })
}

/// One claim on the mix as a whole, and one for each query with a rate and an objective, at so many rows in all tables
/// together. None for a mix without scripts.
pub fn load_claims(mix: &LoadMix<'_>, rows: u64) -> Vec<Claim> {
    if mix.scripts.is_empty() {
        return Vec::new();
    }
    let (all, rows) = (mix.per_second(), i64::try_from(rows).unwrap_or(i64::MAX));
    let whole = Claim::new(
        Family::Load,
        Subject::whole(),
        format!(
            "The mix of {} calls in a second{} is kept up on {rows} rows without a deadlock.",
            shown(all),
            mix.average.map_or_else(String::new, |average| format!(
                " at its peak ({} on average)",
                shown(average)
            ))
        ),
    )
    .demand("per_second", all)
    .demand("deadlocks", 0_i64)
    .demand("rows", rows);
    let whole = match mix.users {
        Some(users) => whole.demand("concurrent_users", users),
        None => whole,
    };
    let timed = mix.scripts.iter().filter_map(|it| {
        let (name, objective) = (&it.query.name, it.query.latency_ms?);
        Some(
            Claim::new(
                Family::Load,
                Subject::of(it.query.table.name.as_str(), name),
                format!(
                    "`{name}` answers within {objective} ms (p95) while the whole mix runs, {} of {} calls in a second.",
                    shown(it.per_second),
                    shown(all)
                ),
            )
            .demand("latency_ms", objective)
            .demand("per_second", it.per_second)
            .demand("rows", rows),
        )
    });
    std::iter::once(whole).chain(timed).collect()
}

/// A rate with as many digits as tell something.
fn shown(rate: f64) -> String {
    if rate >= 10.0 {
        format!("{rate:.0}")
    } else {
        format!("{}", (rate * 10_000.0).round() / 10_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "\
## Job

| Field | Type | Key | Required |
|---|---|---|---|
| id | uuid | PK | yes |
| name | string(40) | | yes |
| attempts | integer | | yes |
| state | enum | | yes, one of `queued`, `done` |

## Access patterns

| Query | Kind | Entity | Filter | Sort | Limit | Frequency | Latency |
|---|---|---|---|---|---|---|---|
| get job | read | Job | id | | 1 | 900/s | < 10 ms (p95) |
| add job | write | Job | | | | 100/s | < 50 ms (p95) |
| change attempts | write | Job | id | | 1 | 1/day | |
| list jobs | read | Job | state | | 20 | | |
";

    fn designed(document: &str) -> PhysicalDesign {
        let mut sources = underpin_base::Sources::default();
        sources.add("model.md", document);
        let model = underpin_model::build(&underpin_read::read(&sources), &sources);
        crate::design(&model, &underpin_logical::design(&model))
    }

    #[test]
    fn what_has_a_rate_runs_as_often_as_stated() {
        let design = designed(DOCUMENT);
        let mix = load_mix(&design, None);
        let weights: Vec<(&str, u32, Draw)> = mix
            .scripts
            .iter()
            .map(|it| (it.query.name.as_str(), it.weight, it.script.draw()))
            .collect();
        assert_eq!(
            weights,
            [
                ("get_job", 10_000_000, Draw::Hot),
                ("add_job", 1_111_111, Draw::Once),
                ("change_attempts", 1, Draw::Hot),
            ]
        );
        // 900 calls of 10 ms and 100 of 50 ms in a second are 14 at a time.
        assert_eq!(mix.clients(), 15);
        let claims = load_claims(&mix, 1_000);
        assert_eq!(claims.len(), 3, "the whole, and the two with an objective: {claims:?}");
        assert_eq!(claims[0].id.as_str(), "load");
    }

    #[test]
    fn a_stated_peak_is_what_the_mix_runs_at() {
        let peak = |said: &str| designed(&format!("{DOCUMENT}\n## Load\n\n- {said}\n"));
        let factor = peak("Traffic peaks at three times the average at noon.");
        let mix = load_mix(&factor, None);
        assert!((mix.per_second() - 3_000.0).abs() < 1.0, "{}", mix.per_second());
        let claim = &load_claims(&mix, 1_000)[0].statement;
        assert!(claim.contains("3000 calls in a second at its peak (1000 on average)"), "{claim}");
        let rate = peak("Peak load: 2,000 requests per second");
        assert!((load_mix(&rate, None).per_second() - 2_000.0).abs() < 1.0);
        // Who asks for a rate gets it.
        assert!((load_mix(&rate, Some(10)).per_second() - 10.0).abs() < 1e-6);
        // Less than what the queries add up to is no peak.
        let less = peak("Peak load: 20 requests per second");
        assert!((load_mix(&less, None).per_second() - 1_000.0).abs() < 1.0);
    }

    #[test]
    fn users_at_a_time_are_clients_up_to_what_a_pool_lets_through() {
        let users = |said: &str| {
            load_mix(&designed(&format!("{DOCUMENT}\n## Load\n\n- {said}\n")), None).clients()
        };
        assert_eq!(users("40 concurrent users"), 40);
        assert_eq!(users("500 concurrent users"), 64);
        // Fewer than the rates need are not enough.
        assert_eq!(users("5 concurrent users"), 15);
    }

    #[test]
    fn another_rate_keeps_the_shares_and_none_stated_gives_equal_ones() {
        let design = designed(DOCUMENT);
        let mix = load_mix(&design, Some(10));
        assert!((mix.per_second() - 10.0).abs() < 1e-6);
        assert!((mix.scripts[1].per_second * 9.0 - mix.scripts[0].per_second).abs() < 1e-6);
        let unrated =
            designed(&DOCUMENT.replace("900/s", "").replace("100/s", "").replace("1/day", ""));
        assert!(load_claims(&load_mix(&unrated, None), 1_000).is_empty());
        let even = load_mix(&unrated, Some(8));
        assert!(even.scripts.len() >= 4, "{even:?}");
        assert!(even.scripts.iter().all(|it| it.weight == even.scripts[0].weight));
    }
}
