//! A foreign key refuses a reference to a row that is not there, and lets in one that is, and NULL where
//! the column takes it.

use underpin_claim::{Claim, Evidence, Family, Verdict};
use underpin_pg::{Ddl, ForeignKey};
use underpin_server::SessionError;

use super::Probe;
use crate::bench::{Bench, Finding, Scene, not_run, without_keys, without_triggers};
use crate::row::{Link, PlannedRow, Shape, Wish};
use crate::trial::{Expected, Statements};
use crate::value::Value;

pub(super) const PROBE: Probe = Probe { family: Family::ForeignKey, judge };

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let shape = match bench.table(claim) {
        Ok(shape) => shape,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let table = &shape.table.name;
    let object = claim.subject.object.as_deref().unwrap_or_default();
    let Some(at) = shape.links.iter().position(|link| link.key.name.as_str() == object) else {
        return Ok(not_run(claim, format!("{table} has no foreign key `{object}`")));
    };
    if let Err(reason) = bench.ready(table)? {
        return Ok(not_run(claim, reason));
    }
    let link = &shape.links[at];
    let filled = link.columns.clone();
    // A row that is there is accepted.
    let with = Wish { present: Some(at), filled: filled.clone(), ..Wish::default() };
    let mut accepted = 0;
    match bench.plan(table, &with) {
        Ok(plan) => {
            let scenes = bench.scenes(&plan.rows);
            if let Err(reason) = bench.acceptance(&scenes)? {
                return Ok(not_run(claim, format!("a row with a reference was refused: {reason}")));
            }
            accepted += 1;
        }
        Err(reason) => return Ok(not_run(claim, reason)),
    }
    // NULL is accepted where the column takes it.
    if let Some(&column) = link.columns.iter().find(|&&at| !shape.table.columns[at].not_null) {
        let without = Wish { values: [(column, Value::Null)].into(), ..Wish::default() };
        if let Ok(plan) = bench.plan(table, &without) {
            let scenes = bench.scenes(&plan.rows);
            if let Err(reason) = bench.acceptance(&scenes)? {
                return Ok(Evidence::new(claim, Verdict::Refuted)
                    .note(format!("a row without a reference was refused: {reason}")));
            }
            accepted += 1;
        }
    }
    // A row that is not there is refused.
    let missing = Wish { dangling: Some(at), filled, ..Wish::default() };
    let plan = match bench.plan(table, &missing) {
        Ok(plan) => plan,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let expected = Expected {
        sqlstates: &["23503"],
        table: Some(&table.name),
        constraint: Some(&link.key.name),
        column: None,
    };
    let attempts = scenes(bench, shape, link.key, &plan.rows);
    let finding = bench.refusal(&attempts, &expected)?;
    if let Some(evidence) = bench.stops(claim, &finding, "a reference to a row that is not there") {
        return Ok(evidence);
    }
    let mut refused = 1;
    if let Some(rows) = mixed(bench, shape, link, &with) {
        // Each part of the reference is there, but in two rows, as of two tenants.
        let scenes = scenes(bench, shape, link.key, &rows);
        let finding = bench.refusal(&scenes, &expected)?;
        let what = "a reference of which each part belongs to another row";
        if let Some(evidence) = bench.stops(claim, &finding, what) {
            return Ok(evidence);
        }
        refused += 1;
    }
    let evidence = Evidence::new(claim, Verdict::Proven)
        .measure("sqlstate", "23503")
        .measure("accepted", accepted)
        .measure("refused", refused);
    Ok(match finding {
        Finding::Refused(isolation) if !isolation.is_empty() => {
            evidence.measure("isolation", isolation)
        }
        _ => evidence,
    })
}

/// A row whose reference is that of one row but for its last column, which is that of another row; nothing
/// where the reference has one column only.
fn mixed(
    bench: &mut Bench<'_>,
    shape: &Shape<'_>,
    link: &Link<'_>,
    with: &Wish<'_>,
) -> Option<Vec<PlannedRow>> {
    let (&last, first) = link.columns.split_last()?;
    let mut rows = bench.plan(&shape.table.name, with).ok()?.rows;
    let mut child = rows.pop()?;
    let other = bench.planner.plan(&link.key.references, &Wish::default(), &rows).ok()?.rows;
    let values = &other.last()?.values;
    let differs = |(&own, &there): (&usize, &usize)| child.values[own] != values[there];
    if first.is_empty() || !first.iter().zip(&link.target_columns).all(differs) {
        return None;
    }
    child.values[last] = values[*link.target_columns.last()?].clone();
    rows.extend(other);
    rows.push(child);
    Some(rows)
}

/// As it is; without triggers; and without the table's other foreign keys, whose columns may be the
/// same, and its keys, whose values may be few.
fn scenes(
    bench: &Bench<'_>,
    shape: &Shape<'_>,
    key: &ForeignKey,
    rows: &[PlannedRow],
) -> Vec<Scene> {
    let mut scenes = bench.scenes(rows);
    let mut setup: Statements = without_triggers(rows);
    let others = shape.table.foreign_keys.iter().filter(|other| other.name != key.name);
    setup.extend(others.map(|other| {
        Ddl::DropConstraint(shape.table.name.clone(), other.name.clone()).to_string()
    }));
    let is_used = |columns: &[usize]| {
        let own = shape.links.iter().filter(|link| link.key.references == shape.table.name);
        own.into_iter().any(|link| link.target_columns == columns)
    };
    setup.extend(without_keys(shape, shape.keys.iter().filter(|it| !is_used(&it.columns))));
    let mut inserts = bench.inserts(rows);
    if let Some(last) = inserts.pop() {
        setup.extend(inserts);
        let isolation = "with the table's other foreign keys, and keys, taken away";
        scenes.push(Scene { setup, last, isolation });
    }
    scenes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged};

    #[test]
    fn keys_simple_composite_and_nullable() {
        let judged = judged(Shop::new(), Family::ForeignKey, |_| {});
        for key in ["orders_user_id_fkey", "orders_parent_id_fkey", "lines_order_id_fkey"] {
            assert_eq!(
                judged.verdict(Family::ForeignKey, Some(key)),
                Verdict::Proven,
                "{key}: {}",
                judged.note(Family::ForeignKey, Some(key))
            );
        }
    }

    #[test]
    fn a_key_that_is_not_there_is_refuted() {
        let judged = judged(Shop::new(), Family::ForeignKey, |sql| {
            sql.push_str("ALTER TABLE public.orders DROP CONSTRAINT orders_user_id_fkey;");
        });
        assert_eq!(
            judged.verdict(Family::ForeignKey, Some("orders_user_id_fkey")),
            Verdict::Refuted
        );
    }
}
