//! The probes, one for each family of claims.
//!
//! A probe tries to refute its claim. Adding one: `cargo xtask new-probe NAME`.

mod access;
mod acyclic;
mod applies;
mod check;
mod crossing;
mod default;
mod exclusion;
mod foreign_key;
mod growth;
mod hold;
mod idempotent;
mod identity;
mod introspects;
mod isolation;
mod latency;
mod life;
mod lifecycle;
mod limit;
mod load;
mod necessity;
mod not_null;
mod on_delete;
mod owner_bound;
mod owner_state;
mod partitioned;
mod prepares;
mod prunes;
mod reversible;
mod seeds;
mod serves;
mod share;
mod state_change;
mod supports;
mod touch;
mod unchanged;
mod unique;
mod upkeep;
mod version;
// xtask:new-probe:modules

use underpin_claim::{Claim, Evidence, Family};
use underpin_pg::{Command, Ddl, Ident, Insert, Statement};
use underpin_physical::Query;
use underpin_server::SessionError;

use crate::bench::{Bench, not_run, without_triggers};
use crate::generate::Data;
use crate::query_plan::QueryPlan;
use crate::row::{KeyShape, PlannedRow, Shape, Wish};
use crate::trial::Outcome;
use crate::value::Value;
use crate::workload::Arguments;

pub(crate) use latency::percentile;
pub(crate) use necessity::Used;

/// What tries to refute the claims of one family.
#[derive(Debug)]
pub(crate) struct Probe {
    /// The family.
    pub(crate) family: Family,
    judge: fn(&mut Bench<'_>, &Claim) -> Result<Evidence, SessionError>,
}

impl Probe {
    /// Judges a claim of the family.
    pub(crate) fn judge(
        &self,
        bench: &mut Bench<'_>,
        claim: &Claim,
    ) -> Result<Evidence, SessionError> {
        (self.judge)(bench, claim)
    }
}

const PROBES: &[Probe] = &[
    applies::PROBE,
    introspects::PROBE,
    idempotent::PROBE,
    reversible::PROBE,
    not_null::PROBE,
    default::PROBE,
    seeds::PROBE,
    identity::PROBE,
    unique::PROBE,
    check::PROBE,
    exclusion::PROBE,
    foreign_key::PROBE,
    on_delete::PROBE,
    access::PROBE,
    isolation::PROBE,
    crossing::PROBE,
    lifecycle::PROBE,
    life::PROBE,
    state_change::PROBE,
    acyclic::PROBE,
    limit::PROBE,
    owner_state::PROBE,
    owner_bound::PROBE,
    hold::PROBE,
    version::PROBE,
    unchanged::PROBE,
    touch::PROBE,
    share::PROBE,
    partitioned::PROBE,
    upkeep::PROBE,
    prepares::PROBE,
    serves::PROBE,
    prunes::PROBE,
    supports::PROBE,
    latency::PROBE,
    growth::PROBE,
    load::PROBE,
    necessity::PROBE,
    // xtask:new-probe:registry
];

/// The probe of a family.
pub(crate) fn of(family: Family) -> &'static Probe {
    const NONE: Probe = Probe {
        family: Family::Applies,
        judge: |_, claim| Ok(not_run(claim, "there is no probe for this kind of claim")),
    };
    PROBES.iter().find(|probe| probe.family == family).unwrap_or(&NONE)
}

/// The table and the column that a claim is about.
fn column_of<'a>(bench: &Bench<'a>, claim: &Claim) -> Result<(&'a Shape<'a>, usize), String> {
    let shape = bench.table(claim)?;
    let name = claim.subject.object.as_deref().unwrap_or_default();
    let at = (0..shape.table.columns.len()).find(|&at| shape.name(at).as_str() == name);
    Ok((shape, at.ok_or_else(|| format!("{} has no column `{name}`", shape.table.name))?))
}

/// A row as wished whose value in a column only the server knows: no row refers to it by that value. Where one
/// must, in a circle of references, it comes after such a circle and refers to what is there.
fn newborn(
    bench: &mut Bench<'_>,
    shape: &Shape<'_>,
    column: usize,
    wish: Wish<'_>,
) -> Result<Vec<PlannedRow>, String> {
    let table = &shape.table.name;
    let mut rows = bench.plan(table, &wish)?.rows;
    let first = rows.last().expect("a plan ends with its row").values.clone();
    if !bench.is_meant(shape, Some(column), &rows, &first) {
        return Ok(rows);
    }
    let mut wish = wish;
    for link in &shape.links {
        // What only one row may refer to is taken.
        let is_key = |key: &KeyShape| key.columns.iter().all(|at| link.columns.contains(at));
        if !shape.keys.iter().any(is_key) {
            for &at in &link.columns {
                wish.values.entry(at).or_insert_with(|| first[at].clone());
            }
        }
    }
    let second = bench.planner.plan(table, &wish, &rows)?.rows;
    let row = second.last().expect("a plan ends with its row").values.clone();
    rows.extend(second);
    if bench.is_meant(shape, Some(column), &rows, &row) {
        return Err(format!("a row of {table} is referred to before the server knows its key"));
    }
    Ok(rows)
}

