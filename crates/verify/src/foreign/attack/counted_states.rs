//! Rows count in several states: a limit that looks at the first of them only is evaded by rows that went on to another.

use underpin_server::SessionError;

use super::together::{Bound, Counted, count, counts_in, scene, weights};
use crate::foreign::arena::Arena;
use crate::foreign::life::birth_state;
use crate::foreign::report::Judgement;
use crate::foreign::world::World;
use crate::value::Value;

/// For each later state in which rows count: so many rows in it as may be there, and one more that counts.
pub(super) fn one_more_beside(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
) -> Result<Option<Judgement>, SessionError> {
    let object = bound.object;
    let Some(condition) = &bound.condition else { return Ok(None) };
    let read = condition.fields();
    let Some(machine) = object.shape.machines.iter().find(|it| read.contains(&it.column)) else {
        return Ok(None);
    };
    let state = machine.column;
    let born = birth_state(object, state);
    let later = machine.design.states.iter().filter(|it| Some(*it) != born.as_ref());
    let counting: Vec<String> =
        later.filter(|it| counts_in(bound, state, it)).map(ToString::to_string).collect();
    for to in counting {
        let broken = arena.within(|arena| {
            let Ok(scene) = scene(arena, bound, &mut World::default())? else { return Ok(None) };
            let Some((fill, more)) = weights(bound, scene.limit) else { return Ok(None) };
            for weight in &fill {
                let values: Vec<(usize, Value)> =
                    bound.amount.iter().map(|&at| (at, Value::Number(*weight))).collect();
                let mut around = scene.world.clone();
                let lived = arena.lived_with(object, state, &to, &values, &mut around)?;
                let Ok(living) = lived else { return Ok(None) };
                if living.stored[bound.column] != owner_of(bound, &scene.owner) {
                    return Ok(None);
                }
            }
            Ok(match count(arena, bound, more, &scene.world)? {
                Ok(Counted::Yes(_)) => Some(Judgement::Broken(format!(
                    "beside {} rows that are `{to}` and come to all that is allowed, another was let in",
                    fill.len()
                ))),
                Ok(Counted::Refused(_)) | Err(_) => None,
            })
        })?;
        if broken.is_some() {
            return Ok(broken);
        }
    }
    Ok(None)
}

/// What rows hold in the column by which they belong to an owner.
fn owner_of(bound: &Bound<'_, '_>, owner: &crate::foreign::arena::Stored) -> Option<String> {
    use crate::foreign::ground::{keys_of, position};
    let key = keys_of(bound.object.table, bound.column)
        .find(|key| key.references == bound.owner.table.name)?;
    let own = &bound.object.table.columns[bound.column].name;
    let at = key.columns.iter().position(|it| it == own)?;
    owner[position(bound.owner.table, &key.referenced_columns[at])?].clone()
}
