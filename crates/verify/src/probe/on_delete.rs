//! Deleting the row referred to does what was decided: takes the row along, is refused, or lets it go.

use std::collections::BTreeMap;

use underpin_claim::{Claim, Evidence, Family, Verdict};
use underpin_pg::{Ddl, Delete, Expr, Output, ReferentialAction, Select, TableRef};
use underpin_server::SessionError;

use super::Probe;
use crate::bench::{Bench, Scene, not_run, without_triggers};
use crate::row::{Link, PlannedRow, Row, Shape, Wish};
use crate::trial::{Expected, Outcome, Statements};
use crate::value::Value;

pub(super) const PROBE: Probe = Probe { family: Family::OnDelete, judge };

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
    let mut wish = Wish { present: Some(at), filled: link.columns.clone(), ..Wish::default() };
    if matches!(link.key.on_delete, ReferentialAction::SetNull) {
        wish.values = without(bench, shape, link);
    }
    let plan = match bench.plan(table, &wish) {
        Ok(plan) => plan,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let child = plan.rows.last().expect("a plan ends with its row").values.clone();
    let delete = delete(&bench.shapes[&link.key.references], link, &child);
    match link.key.on_delete {
        ReferentialAction::NoAction | ReferentialAction::Restrict => {
            refused(bench, claim, shape, link, &plan.rows, &delete)
        }
        ReferentialAction::Cascade | ReferentialAction::SetNull | ReferentialAction::SetDefault => {
            followed(bench, claim, shape, link, &plan.rows, &delete)
        }
    }
}

/// The values of a row that keeps its rules without the reference as well, but for keys and references: what
/// is cleared must not be asked for by the row's state.
fn without(bench: &mut Bench<'_>, shape: &Shape<'_>, link: &Link<'_>) -> BTreeMap<usize, Value> {
    let cleared = link.columns.iter().filter(|&&at| !shape.table.columns[at].not_null);
    let wish = Wish { values: cleared.map(|&at| (at, Value::Null)).collect(), ..Wish::default() };
    let Ok(plan) = bench.plan(&shape.table.name, &wish) else { return BTreeMap::new() };
    let row = plan.rows.into_iter().next_back().expect("a plan ends with its row").values;
    let is_free = |at: &usize| !shape.is_in_link(*at) && !shape.is_in_key(*at);
    row.into_iter().enumerate().filter(|(at, _)| is_free(at)).collect()
}

fn refused(
    bench: &mut Bench<'_>,
    claim: &Claim,
    shape: &Shape<'_>,
    link: &Link<'_>,
    rows: &[PlannedRow],
    delete: &str,
) -> Result<Evidence, SessionError> {
    let expected = Expected {
        // PostgreSQL reports RESTRICT as 23503 up to version 17 and as 23001 since.
        sqlstates: &["23503", "23001"],
        table: Some(&shape.table.name.name),
        constraint: Some(&link.key.name),
        column: None,
    };
    let scenes = scenes(bench, link, rows, delete);
    let finding = bench.refusal(&scenes, &expected)?;
    if let Some(evidence) = bench.stops(claim, &finding, "the deletion") {
        return Ok(evidence);
    }
    Ok(Evidence::new(claim, Verdict::Proven).measure("effect", "refused"))
}

fn followed(
    bench: &mut Bench<'_>,
    claim: &Claim,
    shape: &Shape<'_>,
    link: &Link<'_>,
    rows: &[PlannedRow],
    delete: &str,
) -> Result<Evidence, SessionError> {
    let child = &rows.last().expect("a plan ends with its row").values;
    let look = look(shape, link, child);
    let goes = link.key.on_delete == ReferentialAction::Cascade;
    let mut reason = String::new();
    for scene in scenes(bench, link, rows, &look) {
        let mut setup = scene.setup;
        setup.push(delete.to_owned());
        match bench.attempt(&setup, &scene.last)? {
            Outcome::Accepted(found) => {
                let is_cleared = found.rows.first().is_some_and(|row| row.contains(&None));
                // Another reference may have taken the row along: what this one does shows without the others.
                if found.rows.is_empty() && !goes && scene.isolation.is_empty() {
                    "another reference takes the row along".clone_into(&mut reason);
                    continue;
                }
                let (effect, is_right) = match (found.rows.is_empty(), is_cleared) {
                    (true, _) => ("deleted", goes),
                    (false, true) => ("cleared", !goes),
                    (false, false) => {
                        let is_reset = link.key.on_delete == ReferentialAction::SetDefault;
                        (if is_reset { "reset" } else { "left as it was" }, is_reset)
                    }
                };
                let verdict = if is_right { Verdict::Proven } else { Verdict::Refuted };
                let evidence = Evidence::new(claim, verdict).measure("effect", effect);
                return Ok(if is_right {
                    evidence
                } else {
                    evidence.note(format!("after the deletion the row was {effect}"))
                });
            }
            Outcome::Refused(error) => reason = error.to_string(),
            Outcome::NotSet(error) => {
                let is_own = error.sqlstate.starts_with("23")
                    && error.constraint.as_deref() == Some(link.key.name.as_str());
                if is_own {
                    return Ok(Evidence::new(claim, Verdict::Refuted)
                        .note(format!("the deletion was refused: {error}")));
                }
                reason = error.to_string();
            }
        }
    }
    Ok(not_run(claim, format!("something else refused the deletion: {reason}")))
}

