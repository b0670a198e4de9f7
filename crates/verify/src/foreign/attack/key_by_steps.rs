//! Keys that rows come to by the steps of their lives: "one active permit", where permits are born as requests.

use underpin_model::FieldKind;
use underpin_server::SessionError;

use super::Object;
use super::keys::{Key, places};
use crate::foreign::arena::Arena;
use crate::foreign::ground::{self, keys_of};
use crate::foreign::life::{Step, birth_state};
use crate::foreign::mapping::attribute;
use crate::foreign::report::Judgement;
use crate::foreign::world::World;
use crate::row::Row;
use crate::rule::{Term, truth};
use crate::value::Value;

/// Values that a second row has otherwise than the first, where neither the key nor a rule speaks of them: a
/// key that says more than the documents lets it in.
fn unlike(arena: &Arena<'_>, object: &Object<'_>, key: &Key, first: &Row) -> Vec<(usize, Value)> {
    let shape = object.shape;
    let read = key.condition.as_ref().map(Term::fields).unwrap_or_default();
    let is_free = |at: &usize| {
        !key.columns.contains(at)
            && !read.contains(at)
            && shape.machine(*at).is_none()
            && !shape.rules.iter().any(|rule| rule.columns.len() > 1 && rule.columns.contains(at))
    };
    let free = (0..shape.table.columns.len()).filter(is_free);
    free.filter_map(|at| {
        let kind = attribute(arena.sides, &object.ours, at).map(|it| &it.kind);
        let Some(FieldKind::Enumeration(list)) = kind else { return None };
        let values = &arena.sides.model.enumeration(*list).values;
        let other = values.iter().map(|it| Value::Text(it.clone())).find(|it| *it != first[at])?;
        Some((at, other))
    })
    .collect()
}

/// A key over rows in states that no row is born in: two rows with the same values live beside each other
/// until the second comes to such a state.
pub(super) fn on_the_way(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    key: &Key,
) -> Result<Option<Judgement>, SessionError> {
    let (Some(columns), Some(condition)) = (places(object, key), &key.condition) else {
        return Ok(None);
    };
    let machines = object.shape.machines.iter();
    let read = machines.map(|it| it.column).find(|at| condition.fields().contains(at));
    let (Some(state), Some(born)) = (read, read.and_then(|at| birth_state(object, at))) else {
        return Ok(None);
    };
    let machine = object.shape.machine(state).expect("invariant: just found");
    let mut refused = 0;
    let values: Vec<usize> = key.columns.iter().copied().filter(|&at| !object.refers(at)).collect();
    let spoken: Vec<_> = columns
        .iter()
        .flat_map(|&at| keys_of(object.table, at))
        .filter(|key| {
            ground::columns(object.table, &key.columns).iter().all(|at| columns.contains(at))
        })
        .map(|foreign| foreign.references.clone())
        .collect();
    let steps =
        machine.transitions.iter().flat_map(|(from, all)| all.iter().map(move |to| (from, to)));
    // Beside all that the first refers to, and beside that alone which the key speaks of.
    for (from, to) in steps {
        for is_narrow in [false, true] {
            let broken = arena.within(|arena| {
                let mut world = World::default();
                let Ok(first) = arena.lived(object, state, to, &mut world)? else {
                    return Ok(None);
                };
                let is_covered = truth(condition, &first.meant) == Some(true);
                if !is_covered || columns.iter().any(|&at| first.stored[at].is_none()) {
                    return Ok(None);
                }
                let mut same: Vec<(usize, Value)> =
                    values.iter().map(|&at| (at, first.meant[at].clone())).collect();
                same.extend(unlike(arena, object, key, &first.meant));
                let mut around = world.clone();
                around.rows.remove(&object.table.name);
                if is_narrow {
                    around = around.narrowed(arena.sides.ground, &spoken);
                }
                let second = match arena.lived_with(object, state, from, &same, &mut around)? {
                    Ok(second) => second,
                    Err(_) if is_narrow => return Ok(None),
                    Err(reason) => {
                        // The second may be in the way of the first from its birth on.
                        let alone = arena.lived(object, state, from, &mut World::default())?;
                        let is_early = *from == born && alone.is_ok_and(|it| {
                            truth(condition, &it.meant) == Some(false)
                        });
                        return Ok((is_early && reason.contains("[23505")).then(|| {
                            Judgement::Broken(format!(
                                "a row that is `{from}` was refused beside one that is `{to}`: {reason}"
                            ))
                        }));
                    }
                };
                if !columns.iter().all(|&at| second.stored[at] == first.stored[at])
                    || truth(condition, &second.meant) != Some(false)
                {
                    return Ok(None);
                }
                Ok(match arena.step(object, state, &second, to)? {
                    Step::Taken(now) if truth(condition, &now.meant) == Some(true) => {
                        Some(Judgement::Broken(format!(
                            "two rows came to `{to}`, both with {}",
                            object.shown(&now.stored, &columns)
                        )))
                    }
                    Step::Refused(Some(_)) => {
                        refused += 1;
                        None
                    }
                    Step::Taken(_) | Step::Refused(None) => None,
                })
            })?;
            if broken.is_some() {
                return Ok(broken);
            }
        }
    }
    Ok((refused > 0).then_some(Judgement::Held { refused, accepted: 1 }))
}
