//! What rows beside it keep a row from a step: "a project cannot be archived while it has open tasks". Beside such a row the
//! step is refused, in each state of either; without one it is taken. "A list without lines cannot be sent" is the contrary.

use underpin_claim::Family;
use underpin_model::{Arrival, Barring, NamedEntities};
use underpin_server::SessionError;

use super::beside::{Bound, is_of, row_of};
use super::{Belonging, Object, objects, sentences};
use crate::foreign::arena::{Arena, Came, Stored};
use crate::foreign::life::{Living, Step, birth_states, path};
use crate::foreign::mapping::Place;
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::World;
use crate::rule::{Term, truth};
use crate::value::Value;

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    report: &mut Report,
) -> Result<(), SessionError> {
    let all = objects(arena);
    let model = arena.sides.model;
    let named = NamedEntities::of(model);
    for text in sentences(arena) {
        let all_said = named.barring_in(model, text);
        let arrivals =
            all_said.iter().flat_map(|it| it.arrivals().into_iter().map(move |to| (it, to)));
        for (said, arrival) in arrivals {
            let Some(barred) = resolve(arena, &all, said, &arrival) else { continue };
            let owner = barred.bound.owner;
            let table = &owner.table.name;
            let column = owner.place(barred.bound.state).map_or("", |place| owner.name(place));
            let to = barred.to.as_deref().unwrap_or("set");
            let statement = format!("`{}` keeps: {}", table.name.as_str(), text.trim());
            let judgement = attack(arena, &barred)?;
            let aspect = format!("barred/{to}");
            report.add(Family::Check, table, column, &aspect, statement, judgement);
        }
    }
    Ok(())
}

/// A sentence, found again in the schema.
struct Barred<'o, 'a> {
    bound: Bound<'o, 'a>,
    /// The state to which the step leads; a mark is set where there is none.
    to: Option<String>,
    /// Which of the rows beside it keep it from the step.
    which: Option<Term>,
    while_there: bool,
}

fn resolve<'o, 'a>(
    arena: &Arena<'a>,
    all: &'o [Object<'a>],
    said: &Barring,
    arrival: &Arrival,
) -> Option<Barred<'o, 'a>> {
    let Belonging { rows, owner, place } = Belonging::by(arena.sides, all, said.by)?;
    let (state, to) = match arrival {
        Arrival::State(field, value) => {
            (owner.column_of(arena.sides, *field)?, Some(value.clone()))
        }
        Arrival::Marked(field) => (owner.column_of(arena.sides, *field)?, None),
    };
    if to.is_some() {
        owner.shape.machine(state)?;
    }
    owner.place(state)?;
    let which = match &said.which {
        Some(which) => Some(which.try_map(&mut |field| rows.column_of(arena.sides, *field))?),
        None => None,
    };
    let bound =
        Bound { rows, owner, column: place, state, allowed: Vec::new(), barred: Vec::new() };
    Some(Barred { bound, to, which, while_there: said.while_there })
}

fn attack(arena: &mut Arena<'_>, barred: &Barred<'_, '_>) -> Result<Judgement, SessionError> {
    let (mut refused, mut accepted) = (0, 0);
    let mut reason = "no way leads to the step".to_owned();
    let kinds = if barred.while_there { kinds(arena, barred) } else { vec![None] };
    for from in starts(barred) {
        // Without rows beside it.
        let alone = arena.within(|arena| {
            let living = match owner(arena, barred, from.as_deref(), &mut World::default())? {
                Ok(living) => living,
                Err(why) => return Ok(Err(why)),
            };
            if beside(arena, barred, &living)?.is_some() {
                return Ok(Err("the rows beside it were there on the way".to_owned()));
            }
            let took = step(arena, barred, &living)?;
            let is_alone = took && beside(arena, barred, &living)?.is_none();
            Ok(Ok((took, is_alone)))
        })?;
        match (alone, barred.while_there) {
            (Ok((true, _)), true) => accepted += 1,
            (Ok((true, true)), false) => {
                return Ok(Judgement::Broken(format!(
                    "{} without one",
                    went(barred, from.as_deref())
                )));
            }
            (Ok((false, _)), false) => refused += 1,
            (Ok(_), _) => {}
            (Err(why), _) => reason = why,
        }
        for kind in &kinds {
            let seen = arena.within(|arena| {
                let (living, row) = match scene(arena, barred, from.as_deref(), kind.as_ref())? {
                    Ok(found) => found,
                    Err(why) => return Ok(Err(why)),
                };
                let took = step(arena, barred, &living)?;
                let table = &barred.bound.rows.table.name;
                // A step that takes the other row along keeps the rule in another way.
                let after = arena.look(table, &row)?;
                Ok(Ok((took, after.as_ref() == Some(&row))))
            })?;
            match seen {
                Ok((true, true)) if barred.while_there => {
                    let rows = barred.bound.rows.table.name.name.as_str();
                    let state = kind
                        .as_ref()
                        .map_or_else(String::new, |(_, state)| format!(" that is `{state}`"));
                    return Ok(Judgement::Broken(format!(
                        "{} beside a row of {rows}{state}",
                        went(barred, from.as_deref())
                    )));
                }
                Ok((true, _)) => accepted += 1,
                Ok((false, _)) => refused += i64::from(barred.while_there),
                Err(why) => reason = why,
            }
        }
    }
    Ok(if refused > 0 && accepted > 0 {
        Judgement::Held { refused, accepted }
    } else {
        Judgement::Untried(reason)
    })
}

