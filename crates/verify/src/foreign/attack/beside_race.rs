//! Two sessions at once: one takes an owner to a state beside which no row may be added, and the other adds one before
//! the first has committed. Who only looks still sees the state before.

use underpin_server::SessionError;

use super::beside::{Bound, drafted, owner};
use crate::foreign::arena::Arena;
use crate::foreign::mapping::Place;
use crate::foreign::race;
use crate::value::Value;

/// The state of an owner beside which a row was added by one session while the other took it there.
pub(super) fn raced<'v>(
    arena: &mut Arena<'_>,
    bound: &'v Bound<'_, '_>,
) -> Result<Option<&'v Value>, SessionError> {
    // Whoever is blocked in the same moment may be taken for blocked a moment later: no document says which came first.
    let is_flag = bound.allowed.iter().any(|value| matches!(value, Value::Boolean(_)));
    if is_flag || !race::may_race(arena, &bound.rows.table.name) {
        return Ok(None);
    }
    let machine = bound.owner.shape.machine(bound.state);
    for from in &bound.allowed {
        for to in &bound.barred {
            let follows = match (machine, from, to) {
                (Some(machine), Value::Text(from), Value::Text(to)) => {
                    machine.followers(from).contains(to)
                }
                (Some(_), _, _) => false,
                (None, _, _) => true,
            };
            if follows {
                let outcome = race::in_order(arena, &mut |arena, world| {
                    acts(arena, bound, (from, to), world)
                })?;
                match outcome {
                    race::Outcome::Both => return Ok(Some(to)),
                    // One pair of states tells how it looks.
                    race::Outcome::Kept => return Ok(None),
                    race::Outcome::NotSet => {}
                }
            }
        }
    }
    Ok(None)
}

/// The step of an owner, and a row beside it.
fn acts(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    (from, to): (&Value, &Value),
    world: &mut crate::foreign::world::World,
) -> Result<Option<[String; 2]>, SessionError> {
    let object = bound.owner;
    let Ok(living) = owner(arena, bound, from, world)? else { return Ok(None) };
    let set = match (object.shape.machine(bound.state), to) {
        (Some(_), Value::Text(to)) => arena.way(object, bound.state, &living, to)?,
        _ => match object.place(bound.state) {
            Some(Place::Column(column)) => {
                let cell = arena.encode(&object.ours, bound.state, object.table, column, to)?;
                Some(vec![(column, cell)])
            }
            Some(Place::Lower(_) | Place::Upper(_)) | None => None,
        },
    };
    let Some(step) = set.and_then(|set| arena.change(&object.table.name, &living.stored, &set))
    else {
        return Ok(None);
    };
    let Ok(cells) = drafted(arena, bound, &living)? else { return Ok(None) };
    Ok(Some([step, arena.insertion(&bound.rows.table.name, &cells)]))
}
