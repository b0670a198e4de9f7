//! A query takes the same way at each size: plans, blocks and times at 1, 10 and 100 % of the rows asked for, the law
//! that fits to them, and what that law says of the stated rows, which nobody measured: it is called projected.

use std::collections::BTreeMap;

use underpin_claim::{Claim, Evidence, Family, Value, Verdict};
use underpin_pg::{Command, Statement};
use underpin_physical::Query;
use underpin_server::SessionError;

use super::latency::{WARM, percentile, round};
use super::{Probe, query};
use crate::bench::{Bench, not_run};
use crate::growth::{Size, SizePlans, faults, fit, prepared};
use crate::query_plan::QueryPlan;
use crate::value::Value as Cell;
use crate::workload::{Arguments, arguments};

pub(super) const PROBE: Probe = Probe { family: Family::Growth, judge };

/// So many sets of parameters have their plan looked at.
const PLANS: usize = 6;

/// Blocks that the call in the middle touches, and the times of all calls in milliseconds, least first.
type Figures = (f64, Vec<f64>);

/// What was measured at one size.
struct Measured {
    plans: SizePlans,
    figures: Figures,
}

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let (query, statement) = match query(bench, claim) {
        Ok(found) => found,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let Some(Value::Integer(factor)) = claim.threshold.get("estimate_factor") else {
        return Ok(not_run(claim, "the claim names no limit for estimates"));
    };
    let factor = i32::try_from(*factor).map_or(f64::MAX, f64::from);
    let runs = usize::try_from(bench.input.options.runs.max(1)).unwrap_or(1);
    let stated = bench.input.physical.tables.of(&query.table);
    let stated = stated.and_then(|design| design.growth.rows);
    let sizes = match bench.sizes()? {
        Ok(sizes) => sizes,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let mut all = Vec::with_capacity(sizes.len());
    for size in sizes {
        match measure(size, query, statement, runs)? {
            Ok(measured) => all.push(measured),
            Err(reason) => return Ok(not_run(claim, reason)),
        }
    }
    let (plans, figures): (Vec<SizePlans>, Vec<Figures>) =
        all.into_iter().map(|it| (it.plans, it.figures)).unzip();
    let found = faults(&plans, factor);
    let verdict = if found.is_empty() { Verdict::Proven } else { Verdict::Refuted };
    let mut evidence = Evidence::new(claim, verdict);
    for (name, percent) in [("p50_ms", 50), ("p95_ms", 95), ("p99_ms", 99)] {
        let times = figures.iter().map(|(_, times)| Value::Number(percentile(times, percent)));
        evidence = evidence.measure(&format!("{name}_of_sizes"), Value::List(times.collect()));
    }
    let rows: Vec<f64> = plans.iter().map(|size| float(size.of_main)).collect();
    let counts =
        plans.iter().map(|size| Value::Integer(i64::try_from(size.of_main).unwrap_or(i64::MAX)));
    let blocks = figures.iter().map(|(blocks, _)| Value::Number(*blocks));
    evidence = evidence
        .measure("rows_of_sizes", Value::List(counts.collect()))
        .measure("blocks_of_sizes", Value::List(blocks.collect()));
    if let Some(way) = plans.last().and_then(|size| size.plans.first()).map(QueryPlan::nodes) {
        let nodes = way.into_iter().map(Value::Text).collect();
        evidence = evidence.measure("plan", Value::List(nodes));
    }
    evidence = projected(evidence, &rows, &figures, stated);
    Ok(if found.is_empty() {
        evidence
    } else {
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        evidence.note(found.join("; "))
    })
}

/// Adds the laws, and what they say of the stated rows and of 10 and 100 times as many.
fn projected(
    evidence: Evidence,
    rows: &[f64],
    figures: &[Figures],
    stated: Option<f64>,
) -> Evidence {
    let points = |of: &dyn Fn(&Figures) -> f64| -> Vec<(f64, f64)> {
        rows.iter().copied().zip(figures.iter().map(of)).collect()
    };
    let mut evidence = evidence;
    if let Some(fit) = fit(&points(&|(blocks, _)| *blocks)) {
        evidence = evidence.measure("law_of_blocks", fit.law.to_string());
    }
    let (Some(fit), Some(last)) = (fit(&points(&|(_, times)| percentile(times, 95))), rows.last())
    else {
        return evidence;
    };
    evidence = evidence
        .measure("law_of_p95", fit.law.to_string())
        .measure("law_of_p95_explains", fit.explained);
    let base = stated.unwrap_or(*last).max(*last);
    let of = if stated.is_some_and(|stated| stated >= *last) { "stated" } else { "measured" };
    for (times, name) in [(1.0, "1"), (10.0, "10"), (100.0, "100")] {
        let name = format!("projected_p95_ms_at_{name}_times_{of}_rows");
        evidence = evidence.measure(&name, fit.law.at(base * times));
    }
    evidence
}

/// A count as a quantity.
fn float(count: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "rows are counted in millions")]
    let count = count as f64;
    count
}