fn went(barred: &Barred<'_, '_>, from: Option<&str>) -> String {
    let owner = barred.bound.owner;
    let name = owner.place(barred.bound.state).map_or("", |place| owner.name(place));
    match (&barred.to, from) {
        (Some(to), Some(from)) => format!("a row went from `{from}` to `{to}`"),
        _ => format!("{name} was set in a row"),
    }
}

/// The states from which the step is taken; nothing in particular where it sets a mark.
fn starts(barred: &Barred<'_, '_>) -> Vec<Option<String>> {
    let machine = barred.bound.owner.shape.machine(barred.bound.state);
    let (Some(machine), Some(to)) = (machine, &barred.to) else { return vec![None] };
    let leads = machine.transitions.iter().filter(|(_, all)| all.contains(to));
    leads.map(|(from, _)| Some(from.clone())).collect()
}

/// A state of the rows beside it, by its column.
type Kind = (usize, String);

/// The states in which rows keep it from the step; nothing in particular where all of them do.
fn kinds(arena: &Arena<'_>, barred: &Barred<'_, '_>) -> Vec<Option<Kind>> {
    let rows = barred.bound.rows;
    let Some(which) = &barred.which else { return vec![None] };
    let [at] = which.fields()[..] else { return Vec::new() };
    let holds = |value: Value| {
        let mut row = vec![Value::Null; rows.shape.table.columns.len()];
        row[at] = value;
        truth(which, &row) == Some(true)
    };
    match rows.shape.machine(at) {
        Some(machine) => {
            let meant = machine.states.iter().filter(|it| holds(Value::Text((*it).clone())));
            meant.map(|state| Some((at, state.clone()))).collect()
        }
        // A row is born without the mark.
        None if object_leaves_out(arena, rows, at) && holds(Value::Null) => vec![None],
        None => Vec::new(),
    }
}

fn object_leaves_out(arena: &Arena<'_>, object: &Object<'_>, at: usize) -> bool {
    object.field(arena, at).is_some_and(|field| field.required != Some(true))
}

/// A row that may take the step.
fn owner(
    arena: &mut Arena<'_>,
    barred: &Barred<'_, '_>,
    from: Option<&str>,
    world: &mut World,
) -> Result<Result<Living, String>, SessionError> {
    let Bound { owner, state, .. } = barred.bound;
    match from {
        Some(from) => arena.lived(owner, state, from, world),
        None => arena.born(owner, &[(state, Value::Null)], world),
    }
}

/// Whether a row of the other table belongs to one.
fn beside(
    arena: &mut Arena<'_>,
    barred: &Barred<'_, '_>,
    living: &Living,
) -> Result<Option<Stored>, SessionError> {
    let rows = arena.rows(&barred.bound.rows.table.name)?;
    Ok(rows.into_iter().find(|row| is_of(&barred.bound, row, living)))
}

