//! Rows that no longer count make room for others: where a schema counts a cancelled registration as well, one more that the
//! documents allow is refused.

use underpin_server::{ServerError, SessionError};

use super::holds;
use super::together::{Bound, Counted, Scene, count, counts_in, is_of_rule};
use crate::foreign::arena::{Arena, Came, Cell};
use crate::foreign::life::{Living, Step};
use crate::foreign::report::Judgement;
use crate::rule::{Goal, Term, truth};
use crate::value::Decimal;

/// Takes one of the rows that come to all that is allowed to where it does not count; another must be let in then. It is
/// judged only where the refusal is the one that it was before.
pub(super) fn still_taken(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    scene: &Scene,
    there: &[Living],
    more: Decimal,
    before: &ServerError,
) -> Result<Option<Judgement>, SessionError> {
    let (Some(last), Some(condition)) = (there.last(), &bound.condition) else { return Ok(None) };
    arena.within(|arena| {
        if !is_freed(arena, bound, condition, last)? {
            return Ok(None);
        }
        let refusal = match count(arena, bound, more, &scene.world)? {
            Ok(Counted::Refused(Some(error))) if is_of_rule(&error) => error,
            _ => return Ok(None),
        };
        let is_same =
            refusal.sqlstate == before.sqlstate && refusal.message == before.message;
        Ok(is_same.then(|| {
            Judgement::Broken(format!(
                "a row that does not count any more still takes its place: another was refused: {refusal}"
            ))
        }))
    })
}

/// Takes a row to where it does not count; `false` where no way leads there.
pub(super) fn is_freed(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    condition: &Term,
    last: &Living,
) -> Result<bool, SessionError> {
    let object = bound.object;
    let read = condition.fields();
    let machine = object.shape.machines.iter().find(|it| read.contains(&it.column));
    let Some(machine) = machine else { return is_unmarked(arena, bound, condition, last) };
    let state = machine.column;
    let from = last.meant[state].text().unwrap_or_default();
    let ways = machine.design.transitions.iter().filter(|(it, _)| **it == from);
    let away: Vec<String> = ways
        .flat_map(|(_, all)| all.iter().filter(|to| !counts_in(bound, state, to)).cloned())
        .collect();
    for to in away {
        if let Step::Taken(_) = arena.step(object, state, last, &to)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The same by an UPDATE of what tells whether a row counts.
fn is_unmarked(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    condition: &Term,
    last: &Living,
) -> Result<bool, SessionError> {
    let object = bound.object;
    let wish = crate::row::Wish {
        goals: vec![Goal { rule: condition, kept: false }],
        ..crate::row::Wish::default()
    };
    let Ok(plan) = arena.planner.plan(&object.ours, &wish, &[]) else { return Ok(false) };
    let other = &plan.rows.last().expect("a plan ends with its row").values;
    let mut after = last.meant.clone();
    for at in condition.fields() {
        after[at] = other[at].clone();
    }
    if truth(condition, &after) != Some(false) {
        return Ok(false);
    }
    let cells = arena.differences(object, last, &after)?;
    let set: Vec<(usize, Cell)> = cells.into_iter().collect();
    let came = arena.update(&object.table.name, &last.stored, &set)?;
    Ok(matches!(came, Came::Row(now) if !set.is_empty()
        && set.iter().all(|(at, cell)| holds(&now, *at, cell))))
}
