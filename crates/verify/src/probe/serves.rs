//! A pattern's plan uses the index that was promised, on generated data and with the planner's ordinary
//! settings.

use underpin_claim::{Claim, Evidence, Family, Value, Verdict};
use underpin_pg::{Command, Expr, Ident, Literal, QualifiedName, Statement};
use underpin_physical::{ParameterRole, Query};
use underpin_server::SessionError;

use super::latency::{WARM, timed};
use super::{Plans, Probe, plans, prepared, query};
use crate::bench::{Bench, not_run};
use crate::generate::Data;
use crate::query_plan::QueryPlan;
use crate::row::Row;
use crate::workload::{Arguments, arguments};

pub(super) const PROBE: Probe = Probe { family: Family::Serves, judge };

/// So many calls are explained. PostgreSQL plans the first five for their parameters.
const CALLS: usize = 3;
/// The part of a table from which on reading it whole is the better plan.
const MUCH: f64 = 0.1;
/// So many are drawn to choose them from.
const CANDIDATES: usize = 200;

/// The calls that concern the most rows. An index is for those who have many: where a tenant has three
/// rows, every index that begins with the tenant is as good.
fn hottest(data: &Data<'_>, query: &Query, mut calls: Vec<Arguments>) -> Vec<Arguments> {
    let shape = &data.shapes[&query.table];
    let compared: Vec<(usize, usize)> = query
        .parameters
        .iter()
        .enumerate()
        .filter_map(|(at, parameter)| {
            let (table, column) = parameter.column.as_ref()?;
            let is_equal = *table == query.table && parameter.role == ParameterRole::Equals;
            is_equal.then(|| shape.column(column)).flatten().map(|column| (at, column))
        })
        .collect();
    if compared.iter().any(|&(_, column)| shape.is_in_link(column)) {
        let rows = &data.tables[&query.table].rows;
        let count = |call: &Arguments| {
            let concerns =
                |row: &&Row| compared.iter().all(|&(at, column)| row[column] == call[at]);
            rows.iter().filter(concerns).count()
        };
        calls.sort_by_cached_key(|call| usize::MAX - count(call));
    }
    calls.dedup();
    calls.truncate(CALLS);
    calls
}

/// The rows of a page, where a statement asks for one.
fn page(statement: &Statement) -> Option<f64> {
    let Statement::Select(select) = statement else { return None };
    let Some(Expr::Literal(Literal::Integer(rows))) = select.limit else { return None };
    i32::try_from(rows).ok().map(f64::from)
}

