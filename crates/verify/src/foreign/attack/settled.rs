//! What stays in a row while others belong to it: "the depths of a section cannot be changed once it has cuts". Without such
//! rows the value is changed; beside one it is not.

use underpin_claim::Family;
use underpin_model::{FieldId, NamedEntities, Settled};
use underpin_server::SessionError;

use super::beside::{Bound, is_of, row_of};
use super::{Belonging, Object, objects, sentences, unchanged};
use crate::foreign::arena::{Arena, Came, Cell, Stored};
use crate::foreign::life::{Living, path};
use crate::foreign::mapping::Place;
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::World;
use crate::rule::{Term, truth};

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    report: &mut Report,
) -> Result<(), SessionError> {
    let all = objects(arena);
    let model = arena.sides.model;
    let named = NamedEntities::of(model);
    for text in sentences(arena) {
        for said in named.settled_in(model, text) {
            for &field in &said.fields {
                let Some((bound, column, which)) = resolve(arena, &all, &said, field) else {
                    continue;
                };
                let table = &bound.owner.table.name;
                let name = bound.owner.table.columns[column].name.as_str();
                let statement = format!("`{}` keeps: {}", table.name.as_str(), text.trim());
                let judgement =
                    arena.within(|arena| attack(arena, &bound, column, which.as_ref()))?;
                report.add(Family::Check, table, name, "settled", statement, judgement);
            }
        }
    }
    Ok(())
}

/// The rows and what they belong to, whose value stays, with its column and which of the rows keep it.
fn resolve<'o, 'a>(
    arena: &Arena<'a>,
    all: &'o [Object<'a>],
    said: &Settled,
    field: FieldId,
) -> Option<(Bound<'o, 'a>, usize, Option<Term>)> {
    let Belonging { rows, owner, place } = Belonging::by(arena.sides, all, said.by)?;
    let state = owner.column_of(arena.sides, field)?;
    let Some(Place::Column(there)) = owner.place(state) else { return None };
    owner.table.columns[there].generated.is_none().then_some(())?;
    let which = match &said.which {
        Some(which) => Some(which.try_map(&mut |field| rows.column_of(arena.sides, *field))?),
        None => None,
    };
    let bound =
        Bound { rows, owner, column: place, state, allowed: Vec::new(), barred: Vec::new() };
    Some((bound, there, which))
}

fn attack(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    column: usize,
    which: Option<&Term>,
) -> Result<Judgement, SessionError> {
    let (owner, at) = (bound.owner, bound.state);
    let table = &owner.table.name;
    let living = match arena.born(owner, &[], &mut World::default())? {
        Ok(living) => living,
        Err(reason) => return Ok(Judgement::Untried(reason)),
    };
    let Some(cell) = unchanged::other(arena, owner, at, column, &living)? else {
        return Ok(Judgement::Untried("no other value is known".to_owned()));
    };
    let set = [(column, cell)];
    let came = arena.within(|arena| arena.update(table, &living.stored, &set))?;
    // Whoever changes it beside such a row breaks the rule, whatever comes of it without one.
    let alone = match came {
        Came::Row(now) if now[column] != living.stored[column] => None,
        came => Some(format!("without such rows it was refused: {}", came.reason())),
    };
    let row = match row_of(arena, bound, &living, false)? {
        Ok(Came::Row(row)) if is_of(bound, &row, &living) => row,
        Ok(came) => return Ok(Judgement::Untried(came.reason())),
        Err(why) => return Ok(Judgement::Untried(why)),
    };
    let meant = arena.understood(bound.rows, &row)?;
    if which.is_some_and(|which| truth(which, &meant) != Some(true)) {
        return Ok(Judgement::Untried("the rows beside it are others".to_owned()));
    }
    // What the row beside it did to its owner is no change of this one.
    let Some(now) = arena.look(table, &living.stored)? else {
        return Ok(Judgement::Untried("the row went away".to_owned()));
    };
    let came = arena.within(|arena| arena.update(table, &now, &set))?;
    let name = owner.table.columns[column].name.as_str();
    Ok(match came {
        Came::Row(after) if after[column] != now[column] => Judgement::Broken(format!(
            "{name} was changed beside a row of {}",
            bound.rows.table.name.name.as_str()
        )),
        Came::Row(_) | Came::Refused(_) | Came::Nothing => match alone {
            Some(reason) => Judgement::Untried(reason),
            None => match beside_later(arena, bound, (&row, which), (&now, &set))? {
                Some(how) => Judgement::Broken(format!("{name} was changed beside {how}")),
                None => Judgement::Held { refused: 1, accepted: 1 },
            },
        },
    })
}

/// What a row beside it is when the value is changed all the same: a fine has its appeals also once they are decided.
fn beside_later(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    (row, which): (&Stored, Option<&Term>),
    (owner, set): (&Stored, &[(usize, Cell)]),
) -> Result<Option<String>, SessionError> {
    let rows = bound.rows;
    let is_changed = |arena: &mut Arena<'_>, later: &Stored| {
        let meant = arena.understood(rows, later)?;
        if which.is_some_and(|which| truth(which, &meant) != Some(true)) {
            return Ok(false);
        }
        let table = &bound.owner.table.name;
        // What became of the row beside it may have changed its owner.
        let Some(now) = arena.look(table, owner)? else { return Ok(false) };
        let came = arena.update(table, &now, set)?;
        Ok::<_, SessionError>(
            matches!(came, Came::Row(after) if set.iter().any(|(at, _)| after[*at] != now[*at])),
        )
    };
    for machine in &rows.shape.machines {
        let Some(road) = arena.road(rows, machine.column)? else { continue };
        let meant = arena.understood(rows, row)?;
        let Some(born) = meant[machine.column].text() else { continue };
        for state in machine.design.states.iter().filter(|state| **state != born) {
            let Some(way) = path(&road, &born, state) else { continue };
            let is_broken = arena.within(|arena| {
                let world = World::default();
                let living = Living { stored: row.clone(), meant: meant.clone(), world };
                match arena.walked(rows, machine.column, living, &way)? {
                    Ok(there) => is_changed(arena, &there.stored),
                    Err(_) => Ok(false),
                }
            })?;
            if is_broken {
                return Ok(Some(format!(
                    "a row of {} that is `{state}`",
                    rows.table.name.name.as_str()
                )));
            }
        }
    }
    let mut filled: Vec<(usize, Cell)> = Vec::new();
    for at in 0..rows.shape.table.columns.len() {
        let Some(Place::Column(column)) = rows.place(at) else { continue };
        let is_open = row[column].is_none() && rows.table.columns[column].generated.is_none();
        if !is_open || rows.refers(at) || rows.shape.machine(at).is_some() {
            continue;
        }
        let value = arena.planner.fresh.value(rows.shape, at, &mut arena.planner.dice);
        filled.push((column, arena.encode(&rows.ours, at, rows.table, column, &value)?));
    }
    let each = filled.iter().map(|it| vec![it.clone()]);
    let all = each.chain((filled.len() > 1).then(|| filled.clone())).collect::<Vec<_>>();
    for filled in all {
        let is_broken =
            arena.within(|arena| match arena.update(&rows.table.name, row, &filled)? {
                Came::Row(later) => is_changed(arena, &later),
                Came::Nothing | Came::Refused(_) => Ok(false),
            })?;
        if is_broken {
            let names = filled.iter().map(|(at, _)| rows.table.columns[*at].name.as_str());
            let names = names.collect::<Vec<_>>().join(", ");
            return Ok(Some(format!(
                "a row of {} that has its {names}",
                rows.table.name.name.as_str()
            )));
        }
    }
    Ok(None)
}
