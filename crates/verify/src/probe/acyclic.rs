//! No row stands above itself: a row is refused the parent that stands below it, next to it or further down, and moves
//! elsewhere freely. Where rows never move, a circle can only be added as a whole, by one statement.

use std::collections::BTreeMap;

use underpin_claim::{Claim, Evidence, Family, Verdict};
use underpin_pg::{Ident, Insert, Update};
use underpin_physical::GuardPurpose;
use underpin_server::SessionError;

use super::Probe;
use super::unchanged::refusal;
use crate::bench::{Bench, Scene, not_run};
use crate::ring::{Broken, Duel, contested};
use crate::row::{PlannedRow, Row, Shape, Wish};
use crate::trial::Expected;
use crate::value::Value;

pub(super) const PROBE: Probe = Probe { family: Family::Acyclic, judge };

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let shape = match bench.table(claim) {
        Ok(shape) => shape,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let object = claim.subject.object.as_deref().unwrap_or_default();
    let guard = shape.guards.iter().find(|it| it.trigger.as_str() == object);
    let Some((guard, GuardPurpose::Acyclic { parent, .. })) = guard.map(|it| (it, &it.purpose))
    else {
        return Ok(not_run(claim, format!("{} has no guard `{object}`", shape.table.name)));
    };
    if let Err(reason) = bench.ready(&shape.table.name)? {
        return Ok(not_run(claim, reason));
    }
    let (rows, line) = match line_of_descent(bench, shape, parent) {
        Ok(placed) => placed,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let setup = bench.inserts(&rows);
    let scene = |row: &Row, above: &Row| Scene {
        setup: setup.clone(),
        last: moved(shape, parent, row, above),
        isolation: "",
    };
    let [top, middle, bottom] = &line;
    let expected = refusal(&["23514"], shape, guard);
    if never_moves(shape, parent) {
        return added_as_a_whole(bench, claim, shape, parent, (&rows, top), &expected);
    }
    // Where a row has one child at most, the parent of a child is no parent any more: it cannot be given twice.
    let is_line =
        shape.column(parent).is_some_and(|at| shape.keys.iter().any(|key| key.columns == [at]));
    let child = (middle, "a parent that is its child");
    let grandchild = (bottom, "a parent that is its grandchild");
    for (below, what) in [child, grandchild].into_iter().skip(usize::from(is_line)) {
        let finding = bench.refusal(&[scene(top, below)], &expected)?;
        if let Some(evidence) = bench.stops(claim, &finding, what) {
            return Ok(evidence);
        }
    }
    let moves = if is_line { Vec::new() } else { vec![scene(bottom, top)] };
    if let (false, Err(reason)) = (moves.is_empty(), bench.acceptance(&moves)?) {
        return Ok(Evidence::new(claim, Verdict::Refuted)
            .note(format!("a row was refused the parent of its parent: {reason}")));
    }
    let evidence = Evidence::new(claim, Verdict::Proven)
        .measure("sqlstate", "23514")
        .measure("accepted", i64::from(!is_line))
        .measure("refused", 2 - i64::from(is_line));
    let what = "each of two rows stands above the other";
    contested(bench, claim, evidence, what, &mut |bench| {
        let at = shape.column(parent).ok_or("the column is not there")?;
        let wish = || Wish { values: [(at, Value::Null)].into(), ..Wish::default() };
        let mut rows = bench.plan(&shape.table.name, &wish())?.rows;
        let one = rows.last().expect("a plan ends with its row").values.clone();
        rows.extend(bench.planner.plan(&shape.table.name, &wish(), &rows)?.rows);
        let other = rows.last().expect("a plan ends with its row").values.clone();
        let acts = [moved(shape, parent, &one, &other), moved(shape, parent, &other, &one)];
        Ok(Duel { setup: bench.inserts(&rows), acts, broken: Broken::Both })
    })
}

/// Whether another guard keeps each row below the row that it was added below.
fn never_moves(shape: &Shape<'_>, parent: &Ident) -> bool {
    shape.guards.iter().any(|guard| match &guard.purpose {
        GuardPurpose::Unchanged { columns, states, .. } => {
            states.is_none() && columns.contains(parent)
        }
        GuardPurpose::Truncation { .. }
        | GuardPurpose::Acyclic { .. }
        | GuardPurpose::Limit { .. }
        | GuardPurpose::OwnerState { .. }
        | GuardPurpose::OwnerBound { .. }
        | GuardPurpose::Hold { .. }
        | GuardPurpose::Version { .. } => false,
    })
}

/// A statement that adds two rows, each above the other, is refused, while a row, its child and its grandchild go in one
/// after the other. No two sessions make a circle together, since none can name a row that the other has not committed.
fn added_as_a_whole(
    bench: &mut Bench<'_>,
    claim: &Claim,
    shape: &Shape<'_>,
    parent: &Ident,
    (rows, top): (&[PlannedRow], &Row),
    expected: &Expected<'_>,
) -> Result<Evidence, SessionError> {
    let own = |row: &&PlannedRow| row.table == shape.table.name;
    let (Some(at), Some(&key)) = (shape.column(parent), shape.primary_key().last()) else {
        return Ok(not_run(claim, "the column is not there"));
    };
    let Some(first) = rows.iter().position(|row| own(&row) && row.values == *top) else {
        return Ok(not_run(claim, "a row without a parent could not be planned"));
    };
    let Some(child) =
        rows[first + 1..].iter().position(|row| own(&row) && row.values[at] == top[key])
    else {
        return Ok(not_run(claim, "a row below it could not be planned"));
    };
    let child = first + 1 + child;
    let mut circle = [rows[first].clone(), rows[child].clone()];
    circle[0].values[at] = rows[child].values[key].clone();
    let [one, other] = circle.map(|row| row.insert(shape));
    if one.columns != other.columns {
        return Ok(not_run(claim, "two rows could not be added by one statement"));
    }
    let both =
        Insert { columns: other.columns.clone(), rows: [one.rows, other.rows].concat(), ..one };
    let around: Vec<PlannedRow> = rows[..child]
        .iter()
        .enumerate()
        .filter(|(nth, _)| *nth != first)
        .map(|(_, row)| row.clone())
        .collect();
    let scene = Scene { setup: bench.inserts(&around), last: both.to_string(), isolation: "" };
    let finding = bench.refusal(&[scene], expected)?;
    if let Some(evidence) =
        bench.stops(claim, &finding, "two rows, each of which stands above the other")
    {
        return Ok(evidence);
    }
    let mut line = bench.inserts(rows);
    let last = line.pop().unwrap_or_default();
    let scene = Scene { setup: line, last, isolation: "" };
    if let Err(reason) = bench.acceptance(&[scene])? {
        return Ok(Evidence::new(claim, Verdict::Refuted)
            .note(format!("a row was refused a parent that has one itself: {reason}")));
    }
    Ok(Evidence::new(claim, Verdict::Proven)
        .measure("sqlstate", "23514")
        .measure("accepted", 1_i64)
        .measure("refused", 1_i64)
        .note("rows never move, so that a circle can only be added as a whole, by one statement"))
}

/// A row without a parent, its child and its grandchild, with all that they refer to.
fn line_of_descent(
    bench: &mut Bench<'_>,
    shape: &Shape<'_>,
    parent: &Ident,
) -> Result<(Vec<PlannedRow>, [Row; 3]), String> {
    let at = shape.column(parent).ok_or("the column is not there")?;
    let link = shape
        .links
        .iter()
        .find(|link| link.columns.contains(&at) && link.key.references == shape.table.name);
    let link = link.ok_or("nothing refers to the own table")?;
    let mut rows: Vec<PlannedRow> = Vec::new();
    let mut line: Vec<Row> = Vec::new();
    for _ in 0..3 {
        let values: BTreeMap<usize, Value> = match line.last() {
            None => [(at, Value::Null)].into(),
            Some(above) => {
                let pairs = link.columns.iter().zip(&link.target_columns);
                pairs.map(|(&own, &there)| (own, above[there].clone())).collect()
            }
        };
        let wish = Wish { values, ..Wish::default() };
        let more = bench.planner.plan(&shape.table.name, &wish, &rows)?.rows;
        line.push(more.last().expect("a plan ends with its row").values.clone());
        rows.extend(more);
    }
    Ok((rows, line.try_into().map_err(|_| "three rows are three rows")?))
}

fn moved(shape: &Shape<'_>, parent: &Ident, row: &Row, above: &Row) -> String {
    let key = shape.primary_key();
    let new = key.last().map_or(Value::Null, |&at| above[at].clone());
    let update = Update {
        table: shape.table.name.clone(),
        set: shape.raised().into_iter().chain([(parent.clone(), new.expr())]).collect(),
        filter: Some(shape.is_row(row)),
        returning: Vec::new(),
    };
    update.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged};

    const TREE: &str = "## Category\n\n- id: uuid, primary key\n- parent_id: uuid, optional, references Category\n\
                        - name: text, required\n";
    const OBJECT: Option<&str> = Some("categories_parent_id_acyclic");

    #[test]
    fn a_tree_stays_a_tree() {
        let judged = judged(Shop::of_document(TREE), Family::Acyclic, |_| {});
        let note = judged.note(Family::Acyclic, OBJECT);
        assert_eq!(judged.verdict(Family::Acyclic, OBJECT), Verdict::Proven, "{note}");
    }

    /// A tree whose rows never move.
    fn frozen() -> Shop {
        Shop::of_document(&format!("{TREE}\nA category is append-only.\n"))
    }

    #[test]
    fn a_tree_that_never_moves_has_no_circle_from_the_first() {
        let proven = judged(frozen(), Family::Acyclic, |_| {});
        let note = proven.note(Family::Acyclic, OBJECT);
        assert_eq!(proven.verdict(Family::Acyclic, OBJECT), Verdict::Proven, "{note}");
        let without = judged(frozen(), Family::Acyclic, |sql| {
            sql.push_str("\nDROP TRIGGER categories_parent_id_acyclic ON public.categories;");
        });
        assert_eq!(without.verdict(Family::Acyclic, OBJECT), Verdict::Refuted);
    }

    #[test]
    fn a_guard_that_is_missing_or_locks_nothing_is_refuted() {
        for edit in [("CREATE TRIGGER", "-- "), (" FOR SHARE", "")] {
            let judged = judged(Shop::of_document(TREE), Family::Acyclic, |sql| {
                *sql = match edit {
                    ("CREATE TRIGGER", _) => {
                        format!(
                            "{sql}\nDROP TRIGGER categories_parent_id_acyclic ON public.categories;"
                        )
                    }
                    (what, instead) => sql.replace(what, instead),
                };
            });
            assert_eq!(judged.verdict(Family::Acyclic, OBJECT), Verdict::Refuted, "{edit:?}");
        }
    }
}