/// Whether the server has an index.
fn is_there(data: &mut Data<'_>, query: &Query, index: &str) -> Result<bool, SessionError> {
    let Ok(name) = Ident::new(index) else { return Ok(false) };
    let name = QualifiedName::new(query.table.namespace.clone(), name);
    let rows = data.session().text(&Command::Exists(name).to_string())?;
    Ok(rows.rows.iter().flatten().any(Option::is_some))
}

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let Some(Value::Text(index)) = claim.threshold.get("index") else {
        return Ok(not_run(claim, "the claim names no index"));
    };
    let alike: Vec<&str> = match claim.threshold.get("or") {
        Some(Value::List(names)) => names
            .iter()
            .filter_map(|name| if let Value::Text(name) = name { Some(&**name) } else { None })
            .collect(),
        _ => Vec::new(),
    };
    let serves = |plan: &QueryPlan| plan.uses(index) || alike.iter().any(|name| plan.uses(name));
    let (query, statement) = match query(bench, claim) {
        Ok(found) => found,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let physical = bench.input.physical;
    let is_built = physical.schema.indexes.keys().any(|built| built.name.as_str() == index);
    // An index that others were built for as well need not be the one that is taken here.
    let of_others = physical.queries.iter().any(|other| {
        let promised = other.promised_index.as_ref();
        other.name != query.name && promised.is_some_and(|it| it.name.as_str() == index)
    });
    let runs = usize::try_from(bench.input.options.runs.max(1)).unwrap_or(1);
    let data = match bench.data()? {
        Ok(data) => data,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let drawn = match arguments(data, query, CANDIDATES.max(runs + WARM)) {
        Ok(drawn) => drawn,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let calls = hottest(data, query, drawn.iter().take(CANDIDATES).cloned().collect());
    let rows = data.tables[&query.table].rows.len();
    let Plans { plans, refused: error } = plans(data, &prepared(query), statement, &calls)?;
    let Some(first) = plans.first() else {
        return Ok(not_run(claim, error.unwrap_or_else(|| "no plan was printed".to_owned())));
    };
    let used = plans.iter().filter(|plan| serves(plan)).count();
    // One that begins alike may do for a call of few rows; an index that was built and that no call takes
    // serves nobody. A key is there for its own sake.
    // Where a page holds all rows that are alike, their order is none that an index has to give: then it is enough that the
    // index is there for those who have more.
    let page = page(statement);
    let is_whole = page.is_some_and(|page| {
        plans.iter().all(|plan| plan.number("Actual Rows").is_some_and(|rows| rows < page))
    });
    let is_whole = is_whole && is_there(data, query, index)?;
    let is_taken = !is_built || of_others || is_whole || plans.iter().any(|plan| plan.uses(index));
    // Of the calls that concern the most rows one may still concern so few that another way costs as little.
    let is_kept = used * 2 > plans.len() && is_taken;
    let verdict = if is_kept { Verdict::Proven } else { Verdict::Refuted };
    let shown = plans.iter().find(|plan| !serves(plan)).unwrap_or(first);
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let mut evidence = Evidence::new(claim, verdict)
        .measure("plans", count(plans.len()))
        .measure("plans_with_index", count(used))
        .measure("rows", count(rows))
        .measure("nodes", Value::List(shown.nodes().into_iter().map(Value::Text).collect()));
    for (measure, name) in [
        ("estimated_rows", "Plan Rows"),
        ("actual_rows", "Actual Rows"),
        ("buffers_hit", "Shared Hit Blocks"),
        ("buffers_read", "Shared Read Blocks"),
    ] {
        if let Some(number) = shown.number(name) {
            evidence = evidence.measure(measure, number);
        }
    }
    // An objective has a claim of its own, which measures more carefully.
    if query.latency_ms.is_none() {
        let calls = &drawn[..drawn.len().min(runs + WARM)];
        evidence = timed(data.session(), query, statement, calls, evidence)?;
    }
    // SQL of a document asks the clock, and the generated moments are all past: what it asks for may be
    // every row, which no index serves and no application has.
    let wanted = shown.wanted_of(query.table.name.as_str()).unwrap_or_default();
    if verdict == Verdict::Refuted && matches!(statement, Statement::Verbatim(_)) && wanted > MUCH {
        return Ok(Evidence { verdict: Verdict::NotRun, ..evidence }.note(format!(
            "of the generated rows the statement asks for {:.0} %, and an index is for a small part",
            wanted * 100.0
        )));
    }
    Ok(if verdict == Verdict::Proven {
        evidence
    } else {
        evidence.note(format!("without `{index}`, the plan is {}", shown.nodes().join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged};

    #[test]
    fn an_index_that_serves() {
        let judged = judged(Shop::new(), Family::Serves, |_| {});
        let note = judged.note(Family::Serves, Some("list_orders"));
        assert_eq!(judged.verdict(Family::Serves, Some("list_orders")), Verdict::Proven, "{note}");
    }

    #[test]
    fn an_index_that_is_not_there_serves_nobody() {
        let judged = judged(Shop::new(), Family::Serves, |sql| {
            sql.push_str("DROP INDEX public.orders_user_id_placed_at_idx;");
        });
        assert_eq!(judged.verdict(Family::Serves, Some("list_orders")), Verdict::Refuted);
    }
}