/// Takes the step; whether the row is there then.
fn step(
    arena: &mut Arena<'_>,
    barred: &Barred<'_, '_>,
    living: &Living,
) -> Result<bool, SessionError> {
    let Bound { owner, state, .. } = barred.bound;
    if let Some(to) = &barred.to {
        return Ok(matches!(arena.step(owner, state, living, to)?, Step::Taken(_)));
    }
    let Some(Place::Column(column)) = owner.place(state) else { return Ok(false) };
    let value = arena.planner.fresh.value(owner.shape, state, &mut arena.planner.dice);
    let cell = arena.encode(&owner.ours, state, owner.table, column, &value)?;
    let came = arena.update(&owner.table.name, &living.stored, &[(column, cell)])?;
    Ok(matches!(came, Came::Row(now) if now[column].is_some()))
}

/// A row that may take the step but for another beside it, and that one.
fn scene(
    arena: &mut Arena<'_>,
    barred: &Barred<'_, '_>,
    from: Option<&str>,
    kind: Option<&Kind>,
) -> Result<Result<(Living, Stored), String>, SessionError> {
    let Bound { owner: object, state, .. } = barred.bound;
    let mut why = "no row is let in beside it".to_owned();
    let mut before: Vec<Option<String>> = vec![from.map(str::to_owned)];
    if from.is_some() {
        let machine = object.shape.machine(state).expect("invariant: it has states");
        let earlier = birth_states(object, state).into_iter().chain(machine.states.clone());
        before.extend(earlier.filter(|it| Some(it.as_str()) != from).map(Some));
    }
    for start in before {
        let point = arena.mark()?;
        match set(arena, barred, start.as_deref(), from, kind)? {
            Ok(found) => {
                arena.keep(point)?;
                return Ok(Ok(found));
            }
            Err(reason) => why = reason,
        }
        arena.take_back(point)?;
    }
    Ok(Err(why))
}

/// Likewise, where the other row comes when it is in an earlier state.
fn set(
    arena: &mut Arena<'_>,
    barred: &Barred<'_, '_>,
    start: Option<&str>,
    from: Option<&str>,
    kind: Option<&Kind>,
) -> Result<Result<(Living, Stored), String>, SessionError> {
    let Bound { owner: object, rows, state, .. } = barred.bound;
    let onward = match (start, from) {
        (Some(start), Some(from)) => {
            let machine = object.shape.machine(state).expect("invariant: it has states");
            match path(machine, start, from) {
                Some(path) => path,
                None => return Ok(Err(format!("no way leads from `{start}` to `{from}`"))),
            }
        }
        _ => Vec::new(),
    };
    let mut living = match owner(arena, barred, start, &mut World::default())? {
        Ok(living) => living,
        Err(why) => return Ok(Err(why)),
    };
    let mut row = match row_of(arena, &barred.bound, &living, true)? {
        Ok(Came::Row(row)) if is_of(&barred.bound, &row, &living) => row,
        Ok(came) => return Ok(Err(came.reason())),
        Err(why) => return Ok(Err(why)),
    };
    let table = &object.table.name;
    let Some(now) = arena.look(table, &living.stored)? else {
        return Ok(Err("the row went away".to_owned()));
    };
    living.stored = now;
    living = match arena.walked(object, state, living, &onward)? {
        Ok(living) => living,
        Err(why) => return Ok(Err(why)),
    };
    if let Some((at, to)) = kind {
        let Some(now) = arena.look(&rows.table.name, &row)? else {
            return Ok(Err("the row beside it went away".to_owned()));
        };
        let meant = arena.understood(rows, &now)?;
        let Some(road) = arena.road(rows, *at)? else {
            return Ok(Err("the row beside it has no life cycle".to_owned()));
        };
        let Some(path) = meant[*at].text().and_then(|born| path(&road, &born, to)) else {
            return Ok(Err(format!("no way leads to `{to}`")));
        };
        let child = Living { stored: now, meant, world: living.world.clone() };
        match arena.walked(rows, *at, child, &path)? {
            Ok(child) => row = child.stored,
            Err(why) => return Ok(Err(why)),
        }
    }
    let (Some(now), Some(row)) =
        (arena.look(table, &living.stored)?, arena.look(&rows.table.name, &row)?)
    else {
        return Ok(Err("one of the rows went away".to_owned()));
    };
    living.stored = now;
    Ok(Ok((living, row)))
}