fn measure(
    size: &mut Size<'_>,
    query: &Query,
    statement: &Statement,
    runs: usize,
) -> Result<Result<Measured, String>, SessionError> {
    let calls: Vec<Arguments> = match arguments(&mut size.data, query, runs + WARM) {
        Ok(calls) => calls,
        Err(reason) => return Ok(Err(reason)),
    };
    let name = prepared();
    let session = size.data.session();
    session.batch(&Command::Prepare(name.clone(), Box::new(statement.clone())).to_string())?;
    // Plans before times: after five calls one plan may serve all parameters.
    let (mut plans, mut blocks) = (Vec::new(), Vec::new());
    for call in calls.iter().take(PLANS) {
        let arguments = call.iter().map(Cell::expr).collect();
        let explain = Command::ExplainExecute { name: name.clone(), arguments, analyze: true };
        let text = session.text(&explain.to_string())?;
        let text = text.rows.into_iter().flatten().flatten().next().unwrap_or_default();
        let Some(plan) = QueryPlan::parse(&text) else { continue };
        let plan = plan.told_whole(&|name| session.whole_of(name).to_owned());
        let of = |name: &str| plan.number(name).unwrap_or(0.0);
        blocks.push(of("Shared Hit Blocks") + of("Shared Read Blocks"));
        plans.push(plan);
    }
    blocks.sort_by(f64::total_cmp);
    let round = round(session, &name, &calls, false)?;
    session.batch(&Command::Deallocate(name).to_string())?;
    if round.times.is_empty() || plans.is_empty() {
        let reason = round.refused.unwrap_or_else(|| "it was not called".to_owned());
        return Ok(Err(format!("its calls were refused: {reason}")));
    }
    let rows: BTreeMap<String, u64> =
        size.rows.iter().map(|(table, rows)| (table.name.as_str().to_owned(), *rows)).collect();
    let of_main = size.rows.get(&query.table).copied().unwrap_or(0);
    Ok(Ok(Measured {
        plans: SizePlans { rows, of_main, plans },
        figures: (percentile(&blocks, 50), round.times),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged_at};

    fn shop() -> Shop {
        let mut shop = Shop::new();
        let claims = underpin_physical::growth_claims(&shop.physical, 120_000);
        shop.physical.claims.extend(claims);
        shop
    }

    #[test]
    fn a_query_with_its_index_grows_well_and_is_projected() {
        let judged = judged_at(shop(), Family::Growth, Some(120_000), |_| {});
        let note = judged.note(Family::Growth, Some("list_orders"));
        assert_eq!(judged.verdict(Family::Growth, Some("list_orders")), Verdict::Proven, "{note}");
        let evidence = judged
            .verification
            .evidence
            .iter()
            .find(|it| it.claim.as_str().ends_with("list_orders"));
        let measured = &evidence.unwrap().measured;
        assert!(
            measured.keys().any(|name| name.starts_with("projected_p95_ms_at_100_times")),
            "{measured:?}"
        );
    }

    #[test]
    fn a_query_without_its_index_is_refuted() {
        let judged = judged_at(shop(), Family::Growth, Some(120_000), |sql| {
            sql.push_str("DROP INDEX public.orders_user_id_placed_at_idx;");
        });
        let note = judged.note(Family::Growth, Some("list_orders"));
        assert_eq!(judged.verdict(Family::Growth, Some("list_orders")), Verdict::Refuted, "{note}");
        assert!(note.contains("orders"), "{note}");
    }

    #[test]
    fn a_size_that_nobody_asked_for_is_not_measured() {
        let judged = judged_at(shop(), Family::Growth, None, |_| {});
        assert_eq!(judged.verdict(Family::Growth, Some("list_orders")), Verdict::NotRun);
    }
}
