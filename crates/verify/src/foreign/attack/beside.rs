//! What may be done to rows only beside an owner in some state: "bids can only be placed on listed lots". Beside an
//! owner in any other state no row is let in, by INSERT or by an UPDATE that brings one over, and what is there is
//! neither changed nor deleted, where documents say so; beside an owner in the right state it is.

use underpin_claim::Family;
use underpin_model::{Beside, Expression, FieldId, NamedEntities};
use underpin_pg::{QualifiedName, Table};
use underpin_server::{ServerError, SessionError};

use super::beside_race::raced;
use super::{Belonging, Object, objects, parts, sentences, unchanged};
use crate::foreign::arena::{Arena, Came, Cell, Stored};
use crate::foreign::ground::{keys_of, position, primary_key};
use crate::foreign::life::{Living, birth_states, path};
use crate::foreign::mapping::Place;
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::{Want, World};
use crate::rule::{Term, truth};
use crate::value::Value;

/// A sentence, found again in the schema.
pub(super) struct Bound<'o, 'a> {
    pub(super) rows: &'o Object<'a>,
    pub(super) owner: &'o Object<'a>,
    /// The column that refers to the owner.
    pub(super) column: usize,
    /// The owner's column of our own design on which it depends.
    pub(super) state: usize,
    /// Its values beside which it may be done, and those beside which it may not.
    pub(super) allowed: Vec<Value>,
    pub(super) barred: Vec<Value>,
}

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    report: &mut Report,
) -> Result<(), SessionError> {
    let all = objects(arena);
    let model = arena.sides.model;
    let named = NamedEntities::of(model);
    for text in sentences(arena) {
        let mut found = named.beside(model, text);
        if found.is_empty() {
            found = parts(text).iter().flat_map(|part| named.beside(model, part)).collect();
        }
        for said in found {
            let Some(bound) = resolve(arena, &all, &said) else { continue };
            let table = &bound.rows.table.name;
            let name = bound.rows.table.columns[bound.column].name.as_str();
            let acts: [(bool, &str, Act); 3] = [
                (said.inserts, "insert", insertion),
                (said.updates, "update", change),
                (said.deletes, "delete", deletion),
            ];
            for (is_said, aspect, act) in acts {
                if !is_said {
                    continue;
                }
                let statement = format!(
                    "`{}` keeps by {}: {}",
                    table.name.as_str(),
                    aspect.to_uppercase(),
                    text.trim()
                );
                let mut judgement = beside_each(arena, &bound, act)?;
                if let (Judgement::Held { .. }, "insert") = (&judgement, aspect) {
                    if let Some(state) = raced(arena, &bound)? {
                        judgement = Judgement::Broken(format!(
                            "two sessions at once: a row was inserted while the other took its row of {} to {}",
                            bound.owner.table.name.name.as_str(),
                            state.text().unwrap_or_default()
                        ));
                    }
                }
                let aspect = format!("beside/{aspect}");
                report.add(Family::Check, table, name, &aspect, statement, judgement);
            }
        }
    }
    Ok(())
}

/// Owners are made as rows may come beside them, where a listed value or a flag tells it and no life leads there.
pub(in crate::foreign) fn make_way(arena: &mut Arena<'_>) {
    let all = objects(arena);
    let model = arena.sides.model;
    let named = NamedEntities::of(model);
    for text in sentences(arena) {
        for said in named.beside(model, text).iter().filter(|it| it.inserts) {
            let Some(bound) = resolve(arena, &all, said) else { continue };
            let (ours, at) = (&bound.owner.ours, bound.state);
            let is_free = bound.owner.shape.machine(at).is_none()
                && !bound.owner.shape.is_in_link(at)
                && arena.planner.fresh.advised(ours, at).is_none();
            let value = bound.allowed.iter().find(|it| it.is_present());
            if let Some(value) = value.filter(|_| is_free && !is_presence(&said.allowed)) {
                arena.planner.fresh.advise(ours, at, value.clone());
            }
        }
    }
}

