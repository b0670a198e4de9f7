//! Without an index, what it serves gets slower: at the size that was asked for, each index is dropped in a transaction
//! that is taken back, and whatever used it is run again. That an object is missed by another claim is judged elsewhere
//! (`mutate/`).

use std::collections::BTreeMap;

use underpin_claim::{Claim, Evidence, Family, Value as Measure, Verdict};
use underpin_pg::{Command, Ident, QualifiedName, Statement};
use underpin_physical::{MORE_BLOCKS, MORE_TIME, ParameterRole, Query};
use underpin_server::SessionError;

use super::latency::percentile;
use super::supports::{coldest, search};
use super::{Plans, Probe, plans};
use crate::bench::{Bench, Input, not_run};
use crate::generate::Data;
use crate::growth::Size;
use crate::query_plan::QueryPlan;
use crate::value::Value;
use crate::workload::{Arguments, arguments};

pub(super) const PROBE: Probe = Probe { family: Family::Necessity, judge };

/// So many calls of each query are run, with the index and without it. The first one only warms the cache.
const CALLS: usize = 5;
/// Among so many calls the values are looked for that are asked for most often.
const LOOKED_AT: usize = 60;
/// On fewer rows a table is read as fast without an index.
const TELLING: u64 = 10_000;

/// A query, or the search that a deletion makes for a foreign key, and what it does with all indexes there. A query that is
/// called for values that many rows have comes twice: an index may matter to these alone.
#[derive(Debug)]
pub(crate) struct Used {
    name: String,
    statement: Statement,
    calls: Vec<Arguments>,
    /// The indexes that its plans use.
    indexes: Vec<String>,
    figures: Figures,
}

/// The call in the middle.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Figures {
    blocks: f64,
    milliseconds: f64,
    /// As the planner sees it.
    cost: f64,
}

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let name = claim.subject.object.clone().unwrap_or_default();
    let indexes = bench.input.physical.schema.indexes.values();
    let Some(index) = indexes.into_iter().find(|index| index.name.name.as_str() == name) else {
        return Ok(not_run(claim, format!("the design has no index `{name}`")));
    };
    let (index_name, table) = (index.name.clone(), index.table.clone());
    let (used, size) = match bench.used(all)? {
        Ok(found) => found,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let rows = size.rows.get(&table).copied().unwrap_or(0);
    let bytes = bytes(&mut size.data, &index_name)?;
    let of: Vec<&Used> = used.iter().filter(|it| it.indexes.contains(&name)).collect();
    let mut compared = Vec::with_capacity(of.len());
    if !of.is_empty() {
        let drop = Command::DropIndex(index_name).to_string();
        if let Err(reason) = size.data.mutate(&[drop])? {
            return Ok(not_run(claim, format!("PostgreSQL does not drop it: {reason}")));
        }
        let without: Result<Vec<_>, SessionError> =
            of.iter().map(|it| measure(&mut size.data, &it.statement, &it.calls)).collect();
        size.data.heal()?;
        for (it, without) in of.iter().zip(without?) {
            if let Some((without, _)) = without {
                compared.push((it.name.as_str(), it.figures, without));
            }
        }
    }
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let evidence = |verdict| {
        let mut evidence = Evidence::new(claim, verdict)
            .measure("rows_of_table", count(rows))
            .measure("bytes", count(bytes));
        if let Some((worst, with, without)) = worst(&compared) {
            evidence = evidence
                .measure("most_for", worst)
                .measure("blocks_with", with.blocks)
                .measure("blocks_without", without.blocks)
                .measure("ms_with", with.milliseconds)
                .measure("ms_without", without.milliseconds);
        }
        let slower = compared.iter().filter(|(_, with, without)| is_felt(with, without));
        let slower = slower.map(|(name, with, without)| Measure::Text(told(name, with, without)));
        evidence.measure("slower_without", Measure::List(slower.collect()))
    };
    Ok(match verdict(&compared, rows) {
        Felt::Yes => evidence(Verdict::Proven),
        Felt::TooFewRows => evidence(Verdict::NotRun).note(format!(
            "a table of fewer than {TELLING} rows is read as fast without an index; more rows: --scale"
        )),
        Felt::No => {
            let seen = match worst(&compared) {
                Some((name, with, without)) => {
                    format!("the most that changes without it is {}", told(name, &with, &without))
                }
                None => "no plan of any query uses it".to_owned(),
            };
            evidence(Verdict::Refuted).note(format!(
                "nobody feels that it is missing: {seen}. It takes {bytes} bytes and a part of each write; leave it out"
            ))
        }
    })
}