/// What came of a row that says nothing of a column.
enum Birth {
    /// It is there, and this was seen.
    Seen(Option<String>),
    /// It was refused because nothing came in the column's place.
    Refused(String),
    /// Something else kept it out.
    NotSet(String),
}

/// Inserts rows, the last of which says nothing of a column, and looks: at what the column has, or as `look`
/// says.
fn born(
    bench: &mut Bench<'_>,
    shape: &Shape<'_>,
    column: usize,
    rows: &[PlannedRow],
    look: Option<String>,
) -> Result<Birth, SessionError> {
    let mut inserts = bench.inserts(rows);
    let last = rows.last().expect("a plan ends with its row");
    let last = look.unwrap_or_else(|| {
        inserts.pop();
        let returning = vec![shape.name(column).clone()];
        Insert { returning, ..last.insert(shape) }.to_string()
    });
    // What the server puts there may break another rule: rows are planned for a day in the past.
    let mut alone = without_triggers(rows);
    let checks = shape.table.checks.iter();
    alone.extend(checks.map(|check| {
        Ddl::DropConstraint(shape.table.name.clone(), check.name.clone()).to_string()
    }));
    alone.extend(inserts.iter().cloned());
    let mut reason = String::new();
    for setup in [inserts, alone] {
        match bench.attempt(&setup, &last)? {
            Outcome::Accepted(found) => {
                return Ok(Birth::Seen(found.rows.into_iter().flatten().next().flatten()));
            }
            Outcome::Refused(error) | Outcome::NotSet(error) => {
                let is_there = error.sqlstate == "23502"
                    && error.column.as_deref() == Some(shape.name(column).as_str());
                if is_there {
                    return Ok(Birth::Refused(format!("a row without it was refused: {error}")));
                }
                if reason.is_empty() {
                    reason = error.to_string();
                }
            }
        }
    }
    Ok(Birth::NotSet(reason))
}

/// What the server would do for calls of a statement.
struct Plans {
    plans: Vec<QueryPlan>,
    /// What it said of a call that it refused.
    refused: Option<String>,
}

/// Prepares a statement, and has it explained and measured for each call.
fn plans(
    data: &mut Data<'_>,
    name: &Ident,
    statement: &Statement,
    calls: &[Arguments],
) -> Result<Plans, SessionError> {
    let prepare = Command::Prepare(name.clone(), Box::new(statement.clone()));
    data.session().batch(&prepare.to_string())?;
    let mut found = Plans { plans: Vec::new(), refused: None };
    for call in calls {
        let arguments = call.iter().map(Value::expr).collect();
        let explain = Command::ExplainExecute { name: name.clone(), arguments, analyze: true };
        match data.aside(&explain.to_string())? {
            Ok(answer) => {
                let plans = answer.rows.into_iter().flatten().flatten();
                let session = data.session();
                let whole_of = |name: &str| session.whole_of(name).to_owned();
                found.plans.extend(
                    plans.filter_map(|it| QueryPlan::parse(&it)).map(|it| it.told_whole(&whole_of)),
                );
            }
            Err(refused) => found.refused = Some(refused.to_string()),
        }
    }
    data.session().batch(&Command::Deallocate(name.clone()).to_string())?;
    Ok(found)
}

/// The query that a claim is about, and its statement.
fn query<'a>(bench: &Bench<'a>, claim: &Claim) -> Result<(&'a Query, &'a Statement), String> {
    let name = claim.subject.object.as_deref().unwrap_or_default();
    let query = bench
        .input
        .physical
        .queries
        .iter()
        .find(|query| query.name == name)
        .ok_or_else(|| format!("the design has no query `{name}`"))?;
    match &query.statement {
        Some(statement) => Ok((query, statement)),
        None => Err(query.remark.clone().unwrap_or_else(|| "it became no statement".to_owned())),
    }
}

/// What a query is called while it is prepared.
fn prepared(query: &Query) -> Ident {
    underpin_pg::naming::fit(&query.name, "")
}