fn resolve<'o, 'a>(
    arena: &mut Arena<'a>,
    all: &'o [Object<'a>],
    said: &Beside,
) -> Option<Bound<'o, 'a>> {
    let sides = arena.sides;
    let Belonging { rows, owner, place } = Belonging::by(sides, all, said.by)?;
    let term: Term = said.allowed.try_map(&mut |field| owner.column_of(sides, *field))?;
    let [state] = term.fields()[..] else { return None };
    owner.place(state)?;
    let values: Vec<Value> = match owner.shape.machine(state) {
        Some(machine) => machine.states.iter().map(|it| Value::Text(it.clone())).collect(),
        None if is_flag(&said.allowed) => vec![Value::Boolean(true), Value::Boolean(false)],
        // Told by a value that is there or not: "a closed member".
        None if is_presence(&said.allowed) => {
            let value = arena.planner.fresh.value(owner.shape, state, &mut arena.planner.dice);
            vec![Value::Null, value]
        }
        // Any of them at any time.
        None => owner.shape.listed(state),
    };
    let holds = |value: &Value| {
        let mut row = vec![Value::Null; owner.shape.table.columns.len()];
        row[state] = value.clone();
        truth(&term, &row) == Some(true)
    };
    let (allowed, barred): (Vec<Value>, Vec<Value>) = values.into_iter().partition(holds);
    (!allowed.is_empty() && !barred.is_empty()).then_some(Bound {
        rows,
        owner,
        column: place,
        state,
        allowed,
        barred,
    })
}

/// Whether a condition is a flag, set or not.
fn is_flag(condition: &Expression<FieldId>) -> bool {
    match condition {
        Expression::Field(_) => true,
        Expression::Not(inner) => is_flag(inner),
        _ => false,
    }
}

/// Whether a condition is that a value is there, or that it is not.
fn is_presence(condition: &Expression<FieldId>) -> bool {
    let inner = if let Expression::Not(inner) = condition { inner } else { condition };
    matches!(inner, Expression::IsPresent(_))
}