/// Each query that can be called, and each search for a foreign key.
fn all<'a>(input: Input<'a>, size: &mut Size<'a>) -> Result<Vec<Used>, SessionError> {
    let mut found = Vec::new();
    let data = &mut size.data;
    for query in &input.physical.queries {
        let Some(statement) = &query.statement else { continue };
        if matches!(statement, Statement::Insert(_)) {
            continue;
        }
        let Ok(mut calls) = arguments(data, query, LOOKED_AT) else { continue };
        let hottest = hottest(query, &calls);
        calls.truncate(CALLS + 1);
        found.extend(one(data, query.name.clone(), statement.clone(), calls)?);
        if let Some(call) = hottest {
            let name = format!("{} for the values asked for most", query.name);
            found.extend(one(data, name, statement.clone(), vec![call; 3])?);
        }
    }
    for shape in data.shapes.values() {
        for link in &shape.links {
            let calls = coldest(data, shape, link);
            let name = format!("the deletion of a row that {} refers to", link.key.name.as_str());
            if !calls.is_empty() {
                let statement = Statement::Select(search(shape, link));
                found.extend(one(data, name, statement, calls)?);
            }
        }
    }
    Ok(found)
}

/// The call for the values that most calls are for, where several are: rows are drawn alike, so that these are the values
/// that most rows have.
fn hottest(query: &Query, calls: &[Arguments]) -> Option<Arguments> {
    let compared = |call: &Arguments| -> Vec<Value> {
        let parameters = query.parameters.iter().zip(call);
        let equals = parameters.filter(|(it, _)| it.role == ParameterRole::Equals);
        equals.map(|(_, value)| value.clone()).collect()
    };
    let mut counts: BTreeMap<Vec<Value>, (usize, usize)> = BTreeMap::new();
    for (at, call) in calls.iter().enumerate() {
        counts.entry(compared(call)).or_insert((0, at)).0 += 1;
    }
    let (values, &(count, at)) =
        counts.iter().max_by_key(|(_, (count, at))| (*count, usize::MAX - at))?;
    (!values.is_empty() && count > 1).then(|| calls[at].clone())
}

fn one(
    data: &mut Data<'_>,
    name: String,
    statement: Statement,
    calls: Vec<Arguments>,
) -> Result<Option<Used>, SessionError> {
    let measured = measure(data, &statement, &calls)?;
    Ok(measured.map(|(figures, indexes)| Used { name, statement, calls, indexes, figures }))
}

/// What calls take, and which indexes they use; nothing where they are refused.
fn measure(
    data: &mut Data<'_>,
    statement: &Statement,
    calls: &[Arguments],
) -> Result<Option<(Figures, Vec<String>)>, SessionError> {
    let name = Ident::new("worth").expect("invariant: a plain name");
    let Plans { plans, .. } = plans(data, &name, statement, calls)?;
    let measured = if plans.len() > 1 { &plans[1..] } else { &plans[..] };
    if measured.is_empty() {
        return Ok(None);
    }
    let middle = |of: &dyn Fn(&QueryPlan) -> f64| {
        let mut values: Vec<f64> = measured.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        percentile(&values, 50)
    };
    let number = |plan: &QueryPlan, name: &str| plan.number(name).unwrap_or(0.0);
    let figures = Figures {
        blocks: middle(&|plan| {
            number(plan, "Shared Hit Blocks") + number(plan, "Shared Read Blocks")
        }),
        milliseconds: middle(&|plan| number(plan, "Actual Total Time")),
        cost: middle(&|plan| number(plan, "Total Cost")),
    };
    let mut indexes: Vec<String> = plans.iter().flat_map(QueryPlan::indexes).collect();
    indexes.sort();
    indexes.dedup();
    Ok(Some((figures, indexes)))
}

fn bytes(data: &mut Data<'_>, index: &QualifiedName) -> Result<u64, SessionError> {
    let answer = data.session().text(&Command::IndexBytes(index.clone()).to_string())?;
    let bytes = answer.rows.into_iter().flatten().flatten().next();
    Ok(bytes.and_then(|it| it.parse().ok()).unwrap_or(0))
}

/// Whether an index is missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Felt {
    Yes,
    No,
    TooFewRows,
}

fn verdict(compared: &[(&str, Figures, Figures)], rows: u64) -> Felt {
    if compared.iter().any(|(_, with, without)| is_felt(with, without)) {
        Felt::Yes
    } else if rows < TELLING {
        Felt::TooFewRows
    } else {
        Felt::No
    }
}

/// Blocks do not depend on what else the machine does; a time alone is not believed where the planner sees no more work.
fn is_felt(with: &Figures, without: &Figures) -> bool {
    const AS_THE_PLANNER_SEES_IT: f64 = 1.2;
    let more_blocks =
        without.blocks >= with.blocks * MORE_BLOCKS && without.blocks >= with.blocks + 2.0;
    let more_time = without.milliseconds >= with.milliseconds * MORE_TIME
        && without.cost >= with.cost * AS_THE_PLANNER_SEES_IT;
    more_blocks || more_time
}

