//! What a deletion searches among the rows that may refer to the row, it finds by an index: the plan of the
//! search that PostgreSQL makes for the foreign key (`ri_triggers.c`), on generated data.

use underpin_claim::{Claim, Evidence, Family, Value, Verdict};
use underpin_pg::{
    Exclusion, ExclusionOperator, Expr, IndexKey, Output, Select, Statement, TableRef,
};
use underpin_physical::PhysicalDesign;
use underpin_server::SessionError;

use super::{Plans, Probe, plans};
use crate::bench::{Bench, not_run};
use crate::generate::Data;
use crate::query_plan::QueryPlan;
use crate::row::{Link, Shape};
use crate::workload::Arguments;

pub(super) const PROBE: Probe = Probe { family: Family::Supports, judge };

/// So many deletions are explained.
const CALLS: usize = 3;
/// So many are drawn to choose them from.
const CANDIDATES: usize = 24;

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let Some(Value::Text(index)) = claim.threshold.get("index") else {
        return Ok(not_run(claim, "the claim names no index"));
    };
    let shape = match bench.table(claim) {
        Ok(shape) => shape,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let object = claim.subject.object.as_deref().unwrap_or_default();
    let Some(link) = shape.links.iter().find(|link| link.key.name.as_str() == object) else {
        return Ok(not_run(claim, format!("{} has no foreign key `{object}`", shape.table.name)));
    };
    let physical = bench.input.physical;
    let data = match bench.data()? {
        Ok(data) => data,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let calls = coldest(data, shape, link);
    if calls.is_empty() {
        let reason = format!("no row of {} was generated that refers to one", shape.table.name);
        return Ok(not_run(claim, reason));
    }
    let name = underpin_pg::naming::fit(object, "");
    let Plans { plans, refused } =
        plans(data, &name, &Statement::Select(search(shape, link)), &calls)?;
    let Some(first) = plans.first() else {
        return Ok(not_run(claim, refused.unwrap_or_else(|| "no plan was printed".to_owned())));
    };
    // The planner may prefer the index that keeps the same rows apart, or another that begins with the reference.
    let mut others = of_exclusions(shape, link);
    others.extend(of_beginnings(physical, shape, link));
    let serves = |plan: &&QueryPlan| plan.uses(index) || others.iter().any(|it| plan.uses(it));
    let shown = plans.iter().find(|plan| !plan.uses(index)).unwrap_or(first);
    let used = plans.iter().filter(|plan| plan.uses(index)).count();
    let is_served = plans.iter().all(|plan| serves(&plan));
    let verdict = if is_served { Verdict::Proven } else { Verdict::Refuted };
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let evidence = Evidence::new(claim, verdict)
        .measure("plans", count(plans.len()))
        .measure("plans_with_index", count(used))
        .measure("rows", count(data.tables[&shape.table.name].rows.len()))
        .measure("nodes", Value::List(shown.nodes().into_iter().map(Value::Text).collect()));
    Ok(if used == plans.len() {
        evidence
    } else {
        evidence.note(format!("without `{index}`, the plan is {}", shown.nodes().join(", ")))
    })
}

/// The exclusion constraints over all rows that compare each column of the reference with `=`.
fn of_exclusions<'s>(shape: &Shape<'s>, link: &Link<'_>) -> Vec<&'s str> {
    let compares = |exclusion: &Exclusion, column: usize| {
        let key = IndexKey::Column(shape.name(column).clone());
        exclusion
            .elements
            .iter()
            .any(|element| element.operator == ExclusionOperator::Equal && element.key == key)
    };
    let exclusions = shape.table.exclusions.iter().filter(|exclusion| {
        exclusion.predicate.is_none()
            && link.columns.iter().all(|&column| compares(exclusion, column))
    });
    exclusions.map(|exclusion| exclusion.name.as_str()).collect()
}

/// The indexes over all rows that begin with the columns of the reference, in whichever order.
fn of_beginnings<'s>(
    physical: &'s PhysicalDesign,
    shape: &Shape<'s>,
    link: &Link<'_>,
) -> impl Iterator<Item = &'s str> {
    let referring: Vec<_> = link.columns.iter().map(|&column| shape.name(column).clone()).collect();
    physical.schema.indexes_of(&shape.table.name).filter_map(move |index| {
        let first = index.columns.get(..referring.len())?;
        let is_of_reference = first
            .iter()
            .all(|it| matches!(&it.key, IndexKey::Column(name) if referring.contains(name)));
        (index.predicate.is_none() && is_of_reference).then(|| index.name.name.as_str())
    })
}

/// The rows that refer to a row, as the foreign key's own search has it.
pub(super) fn search(shape: &Shape<'_>, link: &Link<'_>) -> Select {
    let from = TableRef { table: shape.table.name.clone(), alias: None };
    let mut select = Select::new(vec![Output { value: Expr::integer(1), name: None }], Some(from));
    let same = (1..).zip(&link.columns).map(|(number, &column)| {
        Expr::equals(Expr::column(shape.name(column)), Expr::Parameter(number))
    });
    select.filter = Some(Expr::And(same.collect()));
    select
}

/// The deletions that concern the fewest rows: an index is for those, and the few to which much refers are
/// better read whole.
pub(super) fn coldest(data: &mut Data<'_>, shape: &Shape<'_>, link: &Link<'_>) -> Vec<Arguments> {
    let rows = &data.tables[&shape.table.name].rows;
    let reference = |row: &[crate::value::Value]| -> Arguments {
        link.columns.iter().map(|&column| row[column].clone()).collect()
    };
    let mut found: Vec<Arguments> = Vec::new();
    for _ in 0..CANDIDATES.min(rows.len()) {
        let values = reference(&rows[data.dice.index(rows.len())]);
        if values.iter().all(crate::value::Value::is_present) && !found.contains(&values) {
            found.push(values);
        }
    }
    found.sort_by_cached_key(|values| rows.iter().filter(|row| reference(row) == *values).count());
    found.truncate(CALLS);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged};

    #[test]
    fn a_deletion_that_finds_by_an_index() {
        let judged = judged(Shop::new(), Family::Supports, |_| {});
        let key = Some("orders_user_id_fkey");
        let note = judged.note(Family::Supports, key);
        assert_eq!(judged.verdict(Family::Supports, key), Verdict::Proven, "{note}");
    }

    #[test]
    fn an_index_that_the_design_does_not_have_proves_nothing() {
        let judged = judged(Shop::new(), Family::Supports, |sql| {
            sql.push_str("DROP INDEX public.orders_user_id_placed_at_idx;");
            sql.push_str("CREATE INDEX other_idx ON public.orders (user_id);");
        });
        let key = Some("orders_user_id_fkey");
        assert_eq!(judged.verdict(Family::Supports, key), Verdict::Refuted);
        assert!(judged.note(Family::Supports, key).contains("other_idx"));
    }

    #[test]
    fn one_that_reads_the_whole_table_is_refuted() {
        let judged = judged(Shop::new(), Family::Supports, |sql| {
            sql.push_str("DROP INDEX public.orders_user_id_placed_at_idx;");
        });
        let key = Some("orders_user_id_fkey");
        assert_eq!(judged.verdict(Family::Supports, key), Verdict::Refuted);
    }
}
