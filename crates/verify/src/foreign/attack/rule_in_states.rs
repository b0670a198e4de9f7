//! Rules that speak of states: they are tried in each state that a row can come to, and on the way there.

use underpin_server::SessionError;

use super::meant::{as_given, is_broken_by};
use super::rule::{Target, by_update, columns, rows};
use crate::foreign::arena::{Arena, Came, Cell};
use crate::foreign::mapping::Place;
use crate::foreign::report::Judgement;
use crate::foreign::world::World;
use crate::row::Row;
use crate::rule::truth;
use crate::value::Value;

/// A rule that speaks of states: it is tried in each state that a row can come to, and on the way there.
pub(super) fn in_each_state(
    arena: &mut Arena<'_>,
    target: Target<'_>,
) -> Result<Judgement, SessionError> {
    let object = target.object;
    let columns = columns(target);
    let fields = target.term.fields();
    let Some(&state) = fields.iter().find(|&&at| object.shape.machine(at).is_some()) else {
        return Ok(Judgement::Untried("it reads no state".to_owned()));
    };
    let machine = object.shape.machine(state).expect("invariant: just found");
    let (mut refused, mut accepted) = (0, 0);
    let mut reason = String::new();
    for to in &machine.states {
        let broken = arena.within(|arena| {
            let living = match arena.lived(object, state, to, &mut World::default())? {
                Ok(living) => living,
                Err(why) => {
                    reason = why;
                    return Ok(None);
                }
            };
            accepted += 1;
            for row in rows(arena, target, &[(state, Value::Text(to.clone()))]) {
                if truth(target.term, &row) != Some(false) {
                    continue;
                }
                if let Some(broken) = by_update(arena, target, &living, &row, &columns)? {
                    return Ok(Some(broken));
                }
                refused += 1;
                if let Some(broken) = on_the_way(arena, target, state, to, &row, &columns)? {
                    return Ok(Some(broken));
                }
            }
            Ok(None)
        })?;
        if let Some(broken) = broken {
            return Ok(broken);
        }
    }
    Ok(if refused > 0 {
        Judgement::Held { refused, accepted }
    } else if accepted == 0 {
        Judgement::Untried(reason)
    } else {
        Judgement::Untried("no row was found that breaks it".to_owned())
    })
}

/// The step into a state, with values that break the rule there.
fn on_the_way(
    arena: &mut Arena<'_>,
    target: Target<'_>,
    state: usize,
    to: &str,
    row: &Row,
    columns: &[usize],
) -> Result<Option<Judgement>, SessionError> {
    let object = target.object;
    let machine = object.shape.machine(state).expect("invariant: the caller found it");
    let Some(Place::Column(column)) = object.place(state) else { return Ok(None) };
    let before = machine.transitions.iter().find(|(_, all)| all.iter().any(|it| it == to));
    let Some((from, _)) = before else { return Ok(None) };
    arena.within(|arena| {
        let Ok(living) = arena.lived(object, state, from, &mut World::default())? else {
            return Ok(None);
        };
        let mut after = living.meant.clone();
        for &at in &target.term.fields() {
            after[at] = row[at].clone();
        }
        if truth(target.term, &after) != Some(false) {
            return Ok(None);
        }
        let mut cells = arena.differences(object, &living, &after)?;
        let wanted =
            arena.encode(&object.ours, state, object.table, column, &Value::Text(to.to_owned()))?;
        cells.insert(column, wanted.clone());
        let set: Vec<(usize, Cell)> = cells.clone().into_iter().collect();
        Ok(match arena.update(&object.table.name, &living.stored, &set)? {
            Came::Row(now)
                if super::holds(&now, column, &wanted)
                    && as_given(&now, &cells, columns)
                    && is_broken_by(target, &now, &after) =>
            {
                Some(Judgement::Broken(format!(
                    "the step from `{from}` to `{to}` left a row with {}",
                    object.shown(&now, columns)
                )))
            }
            Came::Row(_) | Came::Nothing | Came::Refused(_) => None,
        })
    })
}