/// What is done beside an owner that was taken to a state: whether it was let in, or why it could not be tried.
type Act = fn(&mut Arena<'_>, &Bound<'_, '_>, &Value) -> Result<Result<Done, String>, SessionError>;

/// What came of it.
enum Done {
    LetIn(String),
    Refused(Option<Box<ServerError>>),
}

fn beside_each(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    act: Act,
) -> Result<Judgement, SessionError> {
    let mut reason = "no owner came to a state in which it is allowed".to_owned();
    let mut accepted = 0;
    for state in &bound.allowed {
        match arena.within(|arena| act(arena, bound, state))? {
            Ok(Done::LetIn(_)) => accepted += 1,
            Ok(Done::Refused(error)) => {
                reason =
                    error.map_or_else(|| "a trigger wrote nothing".to_owned(), |it| it.to_string());
            }
            Err(why) => reason = why,
        }
    }
    if accepted == 0 {
        return Ok(Judgement::Untried(reason));
    }
    let mut refused = 0;
    for state in &bound.barred {
        match arena.within(|arena| act(arena, bound, state))? {
            Ok(Done::LetIn(how)) => {
                let owner = bound.owner.table.name.name.as_str();
                let name = bound.owner.shape.name(bound.state).as_str();
                let state = match bound.owner.shape.machine(bound.state) {
                    Some(_) => state.text().unwrap_or_default(),
                    None => {
                        format!("{name} = {}", state.text().unwrap_or_else(|| "NULL".to_owned()))
                    }
                };
                return Ok(Judgement::Broken(format!(
                    "{how} beside a row of {owner} that is {state}"
                )));
            }
            Ok(Done::Refused(_)) => refused += 1,
            Err(why) => reason = why,
        }
    }
    Ok(if refused > 0 { Judgement::Held { refused, accepted } } else { Judgement::Untried(reason) })
}

/// An owner in a state, and what it belongs to.
pub(super) fn owner(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    state: &Value,
    world: &mut World,
) -> Result<Result<Living, String>, SessionError> {
    let object = bound.owner;
    if object.shape.machine(bound.state).is_none() {
        return arena.born(object, &[(bound.state, state.clone())], world);
    }
    let Value::Text(name) = state else { return Ok(Err("a state is a text".to_owned())) };
    arena.lived(object, bound.state, name, world)
}

/// What is asked of a row of an owner, in a world that holds no more than that owner needs.
fn beside(arena: &Arena<'_>, bound: &Bound<'_, '_>, owner: &Living) -> (Want, World) {
    let table = &bound.owner.table.name;
    let mut world = owner.world.clone();
    world.rows.insert(table.clone(), owner.stored.clone());
    let want = Want { linked: std::iter::once(bound.column).collect(), ..Want::default() };
    (want, world.narrowed(arena.sides.ground, std::slice::from_ref(table)))
}

/// What a row of an owner is given, which stays as it is.
pub(super) fn drafted(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    owner: &Living,
) -> Result<Result<Vec<Cell>, String>, SessionError> {
    let table = &bound.owner.table.name;
    let (want, mut alone) = beside(arena, bound, owner);
    arena.held.push(table.clone());
    let cells = arena.draft(&bound.rows.table.name, &want, &mut alone, 0);
    arena.held.pop();
    cells
}

/// A row of an owner that stays as it is meanwhile.
pub(super) fn row_of(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    owner: &Living,
    held: bool,
) -> Result<Result<Came, String>, SessionError> {
    let table = &bound.owner.table.name;
    let (want, mut alone) = beside(arena, bound, owner);
    if held {
        arena.held.push(table.clone());
    }
    let came = arena.write(&bound.rows.table.name, &want, &mut alone, 0);
    if held {
        arena.held.pop();
    }
    came
}

fn insertion(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    state: &Value,
) -> Result<Result<Done, String>, SessionError> {
    if let Err(reason) = arena.is_ready(&bound.rows.table.name)? {
        return Ok(Err(reason));
    }
    let owner = match owner(arena, bound, state, &mut World::default())? {
        Ok(owner) => owner,
        Err(reason) => return Ok(Err(reason)),
    };
    let came = arena.within(|arena| row_of(arena, bound, &owner, true))?;
    let refusal = match came {
        Ok(Came::Row(row)) if is_of(bound, &row, &owner) => {
            return Ok(Ok(Done::LetIn("a row was inserted".to_owned())));
        }
        Ok(Came::Row(_)) => return Ok(Err("the row was given to another owner".to_owned())),
        Ok(Came::Nothing) => None,
        Ok(Came::Refused(error)) => Some(error),
        Err(reason) => return Ok(Err(reason)),
    };
    // A row of an owner beside which it may be is brought over: one of the same tenant, and any.
    let mut near = owner.world.clone();
    near.rows.remove(&bound.owner.table.name);
    near.siblings.clear();
    for mut around in [near, World::default()] {
        let other = arena.make(&bound.rows.table.name, &Want::default(), &mut around)?;
        let Ok(other) = other else { continue };
        let set =
            to_owner(arena, bound.rows.table, bound.column, &bound.owner.table.name, &owner.stored);
        if let Came::Row(now) = arena.update(&bound.rows.table.name, &other, &set)? {
            if is_of(bound, &now, &owner) && now[bound.column] != other[bound.column] {
                return Ok(Ok(Done::LetIn("a row was brought over by UPDATE".to_owned())));
            }
        }
        if brought_along(arena, bound, state, &other)? {
            return Ok(Ok(Done::LetIn(
                "a row was brought over by UPDATE with all that it refers to".to_owned(),
            )));
        }
    }
    Ok(Ok(Done::Refused(refusal)))
}

/// Whether a row is brought over together with its other references: a loan to another borrower goes to a venue of that one.
fn brought_along(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    state: &Value,
    other: &Stored,
) -> Result<bool, SessionError> {
    // Alone it was tried already.
    let links = bound.rows.table.foreign_keys.len();
    if links < 2 {
        return Ok(false);
    }
    arena.within(|arena| {
        let Ok(there) = beside_later(arena, bound, state)? else { return Ok(false) };
        let key = primary_key(bound.rows.table);
        let set: Vec<(usize, Cell)> = (0..bound.rows.table.columns.len())
            .filter(|at| keys_of(bound.rows.table, *at).next().is_some() && !key.contains(at))
            .filter(|&at| other[at].is_some() && there[at].is_some())
            .map(|at| (at, Cell::of(there[at].as_ref())))
            .collect();
        let came = arena.update(&bound.rows.table.name, other, &set)?;
        Ok(matches!(came, Came::Row(now)
            if now[bound.column] == there[bound.column] && now[bound.column] != other[bound.column]))
    })
}

/// Whether a row belongs to an owner.
pub(super) fn is_of(bound: &Bound<'_, '_>, row: &Stored, owner: &Living) -> bool {
    let key = keys_of(bound.rows.table, bound.column)
        .find(|key| key.references == bound.owner.table.name);
    key.is_none_or(|key| {
        key.columns.iter().zip(&key.referenced_columns).all(|(own, there)| {
            let own = position(bound.rows.table, own);
            let there = position(bound.owner.table, there);
            own.zip(there).is_some_and(|(own, there)| row[own] == owner.stored[there])
        })
    })
}

/// What a row is given to belong to an owner.
pub(super) fn to_owner(
    arena: &Arena<'_>,
    rows: &Table,
    column: usize,
    there: &QualifiedName,
    owner: &Stored,
) -> Vec<(usize, Cell)> {
    let target = arena.sides.ground.table(there);
    let key = keys_of(rows, column).find(|key| key.references == *there);
    let pairs = key.into_iter().flat_map(|key| key.columns.iter().zip(&key.referenced_columns));
    pairs
        .filter_map(|(own, there)| {
            let there = position(target, there)?;
            Some((position(rows, own)?, Cell::of(owner[there].as_ref())))
        })
        .collect()
}

/// A row that was let in, beside an owner that has come to a state since.
fn beside_later(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    state: &Value,
) -> Result<Result<Stored, String>, SessionError> {
    let object = bound.owner;
    if object.shape.machine(bound.state).is_none() {
        return beside_marked(arena, bound, state);
    }
    let (Value::Text(to), Some(road)) = (state, arena.road(object, bound.state)?) else {
        return Ok(Err("the owner has no life cycle".to_owned()));
    };
    let mut why = format!("no way leads from where rows are let in to `{to}`");
    let mut starts = birth_states(object, bound.state);
    starts.extend(bound.allowed.iter().filter_map(Value::text));
    starts.dedup();
    for from in starts {
        let Some(path) = path(&road, &from, to) else { continue };
        let mut world = World::default();
        let living = match arena.lived(object, bound.state, &from, &mut world)? {
            Ok(living) => living,
            Err(reason) => {
                why = reason;
                continue;
            }
        };
        let row = match row_of(arena, bound, &living, true)? {
            Ok(Came::Row(row)) if is_of(bound, &row, &living) => row,
            Ok(came) => {
                why = came.reason();
                continue;
            }
            Err(reason) => {
                why = reason;
                continue;
            }
        };
        match arena.walked(object, bound.state, living, &path)? {
            Ok(_) => match arena.look(&bound.rows.table.name, &row)? {
                Some(row) => return Ok(Ok(row)),
                None => "the row went away with the step".clone_into(&mut why),
            },
            Err(reason) => why = reason,
        }
    }
    Ok(Err(why))
}

/// Likewise, where a value of the owner tells it that may change at any time: whether it is blocked, when it was closed.
fn beside_marked(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    state: &Value,
) -> Result<Result<Stored, String>, SessionError> {
    let object = bound.owner;
    let Some(Place::Column(column)) = object.place(bound.state) else {
        return Ok(Err("the owner's value has no column of its own".to_owned()));
    };
    let mut why = "no owner is known beside which rows are let in".to_owned();
    for allowed in &bound.allowed {
        let living = match owner(arena, bound, allowed, &mut World::default())? {
            Ok(living) => living,
            Err(reason) => {
                why = reason;
                continue;
            }
        };
        let row = match row_of(arena, bound, &living, true)? {
            Ok(Came::Row(row)) if is_of(bound, &row, &living) => row,
            Ok(came) => {
                why = came.reason();
                continue;
            }
            Err(reason) => {
                why = reason;
                continue;
            }
        };
        let cell = arena.encode(&object.ours, bound.state, object.table, column, state)?;
        if allowed == state {
            return Ok(Ok(row));
        }
        match arena.update(&object.table.name, &living.stored, &[(column, cell)])? {
            Came::Row(_) => match arena.look(&bound.rows.table.name, &row)? {
                Some(row) => return Ok(Ok(row)),
                None => "the row went away with the change".clone_into(&mut why),
            },
            came => why = came.reason(),
        }
    }
    Ok(Err(why))
}

fn deletion(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    state: &Value,
) -> Result<Result<Done, String>, SessionError> {
    let row = match beside_later(arena, bound, state)? {
        Ok(row) => row,
        Err(reason) => return Ok(Err(reason)),
    };
    let table = &bound.rows.table.name;
    let refused = arena.delete(table, &row)?;
    if refused.is_none() && arena.look(table, &row)?.is_none() {
        return Ok(Ok(Done::LetIn("a row was deleted".to_owned())));
    }
    Ok(Ok(Done::Refused(refused)))
}

fn change(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    state: &Value,
) -> Result<Result<Done, String>, SessionError> {
    let row = match beside_later(arena, bound, state)? {
        Ok(row) => row,
        Err(reason) => return Ok(Err(reason)),
    };
    let object = bound.rows;
    let meant = arena.understood(object, &row)?;
    let living = Living { stored: row.clone(), meant, world: World::default() };
    let mut refused = None;
    let mut any = false;
    for at in object.values() {
        let (Some(_), Some(Place::Column(column))) = (object.field(arena, at), object.place(at))
        else {
            continue;
        };
        let is_fixed = object.shape.primary_key().contains(&at)
            || object.shape.machine(at).is_some()
            || object.table.columns[column].generated.is_some();
        if is_fixed {
            continue;
        }
        let Some(cell) = unchanged::other(arena, object, at, column, &living)? else { continue };
        any = true;
        let came =
            arena.within(|arena| arena.update(&object.table.name, &row, &[(column, cell)]))?;
        match came {
            Came::Row(now) if now[column] != row[column] => {
                let name = object.table.columns[column].name.as_str();
                return Ok(Ok(Done::LetIn(format!("{name} was changed"))));
            }
            Came::Refused(error) => refused = Some(error),
            Came::Row(_) | Came::Nothing => {}
        }
    }
    // A row that is taken elsewhere is changed, and missing where it was.
    if let Some(to) = bound.allowed.first() {
        let moved = arena.within(|arena| {
            let Ok(owner) = owner(arena, bound, to, &mut World::default())? else {
                return Ok(None);
            };
            let set = to_owner(
                arena,
                bound.rows.table,
                bound.column,
                &bound.owner.table.name,
                &owner.stored,
            );
            let came = arena.update(&object.table.name, &row, &set)?;
            Ok(Some(matches!(came, Came::Row(now) if now[bound.column] != row[bound.column])))
        })?;
        if moved == Some(true) {
            return Ok(Ok(Done::LetIn("a row was taken to another".to_owned())));
        }
    }
    Ok(if any {
        Ok(Done::Refused(refused))
    } else {
        Err("nothing in it can be changed".to_owned())
    })
}