/// As it is; and with every other foreign key between the rows' tables taken away, and without triggers.
fn scenes(bench: &Bench<'_>, link: &Link<'_>, rows: &[PlannedRow], last: &str) -> Vec<Scene> {
    let inserts = bench.inserts(rows);
    let mut alone: Statements = without_triggers(rows);
    for row in rows {
        let shape = &bench.shapes[&row.table];
        for key in shape.table.foreign_keys.iter().filter(|key| key.name != link.key.name) {
            let drop = Ddl::DropConstraint(row.table.clone(), key.name.clone()).to_string();
            if !alone.contains(&drop) {
                alone.push(drop);
            }
        }
    }
    alone.extend(inserts.iter().cloned());
    let isolation = "with the other foreign keys of its rows taken away";
    vec![
        Scene { setup: inserts, last: last.to_owned(), isolation: "" },
        Scene { setup: alone, last: last.to_owned(), isolation },
    ]
}

/// Deletes the row that `child` refers to.
pub(super) fn delete(parent: &Shape<'_>, link: &Link<'_>, child: &Row) -> String {
    let filter = Some(referred_to(parent, link, child));
    Delete { table: parent.table.name.clone(), filter }.to_string()
}

/// The condition that picks out the row that `child` refers to.
pub(super) fn referred_to(parent: &Shape<'_>, link: &Link<'_>, child: &Row) -> Expr {
    let pairs = link.columns.iter().zip(&link.target_columns);
    let same = pairs
        .map(|(&own, &there)| Expr::equals(Expr::column(parent.name(there)), child[own].expr()));
    Expr::And(same.collect())
}

/// What the columns that hold the reference hold now.
fn look(shape: &Shape<'_>, link: &Link<'_>, child: &Row) -> String {
    let set =
        if link.key.set_columns.is_empty() { &link.key.columns } else { &link.key.set_columns };
    let output = set.iter().map(|name| Output { value: Expr::column(name), name: None }).collect();
    let from = TableRef { table: shape.table.name.clone(), alias: None };
    let mut select = Select::new(output, Some(from));
    let key = shape.primary_key();
    // Without a key, the row is known by what no deletion changes.
    let known: Vec<usize> = if key.is_empty() {
        (0..child.len())
            .filter(|at| child[*at].is_present() && !link.columns.contains(at))
            .collect()
    } else {
        key
    };
    let same =
        known.into_iter().map(|at| Expr::equals(Expr::column(shape.name(at)), child[at].expr()));
    select.filter = Some(Expr::And(same.collect()));
    select.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged};

    #[test]
    fn refused_taken_along_and_let_go() {
        let judged = judged(Shop::new(), Family::OnDelete, |_| {});
        for key in ["orders_user_id_fkey", "orders_parent_id_fkey", "lines_order_id_fkey"] {
            assert_eq!(
                judged.verdict(Family::OnDelete, Some(key)),
                Verdict::Proven,
                "{key}: {}",
                judged.note(Family::OnDelete, Some(key))
            );
        }
    }

    #[test]
    fn another_effect_than_decided_is_refuted() {
        let judged = judged(Shop::new(), Family::OnDelete, |sql| {
            *sql = sql.replace(" ON DELETE CASCADE", "");
            *sql = sql.replace(" ON DELETE SET NULL", " ON DELETE CASCADE");
        });
        for key in ["orders_parent_id_fkey", "lines_order_id_fkey"] {
            assert_eq!(judged.verdict(Family::OnDelete, Some(key)), Verdict::Refuted, "{key}");
        }
    }
}