/// What gets slower by most.
fn worst<'c>(compared: &[(&'c str, Figures, Figures)]) -> Option<(&'c str, Figures, Figures)> {
    let times = |(_, with, without): &(&str, Figures, Figures)| {
        let blocks = without.blocks / with.blocks.max(1.0);
        let time = without.milliseconds / with.milliseconds.max(0.001);
        if is_felt(with, without) { blocks.max(time) } else { blocks }
    };
    compared.iter().copied().max_by(|a, b| times(a).total_cmp(&times(b)))
}

fn told(name: &str, with: &Figures, without: &Figures) -> String {
    format!(
        "{name}: {:.0} blocks and {:.3} ms with it, {:.0} and {:.3} without",
        with.blocks, with.milliseconds, without.blocks, without.milliseconds
    )
}

#[cfg(test)]
mod tests {
    use underpin_physical::worth_claims;

    use super::*;
    use crate::testing::{Shop, index, judged_at};

    const fn figures(blocks: f64, milliseconds: f64, cost: f64) -> Figures {
        Figures { blocks, milliseconds, cost }
    }

    #[test]
    fn what_is_felt() {
        let with = figures(4.0, 0.05, 10.0);
        assert!(is_felt(&with, &figures(900.0, 0.04, 10.0)), "many more blocks");
        assert!(!is_felt(&with, &figures(5.0, 0.05, 10.0)), "one block more");
        assert!(is_felt(&with, &figures(4.0, 0.5, 30.0)), "a sort reads no block");
        assert!(!is_felt(&with, &figures(4.0, 5.0, 10.0)), "a busy machine");
        let nobody = [("a", with, with)];
        assert_eq!(verdict(&nobody, 20_000), Felt::No);
        assert_eq!(verdict(&[], 20_000), Felt::No);
        assert_eq!(verdict(&nobody, 2_000), Felt::TooFewRows);
        let somebody = [("a", with, with), ("b", with, figures(900.0, 1.0, 50.0))];
        assert_eq!(verdict(&somebody, 2_000), Felt::Yes);
        assert_eq!(worst(&somebody).unwrap().0, "b");
    }

    #[test]
    fn the_values_that_most_calls_are_for() {
        let query = &Shop::new().physical.queries[0];
        let calls = |users: &[i64]| -> Vec<Arguments> {
            users.iter().map(|&user| vec![Value::integer(user)]).collect()
        };
        assert_eq!(hottest(query, &calls(&[7, 3, 9, 3, 7, 3])), Some(vec![Value::integer(3)]));
        assert_eq!(
            hottest(query, &calls(&[7, 3, 3, 7])),
            Some(vec![Value::integer(7)]),
            "the first"
        );
        assert_eq!(hottest(query, &calls(&[1, 2, 3])), None, "none is asked for twice");
        let mut of_range = query.clone();
        of_range.parameters[0].role = ParameterRole::Lower;
        assert_eq!(hottest(&of_range, &calls(&[3, 3])), None, "a bound is no value that rows have");
    }

    fn shop() -> Shop {
        let mut shop = Shop::new();
        shop.physical.schema.add_index(index("orders_total_idx", "orders", &["total"]));
        // Enough of it to tell, whatever the other tables get.
        shop.physical.tables[1].growth.rows = Some(1e9);
        let claims = worth_claims(&shop.physical, 120_000);
        shop.physical.claims.extend(claims);
        shop
    }

    #[test]
    fn an_index_that_serves_is_missed_and_one_that_nobody_reads_is_not() {
        let judged = judged_at(shop(), Family::Necessity, Some(120_000), |_| {});
        let needed = Some("orders_user_id_placed_at_idx");
        let note = judged.note(Family::Necessity, needed);
        assert_eq!(judged.verdict(Family::Necessity, needed), Verdict::Proven, "{note}");
        let index = "orders_user_id_placed_at_idx";
        let slower = judged.measured(Family::Necessity, index, "slower_without");
        assert!(slower.contains("list_orders for the values asked for most: "), "{slower}");
        let needless = Some("orders_total_idx");
        let note = judged.note(Family::Necessity, needless);
        assert_eq!(judged.verdict(Family::Necessity, needless), Verdict::Refuted, "{note}");
        assert!(note.contains("no plan of any query uses it"), "{note}");
    }

    #[test]
    fn few_rows_tell_nothing() {
        let mut shop = shop();
        shop.physical.claims.retain(|it| it.subject.object.as_deref() == Some("orders_total_idx"));
        let judged = judged_at(shop, Family::Necessity, Some(4_000), |_| {});
        assert_eq!(judged.verdicts(), [Verdict::NotRun]);
    }
}
