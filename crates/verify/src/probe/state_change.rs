//! A statement that changes a state takes a row through each step of its life cycle. For each step a row is brought to
//! where the step begins, and the statement is called with the next state and what that state asks for; where it has no
//! place for that, PostgreSQL refuses the call.

use underpin_claim::{Claim, Evidence, Family, Value as Measure, Verdict};
use underpin_pg::{Command, Ident, Statement};
use underpin_physical::{ParameterRole, Query};
use underpin_server::SessionError;

use super::lifecycle::{Placed, place};
use super::{Probe, query};
use crate::bench::{Bench, not_run};
use crate::row::{Row, Shape, Step, paths};
use crate::rule::truth;
use crate::trial::Outcome;
use crate::value::Value;
use crate::workload::{Arguments, conditions};

pub(super) const PROBE: Probe = Probe { family: Family::StateChange, judge };

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let (query, statement) = match query(bench, claim) {
        Ok(found) => found,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let shape = match bench.table(claim) {
        Ok(shape) => shape,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let column = match claim.threshold.get("column") {
        Some(Measure::Text(name)) => {
            shape.machines.iter().find(|it| it.design.column.as_str() == name)
        }
        Some(_) | None => None,
    };
    let (Some(machine), Statement::Update(update)) = (column, statement) else {
        return Ok(not_run(claim, "it changes no state"));
    };
    let (column, design) = (machine.column, machine.design);
    if let Err(reason) = bench.ready(&shape.table.name)? {
        return Ok(not_run(claim, reason));
    }
    // What came back tells whether a row was changed.
    let mut told = update.clone();
    told.returning = vec![design.column.clone()];
    let name = Ident::new("changes").expect("invariant: a fixed name");
    let prepare = Command::Prepare(name.clone(), Box::new(Statement::Update(told)));
    if let Outcome::Refused(error) | Outcome::NotSet(error) =
        bench.attempt(&[], &prepare.to_string())?
    {
        return Ok(Evidence::new(claim, Verdict::Refuted).note(error.to_string()));
    }
    let conditions = conditions(statement, shape);
    let paths = paths(design);
    let (mut taken, mut refused, mut unset) = (0_i64, Vec::new(), Vec::new());
    for from in &design.states {
        for to in design.followers(from) {
            let what = format!("from `{from}` to `{to}`");
            let placed = match place(bench, shape, column, design, paths.get(from)) {
                Ok(Some(placed)) => placed,
                // Nothing leads there.
                Ok(None) => continue,
                Err(reason) => {
                    unset.push(format!("{what}: {reason}"));
                    continue;
                }
            };
            if !conditions.iter().all(|it| truth(it, &placed.row) != Some(false)) {
                continue;
            }
            let (setup, step) = match placed.step(bench, shape, column, to) {
                Ok(step) => step,
                Err(reason) => {
                    unset.push(format!("{what}: {reason}"));
                    continue;
                }
            };
            let Some(call) = call(query, shape, &placed, &step) else {
                return Ok(not_run(claim, "what its parameters mean is not known"));
            };
            let call = call.iter().map(Value::expr).collect();
            let call = Command::Execute(name.clone(), call).to_string();
            match bench.attempt(&setup, &call)? {
                Outcome::Accepted(rows) if rows.rows.is_empty() => {
                    refused.push(format!("{what} it changed no row"));
                }
                Outcome::Accepted(_) => taken += 1,
                Outcome::Refused(error) => {
                    refused.push(format!("{what} PostgreSQL refused it: {error}"));
                }
                Outcome::NotSet(error) => unset.push(format!("{what}: {error}")),
            }
        }
    }
    bench.attempt(&[], &Command::Deallocate(name).to_string())?;
    let steps = taken + i64::try_from(refused.len()).unwrap_or(i64::MAX);
    let evidence = |verdict| {
        Evidence::new(claim, verdict).measure("steps", steps).measure("steps_taken", taken)
    };
    Ok(match (refused.is_empty(), unset.first()) {
        (false, _) => evidence(Verdict::Refuted).note(refused.join("; ")),
        (true, Some(reason)) => {
            evidence(Verdict::NotRun).note(format!("no row could be made for a step {reason}"))
        }
        (true, None) if taken == 0 => {
            evidence(Verdict::Refuted).note("no step of the life cycle is one that it applies to")
        }
        (true, None) => evidence(Verdict::Proven),
    })
}

/// The parameters that take a row to where a step ends; nothing where one of them has another meaning.
fn call(query: &Query, shape: &Shape<'_>, placed: &Placed, step: &Step) -> Option<Arguments> {
    let (before, after): (&Row, &Row) = (&placed.row, &step.row);
    let value = |role: ParameterRole, at: usize| {
        Some(match role {
            ParameterRole::Equals => before[at].clone(),
            ParameterRole::AnyOf => Value::List(vec![before[at].clone()]),
            ParameterRole::Value => after[at].clone(),
            ParameterRole::IfGiven if after[at] == before[at] => Value::Null,
            ParameterRole::IfGiven => after[at].clone(),
            ParameterRole::Lower
            | ParameterRole::Upper
            | ParameterRole::Search
            | ParameterRole::Beginning
            | ParameterRole::Part
            | ParameterRole::Contained
            | ParameterRole::Rows
            | ParameterRole::After
            | ParameterRole::Skipped
            | ParameterRole::Near => return None,
        })
    };
    let of = |parameter: &underpin_physical::Parameter| {
        let (table, name) = parameter.column.as_ref()?;
        let at = shape.column(name).filter(|_| *table == shape.table.name)?;
        value(parameter.role, at)
    };
    query.parameters.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Judged, Shop, judged};

    const DOCUMENT: &str = "\
## Parcel

| Field | Type | Key | Required |
|---|---|---|---|
| id | uuid | PK | yes |
| state | enum | | yes, one of `new`, `sent`, `lost` |
| sent_at | timestamp | | |
| lost_at | timestamp | | |

## Parcel lifecycle

Field: `Parcel.state`. Initial state: `new`.

`new → sent → lost`

- `sent_at` is required when `state` is `sent` or `lost`.
- `lost_at` is required when `state` is `lost`.

## Access patterns

| Query | Kind | Entity | Filter | Limit |
|---|---|---|---|---|
| change parcel state | write | Parcel | id | 1 |
";

    fn of(shop: Shop) -> Judged {
        judged(shop, Family::StateChange, |_| {})
    }

    #[test]
    fn each_step_is_taken() {
        let judged = of(Shop::of_document(DOCUMENT));
        assert_eq!(judged.verdicts(), [Verdict::Proven], "{:?}", judged.notes());
        assert_eq!(judged.measured(Family::StateChange, "change_parcel_state", "steps"), "2");
    }

    #[test]
    fn a_statement_that_sets_nothing_but_the_state_is_refuted() {
        let mut shop = Shop::of_document(DOCUMENT);
        let query = &mut shop.physical.queries[0];
        let Some(Statement::Update(update)) = &mut query.statement else { panic!("an UPDATE") };
        update.set.truncate(1);
        update.filter = Some(underpin_pg::Expr::equals(
            underpin_pg::Expr::column(&Ident::new("id").unwrap()),
            underpin_pg::Expr::Parameter(2),
        ));
        query.parameters.retain(|it| it.role != ParameterRole::IfGiven);
        let judged = of(shop);
        assert_eq!(judged.verdicts(), [Verdict::Refuted]);
        assert!(judged.notes()[0].contains("from `new` to `sent`"), "{:?}", judged.notes());
    }
}
