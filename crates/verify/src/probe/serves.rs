//! A pattern's plan uses the index that was promised, on generated data and with the planner's ordinary
//! settings.

use underpin_claim::{Claim, Evidence, Family, Value, Verdict};
use underpin_pg::{Command, Expr, Ident, Index, Literal, Method, QualifiedName, Statement};
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
/// So many blocks are read as fast as a GIN index leads to a row.
const FEW_BLOCKS: f64 = 16.0;
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
    let of_name = |built: &&Index| built.name.name.as_str() == index;
    let method = physical.schema.indexes.values().find(of_name).map(|it| &it.method);
    let (is_brin, is_gin) = (method == Some(&Method::Brin), method == Some(&Method::Gin));
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
    // A planner takes BRIN for a stretch at the end of all times even where each page holds rows of any: that reads them all.
    let rows_passed_over = plans.iter().map(QueryPlan::passed_over).fold(0.0, f64::max);
    let all = u32::try_from(rows).map_or(f64::MAX, f64::from);
    let is_scattered = is_brin && rows_passed_over > MUCH * all;
    let is_kept = is_kept && !is_scattered;
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
    if is_brin {
        evidence = evidence.measure("rows_passed_over", rows_passed_over).note(
            "the index keeps ranges of fewer pages than 128, as much fewer as there are fewer rows than stated",
        );
    }
    // An objective has a claim of its own, which measures more carefully.
    if query.latency_ms.is_none() {
        let calls = &drawn[..drawn.len().min(runs + WARM)];
        evidence = timed(data.session(), query, statement, calls, evidence)?;
    }
    // Of rows that are generated for so short a time, the stretch that a statement asks the clock for may be all: no index
    // serves that, and no application has it.
    let wanted = shown.wanted_of(query.table.name.as_str()).unwrap_or_default();
    let asks_the_clock = matches!(statement, Statement::Verbatim(_)) || !query.windows.is_empty();
    if verdict == Verdict::Refuted && asks_the_clock && wanted > MUCH {
        return Ok(Evidence { verdict: Verdict::NotRun, ..evidence }.note(format!(
            "of the generated rows the statement asks for {:.0} %, and an index is for a small part",
            wanted * 100.0
        )));
    }
    // A GIN index is read by several blocks before it leads to a row (manual, section 70.4), and a table of few more is read.
    let blocks: f64 =
        ["Shared Hit Blocks", "Shared Read Blocks"].iter().filter_map(|it| shown.number(it)).sum();
    let is_little = verdict == Verdict::Refuted && is_gin && blocks <= FEW_BLOCKS;
    if is_little && is_there(data, query, index)? {
        return Ok(Evidence { verdict: Verdict::NotRun, ..evidence }.note(format!(
            "the table has {blocks:.0} blocks, which are read as fast without an index of that kind; more rows: --scale"
        )));
    }
    Ok(if verdict == Verdict::Proven {
        evidence
    } else if is_scattered {
        evidence.note(format!(
            "`{index}` led to {rows_passed_over:.0} rows of other times: rows do not lie in its order"
        ))
    } else {
        evidence.note(format!("without `{index}`, the plan is {}", shown.nodes().join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use underpin_pg::IndexKey;

    use super::*;
    use crate::testing::{Shop, ident, judged};

    #[test]
    fn an_index_that_serves() {
        let judged = judged(Shop::new(), Family::Serves, |_| {});
        let note = judged.note(Family::Serves, Some("list_orders"));
        assert_eq!(judged.verdict(Family::Serves, Some("list_orders")), Verdict::Proven, "{note}");
    }

    #[test]
    fn a_search_of_a_few_blocks_is_no_evidence_on_its_index() {
        const OWNERS: &str = "## Owner\n\n| Field | Type | Key | Required |\n|---|---|---|---|\n| id | uuid | PK | yes |\n\
            | name | string(80) | | yes |\n\n## Access patterns\n\n- search owners by part of name\n\n";
        const SEARCH: Option<&str> = Some("search_owners_by_part_of_name");
        let few = |edit: fn(&mut String)| judged(Shop::of_document(OWNERS), Family::Serves, edit);
        let found = few(|_| {});
        let note = found.note(Family::Serves, SEARCH);
        assert_eq!(found.verdict(Family::Serves, SEARCH), Verdict::NotRun, "{note}");
        assert!(note.contains("blocks"), "{note}");
        // One that is missing is missed all the same.
        let found = few(|sql| {
            let from = sql.find("CREATE INDEX owners_name_idx").unwrap();
            let end = from + sql[from..].find(';').unwrap();
            sql.replace_range(from..=end, "");
            let from = sql.find("COMMENT ON INDEX public.owners_name_idx").unwrap();
            let end = from + sql[from..].find(';').unwrap();
            sql.replace_range(from..=end, "");
        });
        assert_eq!(found.verdict(Family::Serves, SEARCH), Verdict::Refuted);
        let many = Shop::of_document(&format!("{OWNERS}## Volumes\n\n- Owner: 60,000 rows\n"));
        let many = judged(many, Family::Serves, |_| {});
        let note = many.note(Family::Serves, SEARCH);
        assert_eq!(many.verdict(Family::Serves, SEARCH), Verdict::Proven, "{note}");
    }

    /// A table that is only added to, whose rows are asked for by the hours in which they came.
    const MANY: &str = "## Meter\n\n| Field | Type | Key | Required |\n|---|---|---|---|\n| id | uuid | PK | yes |\n\n\
        ## Reading\n\n| Field | Type | Key | Required |\n|---|---|---|---|\n| id | uuid | PK | yes |\n\
        | meter_id | uuid | FK → Meter | yes |\n| value | integer | | yes |\n| recorded_at | timestamp | | yes |\n\n\
        ## Access patterns\n\n- total value of readings in the last 3 days\n\n\
        ## Volumes\n\n- Meter: 1,000 rows\n- Reading: 20,000,000 rows\n";
    const OF_HOURS: Option<&str> = Some("total_value_of_readings_in_the_last_3_days");

    #[test]
    fn brin_serves_a_stretch_of_rows_that_lie_in_their_order() {
        let shop = Shop::of_document(MANY);
        let indexes: Vec<String> =
            shop.physical.schema.indexes.values().map(|it| format!("{:?}", it.method)).collect();
        assert_eq!(indexes, ["Brin"]);
        let judged = judged(shop, Family::Serves, |_| {});
        let note = judged.note(Family::Serves, OF_HOURS);
        assert_eq!(judged.verdict(Family::Serves, OF_HOURS), Verdict::Proven, "{note}");
    }

    /// What is judged of BRIN where rows lie on disk in the order of something else.
    fn in_the_order_of(key: &IndexKey, shown: &str) -> String {
        let mut shop = Shop::of_document(MANY);
        for index in shop.physical.schema.indexes.values_mut() {
            index.columns[0].key = key.clone();
        }
        let judged = judged(shop, Family::Serves, |sql| {
            let other = format!("USING brin ({shown})");
            assert!(sql.contains(&other), "{sql}");
            *sql = sql.replace(&other, "USING brin (recorded_at)");
        });
        let note = judged.note(Family::Serves, OF_HOURS);
        assert_eq!(judged.verdict(Family::Serves, OF_HOURS), Verdict::Refuted, "{note}");
        note
    }

    #[test]
    fn brin_serves_nobody_whose_rows_lie_in_another_order() {
        let note = in_the_order_of(&IndexKey::Column(ident("value")), "value");
        assert!(note.contains("Seq Scan"), "{note}");
    }

    #[test]
    fn brin_that_is_taken_and_leads_to_all_times_serves_nobody() {
        // As they were made, which is no order.
        let made = Expr::Call("abs", vec![Expr::Column(ident("value"))]);
        let note = in_the_order_of(&IndexKey::Expression(made), "abs(value)");
        assert!(note.contains("rows of other times"), "{note}");
    }

    #[test]
    fn an_index_that_is_not_there_serves_nobody() {
        let judged = judged(Shop::new(), Family::Serves, |sql| {
            sql.push_str("DROP INDEX public.orders_user_id_placed_at_idx;");
        });
        assert_eq!(judged.verdict(Family::Serves, Some("list_orders")), Verdict::Refuted);
    }
}
