//! A number that counts the changes of its row: "`version` of a loan goes up by one with each change". Whatever is changed, by a
//! writer that says nothing of it and by one that raises it, it is one more afterwards, or the change is refused.

use underpin_claim::Family;
use underpin_model::counts_changes;
use underpin_server::SessionError;

use super::{Object, objects, unchanged};
use crate::foreign::arena::{Arena, Came, Cell, Stored};
use crate::foreign::ground::primary_key;
use crate::foreign::life::Living;
use crate::foreign::mapping::Place;
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::World;

/// The name of what is changed, and what an UPDATE sets.
type Change = (String, Vec<(usize, Cell)>);

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    report: &mut Report,
) -> Result<(), SessionError> {
    let all = objects(arena);
    let rules = arena.sides.model.rules.iter().filter(|rule| counts_changes(&rule.text));
    for rule in rules {
        let Some(field) = rule.field else { continue };
        let found = all.iter().find_map(|it| Some((it, it.column_of(arena.sides, field)?)));
        let Some((object, at)) = found else { continue };
        let Some(Place::Column(column)) = object.place(at) else { continue };
        let table = &object.table.name;
        let name = object.table.columns[column].name.as_str();
        let statement = format!("`{}` keeps: {}", table.name.as_str(), rule.text.trim());
        let judgement = arena.within(|arena| attack(arena, object, column))?;
        report.add(Family::Version, table, name, "counted", statement, judgement);
    }
    Ok(())
}

fn attack(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    version: usize,
) -> Result<Judgement, SessionError> {
    let living = match arena.born(object, &[], &mut World::default())? {
        Ok(living) => living,
        Err(reason) => return Ok(Judgement::Untried(reason)),
    };
    let Some(before) = number(&living.stored, version) else {
        return Ok(Judgement::Untried("a new row has no number".to_owned()));
    };
    let (mut accepted, mut refused) = (0, 0);
    for (what, set) in changes(arena, object, version, &living)? {
        // Of a writer that says nothing of it, and of those that raise it by one and by two.
        for said in [None, Some(before + 1), Some(before + 2)] {
            let told = said.map(|it| (version, Cell::Text(it.to_string())));
            let set: Vec<(usize, Cell)> = set.iter().cloned().chain(told).collect();
            let is_so = |(at, cell): &(usize, Cell), now: &Stored| {
                *at == version
                    || matches!(cell, Cell::Text(text) if now[*at].as_ref() == Some(text))
            };
            let came =
                arena.within(|arena| arena.update(&object.table.name, &living.stored, &set))?;
            match came {
                Came::Row(now) if number(&now, version) == Some(before + 1) => accepted += 1,
                Came::Row(now) if set.iter().all(|it| is_so(it, &now)) => {
                    let after =
                        number(&now, version).map_or("nothing".to_owned(), |it| it.to_string());
                    let name = object.table.columns[version].name.as_str();
                    return Ok(Judgement::Broken(format!(
                        "{name} went from {before} to {after} with a change of {what}"
                    )));
                }
                Came::Row(_) | Came::Nothing | Came::Refused(_) => refused += 1,
            }
        }
    }
    Ok(if accepted > 0 {
        Judgement::Held { refused, accepted }
    } else {
        Judgement::Untried("no change of a row was let in".to_owned())
    })
}

fn number(row: &Stored, column: usize) -> Option<i64> {
    row[column].as_ref()?.parse().ok()
}

/// What may be changed in a row: each value, and each step of its life.
fn changes(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    version: usize,
    living: &Living,
) -> Result<Vec<Change>, SessionError> {
    let key = primary_key(object.table);
    let mut all = Vec::new();
    for at in 0..object.shape.table.columns.len() {
        let Some(Place::Column(column)) = object.place(at) else { continue };
        let name = object.table.columns[column].name.as_str().to_owned();
        if let Some(machine) = object.shape.machine(at) {
            let Some(now) = living.meant[at].text() else { continue };
            for next in machine.followers(&now) {
                if let Some(set) = arena.way(object, at, living, next)? {
                    if set.iter().all(|(at, _)| *at != version) {
                        all.push((name.clone(), set));
                    }
                }
            }
        } else if column != version && !key.contains(&column) && !object.refers(at) {
            if let Some(cell) = unchanged::other(arena, object, at, column, living)? {
                all.push((name, vec![(column, cell)]));
            }
        }
    }
    Ok(all)
}
