//! Two sessions that at once bring in more than the rows of one other may come to, by rows that count from
//! birth on, or by the step with which they begin to.

use underpin_server::SessionError;

use super::together::{Bound, Counted, count, scene, steps_to_count, weights};
use crate::foreign::arena::{Arena, Cell};
use crate::foreign::race;
use crate::foreign::world::Want;
use crate::rule::Goal;
use crate::value::Value;

/// Whether two sessions at once bring in more than allowed.
pub(super) fn raced(arena: &mut Arena<'_>, bound: &Bound<'_, '_>) -> Result<bool, SessionError> {
    let object = bound.object;
    let table = &object.table.name;
    if !race::may_race(arena, table) {
        return Ok(false);
    }
    if let Some((state, ways)) = steps_to_count(bound) {
        return raced_by_steps(arena, bound, state, &ways);
    }
    // With all that may be left out, since the schema may ask for some of it; else with nothing of it, since it may not
    // let all of it stand side by side.
    for full in [true, false] {
        match raced_by_births(arena, bound, full)? {
            race::Outcome::Both => return Ok(true),
            race::Outcome::Kept => return Ok(false),
            race::Outcome::NotSet => {}
        }
    }
    Ok(false)
}

/// Two rows that count from birth on, with all that may be left out or without it.
fn raced_by_births(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    full: bool,
) -> Result<race::Outcome, SessionError> {
    let object = bound.object;
    let table = &object.table.name;
    race::run(arena, table, &mut |arena, world| {
        let Ok(scene) = scene(arena, bound, world)? else { return Ok(None) };
        let Some((fill, _)) = weights(bound, scene.limit) else { return Ok(None) };
        let Some((last, before)) = fill.split_last() else { return Ok(None) };
        for weight in before {
            let Ok(Counted::Yes(_)) = count(arena, bound, *weight, &scene.world)? else {
                return Ok(None);
            };
        }
        // Each with rows of its own beside the owner, so that nothing else keeps them apart.
        let mut both = Vec::new();
        for _ in 0..2 {
            let wish = crate::row::Wish {
                values: bound.amount.iter().map(|&at| (at, Value::Number(*last))).collect(),
                goals: bound.condition.iter().map(|rule| Goal { rule, kept: true }).collect(),
                filled: if full { object.values() } else { Vec::new() },
                ..crate::row::Wish::default()
            };
            let Ok(plan) = arena.planner.plan(&object.ours, &wish, &[]) else { return Ok(None) };
            let meant = plan.rows.last().expect("a plan ends with its row").values.clone();
            let mut want = Want { row: Some(meant), ..Want::default() };
            want.linked.insert(bound.column);
            let Ok(cells) = arena.draft(table, &want, &mut scene.world.clone(), 0)? else {
                return Ok(None);
            };
            let given = cells.into_iter().enumerate().filter(|(_, cell)| *cell != Cell::Leave);
            both.push(Want { cells: given.collect(), ..want });
        }
        *world = scene.world;
        Ok(<[Want; 2]>::try_from(both).ok())
    })
}

/// Likewise where rows come to count by a step: two that do not count yet take it at once.
fn raced_by_steps(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    state: usize,
    ways: &[(String, String)],
) -> Result<bool, SessionError> {
    let object = bound.object;
    for (from, to) in ways {
        let outcome = race::contest(arena, &mut |arena, world| {
            let Ok(scene) = scene(arena, bound, world)? else { return Ok(None) };
            let Some((fill, _)) = weights(bound, scene.limit) else { return Ok(None) };
            let Some((last, before)) = fill.split_last() else { return Ok(None) };
            for weight in before {
                let Ok(Counted::Yes(_)) = count(arena, bound, *weight, &scene.world)? else {
                    return Ok(None);
                };
            }
            let values: Vec<(usize, Value)> =
                bound.amount.iter().map(|&at| (at, Value::Number(*last))).collect();
            let mut both = Vec::new();
            for _ in 0..2 {
                let mut around = scene.world.clone();
                let lived = arena.lived_with(object, state, from, &values, &mut around)?;
                let Ok(living) = lived else { return Ok(None) };
                let Some(set) = arena.way(object, state, &living, to)? else { return Ok(None) };
                both.extend(arena.change(&object.table.name, &living.stored, &set));
            }
            Ok(<[String; 2]>::try_from(both).ok())
        })?;
        if outcome == race::Outcome::Both {
            return Ok(true);
        }
    }
    Ok(false)
}
