//! What the documents say is unique: no twin by INSERT or by UPDATE, and no more than that: rows that
//! differ in one part of the key live side by side.

use underpin_claim::Family;
use underpin_server::{ServerError, SessionError};

use super::key_by_steps::on_the_way;
use super::keys::{Key, places, stated, with_carried};
use super::meant::is_meant;
use super::{Object, objects};
use crate::foreign::arena::{Arena, Came, Cell, Stored};
use crate::foreign::ground::keys_of;
use crate::foreign::life::birth_state;
use crate::foreign::mapping::{Place, attribute};
use crate::foreign::race;
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::{Want, World};
use crate::rule::{Goal, Term, truth};
use crate::value::Value;

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    report: &mut Report,
) -> Result<(), SessionError> {
    for object in objects(arena) {
        let keys = stated(arena, &object);
        for key in &keys {
            let Some(names) = object.names(&key.columns) else {
                let name = key.columns.iter().map(|&at| object.shape.name(at).as_str());
                let names = name.collect::<Vec<_>>().join(",");
                let table = &object.table.name;
                let statement =
                    format!("No two rows of `{}` share ({names}): {}", table.name, key.reason);
                let reason = "a field of the key has no column".to_owned();
                report.add(
                    Family::Unique,
                    table,
                    &names,
                    "",
                    statement,
                    Judgement::Untried(reason),
                );
                continue;
            };
            let statement = format!(
                "No two rows of `{}` share ({names}){}: {}",
                object.table.name.name.as_str(),
                if key.condition.is_some() { " among those that the documents name" } else { "" },
                key.reason
            );
            let mut judgement = twins(arena, &object, key)?;
            // Where no row is born with the key, rows come to it all the same.
            if matches!(judgement, Judgement::Untried(_)) && key.condition.is_some() {
                judgement = match on_the_way(arena, &object, key)? {
                    Some(judgement) => judgement,
                    None => judgement,
                };
            }
            if matches!(judgement, Judgement::Held { .. }) {
                if let Some(broken) = other_case(arena, &object, key)? {
                    judgement = broken;
                } else if let Some(broken) = in_other_states(arena, &object, key)? {
                    judgement = broken;
                } else if let Some(broken @ Judgement::Broken(_)) = on_the_way(arena, &object, key)?
                {
                    judgement = broken;
                } else if let Some(broken) = siblings(arena, &object, key, &keys)? {
                    judgement = broken;
                } else if let Some(broken) = absent(arena, &object, key)? {
                    judgement = broken;
                } else if raced(arena, &object, key)? {
                    judgement =
                        Judgement::Broken("two sessions inserted rows with one key".to_owned());
                }
            }
            report.add(Family::Unique, &object.table.name, &names, "", statement, judgement);
        }
    }
    Ok(())
}

/// A row whose key is filled, among those that the key is about.
fn want(arena: &mut Arena<'_>, object: &Object<'_>, key: &Key, columns: &[usize]) -> Option<Want> {
    let mut want = Want::default();
    want.linked.extend(columns.iter().copied());
    want.filled.extend(key.columns.iter().copied().filter(|&at| !object.refers(at)));
    if let Some(condition) = &key.condition {
        let mut wish = crate::row::Wish {
            goals: vec![Goal { rule: condition, kept: true }],
            filled: want.filled.clone(),
            ..crate::row::Wish::default()
        };
        // Who lives through states is born in the first, where the key is about that one.
        let mut born = wish.clone();
        born.values.extend(births(object));
        let plan = match arena.planner.plan(&object.ours, &born, &[]) {
            Ok(plan) => plan,
            Err(_) => {
                wish.free_state = true;
                arena.planner.plan(&object.ours, &wish, &[]).ok()?
            }
        };
        let row = plan.rows.last()?.values.clone();
        if truth(condition, &row) == Some(false) {
            return None;
        }
        want.row = Some(row);
    }
    Some(want)
}

/// The states in which a row is born, by column.
fn births(object: &Object<'_>) -> Vec<(usize, Value)> {
    let states = object.shape.machines.iter().map(|machine| machine.column);
    states.filter_map(|at| Some((at, Value::Text(birth_state(object, at)?)))).collect()
}

fn twins(arena: &mut Arena<'_>, object: &Object<'_>, key: &Key) -> Result<Judgement, SessionError> {
    let Some(columns) = places(object, key) else {
        return Ok(Judgement::Untried("a part of the key is the bound of a range".to_owned()));
    };
    let table = &object.table.name;
    arena.within(|arena| {
        let mut world = World::default();
        let Some(wanted) = want(arena, object, key, &columns) else {
            return Ok(Judgement::Untried("no row is known that the key is about".to_owned()));
        };
        let first = match arena.make(table, &wanted, &mut world)? {
            Ok(row) => row,
            Err(reason) => return Ok(Judgement::Untried(reason)),
        };
        if columns.iter().any(|&at| first[at].is_none()) {
            return Ok(Judgement::Untried("the row has no value in the key".to_owned()));
        }
        if !is_spoken_of(arena, object, key, &wanted, &first)? {
            return Ok(Judgement::Untried("the row is none that the key is about".to_owned()));
        }
        let Some(mut twin) = want(arena, object, key, &columns) else {
            return Ok(Judgement::Untried("no row is known that the key is about".to_owned()));
        };
        let mut refused = 0;
        // By UPDATE: a row that lives beside it takes its key. What cannot live beside it is no twin.
        let apart = apart(arena, object, key, &columns, &world)?;
        let shared = with_carried(arena, object, key);
        let cells: Vec<(usize, Cell)> =
            shared.iter().map(|&at| (at, Cell::of(first[at].as_ref()))).collect();
        let along = arena.tied(table, &cells, &first);
        let both = |how: &str| {
            Judgement::Broken(format!("{how} both with {}", object.shown(&first, &columns)))
        };
        if let Some(second) = &apart {
            match arena.within(|arena| arena.update(table, second, &along))? {
                Came::Row(now) if same(&now, &first, &columns) => {
                    return Ok(both("an UPDATE left two rows,"));
                }
                Came::Refused(_) => refused += 1,
                Came::Row(_) | Came::Nothing => {}
            }
        }
        twin.cells.extend(cells);
        // Beside all that the first refers to, and beside that alone which the key speaks of: a key that
        // says more than the documents lets the second in.
        let spoken: Vec<_> = columns
            .iter()
            .flat_map(|&at| keys_of(object.table, at))
            .filter(|key| {
                crate::foreign::ground::columns(object.table, &key.columns)
                    .iter()
                    .all(|at| shared.contains(at))
            })
            .map(|foreign| foreign.references.clone())
            .collect();
        let narrow = world.narrowed(arena.sides.ground, &spoken);
        for around in [world.clone(), narrow] {
            match arena.within(|arena| arena.write(table, &twin, &mut around.clone(), 0))? {
                Ok(Came::Row(now))
                    if same(&now, &first, &columns)
                        && is_spoken_of(arena, object, key, &twin, &now)? =>
                {
                    return Ok(both("two rows were inserted,"));
                }
                Ok(Came::Refused(_)) => refused += 1,
                Ok(Came::Row(_) | Came::Nothing) | Err(_) => {}
            }
        }
        if refused == 0 {
            return Ok(Judgement::Untried("no twin could be made".to_owned()));
        }
        Ok(Judgement::Held { refused, accepted: 1 + i64::from(apart.is_some()) })
    })
}

/// A key counts in each state that it is about, and in no other: beside a row that came to another state, a
/// twin is refused where the key is about both, and let in where it is not.
fn in_other_states(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    key: &Key,
) -> Result<Option<Judgement>, SessionError> {
    const MOST_STATES: usize = 6;
    let Some(columns) = places(object, key) else { return Ok(None) };
    let table = &object.table.name;
    let mut firsts: Vec<First<'_>> = Vec::new();
    for machine in &object.shape.machines {
        let later =
            machine.design.states.iter().filter(|it| Some(*it) != machine.design.initial.as_ref());
        for state in later.take(MOST_STATES) {
            let how = format!("is `{state}`");
            firsts.push((Some((machine.column, state.clone())), Vec::new(), how));
        }
    }
    // Rows that the key is not about for another reason, such as deleted ones.
    let speaks_of_state = key
        .condition
        .as_ref()
        .is_some_and(|term| term.fields().iter().any(|&at| object.shape.machine(at).is_some()));
    if !speaks_of_state && !key.is_chosen {
        for goals in key.condition.iter().flat_map(broken_alone) {
            firsts.push((None, goals, "is none of those that the key is about".to_owned()));
        }
    }
    for (state, goals, how) in firsts {
        let broken = arena.within(|arena| {
            let mut world = World::default();
            let (stored, meant) = match &state {
                Some((at, state)) => match arena.lived(object, *at, state, &mut world)? {
                    Ok(living) => (living.stored, living.meant),
                    Err(_) => return Ok(None),
                },
                None => {
                    let filled = key.columns.iter().copied().filter(|&at| !object.refers(at));
                    let filled = filled.collect();
                    let wish = crate::row::Wish { goals, filled, ..crate::row::Wish::default() };
                    let Ok(plan) = arena.planner.plan(&object.ours, &wish, &[]) else {
                        return Ok(None);
                    };
                    let row = plan.rows.last().expect("a plan ends with its row").values.clone();
                    let want = Want { row: Some(row.clone()), ..Want::default() };
                    let Ok(stored) = arena.make(table, &want, &mut world)? else { return Ok(None) };
                    (stored, row)
                }
            };
            if columns.iter().any(|&at| stored[at].is_none()) {
                return Ok(None);
            }
            let covered = match &key.condition {
                Some(condition) => truth(condition, &meant),
                None => Some(true),
            };
            let Some(mut twin) = want(arena, object, key, &columns) else { return Ok(None) };
            for at in with_carried(arena, object, key) {
                twin.cells.insert(at, Cell::of(stored[at].as_ref()));
            }
            let came = arena.write(table, &twin, &mut world, 0)?;
            Ok(match (came, covered) {
                (Ok(Came::Row(now)), Some(true)) if same(&now, &stored, &columns) => {
                    Some(Judgement::Broken(format!(
                        "beside a row that {how}, another was inserted, both with {}",
                        object.shown(&stored, &columns)
                    )))
                }
                (Ok(Came::Refused(error)), Some(false))
                    if ["23505", "23P01"].contains(&error.sqlstate.as_str())
                        && is_about(object, &error, &columns) =>
                {
                    Some(Judgement::Broken(format!(
                        "a row was refused beside one with the same key that {how}: {error}"
                    )))
                }
                (Ok(Came::Row(_) | Came::Nothing | Came::Refused(_)) | Err(_), _) => None,
            })
        })?;
        if broken.is_some() {
            return Ok(broken);
        }
    }
    Ok(None)
}

/// A row beside which another is tried: in a state of a life cycle or with goals of its values, and how it is told.
type First<'k> = (Option<(usize, String)>, Vec<Goal<'k>>, String);

/// Each way to break one of several conditions that hold together, where the others are kept.
fn broken_alone(condition: &Term) -> Vec<Vec<Goal<'_>>> {
    let Term::All(list) = condition else {
        return vec![vec![Goal { rule: condition, kept: false }]];
    };
    let without = |left_out: usize| {
        let all = list.iter().enumerate();
        all.map(|(at, rule)| Goal { rule, kept: at != left_out }).collect()
    };
    (0..list.len()).map(without).collect()
}

/// Whether what refused a row is a key over some of these columns and no other: another key may have a
/// reason of its own.
fn is_within(object: &Object<'_>, error: &ServerError, columns: &[usize]) -> bool {
    let named: Vec<usize> = (0..object.table.columns.len())
        .filter(|&at| key_words(error).any(|word| word == object.table.columns[at].name.as_str()))
        .collect();
    !named.is_empty() && named.iter().all(|at| columns.contains(at))
}

/// The words of the key that a refusal speaks of.
fn key_words(error: &ServerError) -> impl Iterator<Item = &str> {
    let detail = error.detail.as_deref().unwrap_or_default();
    let key = detail.strip_prefix("Key (").and_then(|rest| rest.split_once(")="));
    key.into_iter().flat_map(|(names, _)| {
        names.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
    })
}

/// Whether what refused a row is a key over no more than these columns and conditions on them: its message
/// names them.
fn is_about(object: &Object<'_>, error: &ServerError, columns: &[usize]) -> bool {
    columns.iter().all(|&at| {
        let name = object.table.columns[at].name.as_str();
        key_words(error).any(|word| word == name)
    })
}

/// What may be left out and is unique, by itself or for each row that others refer to, is left out by as
/// many rows as like.
fn absent(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    key: &Key,
) -> Result<Option<Judgement>, SessionError> {
    let Some(columns) = places(object, key) else { return Ok(None) };
    let own: Vec<usize> = key.columns.iter().copied().filter(|&at| !object.refers(at)).collect();
    let [at] = own[..] else { return Ok(None) };
    let is_optional = object.field(arena, at).is_some_and(|it| it.required == Some(false));
    let Some(Place::Column(column)) = object.place(at) else { return Ok(None) };
    if !is_optional || key.condition.is_some() {
        return Ok(None);
    }
    let table = &object.table.name;
    arena.within(|arena| {
        let mut world = World::default();
        let mut bare = Want::default();
        bare.linked.extend(columns.iter().copied().filter(|&it| it != column));
        bare.values.insert(at, Value::Null);
        bare.cells.insert(column, Cell::Null);
        let Ok(first) = arena.make(table, &bare, &mut world)? else { return Ok(None) };
        // Another key may be in the way of a second row in this world; what it lacks is no part of that.
        let came = arena.write(table, &bare, &mut world, 0)?;
        Ok(match came {
            Ok(Came::Refused(error))
                if error.sqlstate == "23505"
                    && first[column].is_none()
                    && is_within(object, &error, &columns)
                    && is_about(object, &error, &columns) =>
            {
                Some(Judgement::Broken(format!(
                    "a second row without {} was refused, which the documents allow: {error}",
                    object.table.columns[column].name.as_str()
                )))
            }
            Ok(Came::Row(_) | Came::Nothing | Came::Refused(_)) | Err(_) => None,
        })
    })
}

/// Where the documents say that case makes no difference: a twin in capitals.
fn other_case(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    key: &Key,
) -> Result<Option<Judgement>, SessionError> {
    let model = arena.sides.model;
    let is_said = |at: usize| {
        let field = attribute(arena.sides, &object.ours, at).and_then(|it| it.field);
        field.is_some_and(|field| model.field(field).ignores_case)
    };
    let (Some(&at), Some(columns)) =
        (key.columns.iter().find(|&&at| is_said(at)), places(object, key))
    else {
        return Ok(None);
    };
    let Some(Place::Column(column)) = object.place(at) else { return Ok(None) };
    let table = &object.table.name;
    arena.within(|arena| {
        let mut world = World::default();
        let Some(wanted) = want(arena, object, key, &columns) else { return Ok(None) };
        let Ok(first) = arena.make(table, &wanted, &mut world)? else { return Ok(None) };
        let Some(text) = first[column].clone() else { return Ok(None) };
        let mut loud = text.to_uppercase();
        if loud == text {
            loud = text.to_lowercase();
        }
        let Some(mut twin) = want(arena, object, key, &columns) else { return Ok(None) };
        for &at in &columns {
            twin.cells.insert(at, Cell::of(first[at].as_ref()));
        }
        twin.cells.insert(column, Cell::Text(loud.clone()));
        let came = arena.write(table, &twin, &mut world, 0)?;
        Ok(match came {
            Ok(Came::Row(now)) if now[column].as_ref() == Some(&loud) && loud != text => Some(
                Judgement::Broken(format!("`{text}` and `{loud}` were let in beside each other")),
            ),
            Ok(Came::Row(_) | Came::Nothing | Came::Refused(_)) | Err(_) => None,
        })
    })
}

/// Whether two sessions at once get both rows in.
fn raced(arena: &mut Arena<'_>, object: &Object<'_>, key: &Key) -> Result<bool, SessionError> {
    let table = &object.table.name;
    let Some(columns) = places(object, key) else { return Ok(false) };
    if !race::may_race(arena, table) {
        return Ok(false);
    }
    let outcome = race::run(arena, table, &mut |arena, world| {
        let wants = [want(arena, object, key, &columns), want(arena, object, key, &columns)];
        let [Some(first), Some(mut second)] = wants else { return Ok(None) };
        // Both take their key from one draft.
        let Ok(cells) = arena.draft(table, &first, world, 0)? else { return Ok(None) };
        let mut given = first;
        for &at in &columns {
            given.cells.insert(at, cells[at].clone());
            second.cells.insert(at, cells[at].clone());
        }
        let is_whole = columns.iter().all(|&at| matches!(cells[at], Cell::Text(_)));
        Ok(is_whole.then_some([given, second]))
    })?;
    Ok(outcome == race::Outcome::Both)
}

fn same(left: &Stored, right: &Stored, columns: &[usize]) -> bool {
    columns.iter().all(|&at| left[at] == right[at])
}

/// A second row in the same world that has another key, where one can be.
fn apart(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    key: &Key,
    columns: &[usize],
    world: &World,
) -> Result<Option<Stored>, SessionError> {
    let all_references = key.columns.iter().all(|&at| object.refers(at));
    let mut world = if all_references { World::default() } else { world.clone() };
    let Some(wanted) = want(arena, object, key, columns) else { return Ok(None) };
    let Ok(row) = arena.make(&object.table.name, &wanted, &mut world)? else { return Ok(None) };
    Ok(is_spoken_of(arena, object, key, &wanted, &row)?.then_some(row))
}

/// Whether a stored row is one that the key is about: conditions of the schema's own may have asked for other values.
fn is_spoken_of(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    key: &Key,
    want: &Want,
    stored: &Stored,
) -> Result<bool, SessionError> {
    match (&key.condition, &want.row) {
        (Some(condition), Some(row)) => is_meant(arena, object, stored, row, &condition.fields()),
        (None | Some(_), _) => Ok(true),
    }
}

/// How often another value is drawn.
const TRIES: usize = 6;

/// Rows that share all but one part of the key must be let in: a key that is too narrow forbids what
/// the documents allow.
fn siblings(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    key: &Key,
    all: &[Key],
) -> Result<Option<Judgement>, SessionError> {
    let Some(columns) = places(object, key) else { return Ok(None) };
    if columns.len() < 2 {
        return Ok(None);
    }
    let table = &object.table.name;
    for (skip, &own) in key.columns.iter().enumerate() {
        let rest: Vec<usize> = (0..columns.len()).filter(|&at| at != skip).collect();
        let is_key_itself = all.iter().any(|other| {
            other.columns.iter().all(|at| rest.iter().any(|&kept| key.columns[kept] == *at))
        });
        if is_key_itself || attribute(arena.sides, &object.ours, own).is_none() {
            continue;
        }
        let broken = arena.within(|arena| {
            let mut world = World::default();
            let Some(wanted) = want(arena, object, key, &columns) else { return Ok(None) };
            let Ok(first) = arena.make(table, &wanted, &mut world)? else { return Ok(None) };
            // Another world where the part is the only reference; the same one where it is a value. Where
            // others stay, only the row that it leads to changes: both hang on the same tenant.
            let keeps_reference = rest.iter().any(|&at| object.refers(key.columns[at]));
            let mut other = if object.refers(own) && !keeps_reference {
                World::default()
            } else {
                world.clone()
            };
            if object.refers(own) && keeps_reference {
                for key in keys_of(object.table, columns[skip]) {
                    other.rows.remove(&key.references);
                }
            }
            let Some(mut sibling) = want(arena, object, key, &columns) else { return Ok(None) };
            for &at in &rest {
                sibling.cells.insert(columns[at], Cell::of(first[columns[at]].as_ref()));
            }
            // Beside a row that differs in all parts, so that only the shared part can be to blame.
            let control = arena.within(|arena| {
                let mut control = other.clone();
                for key in columns.iter().flat_map(|&at| keys_of(object.table, at)) {
                    control.rows.remove(&key.references);
                }
                let Some(wanted) = want(arena, object, key, &columns) else { return Ok(false) };
                Ok(arena.make(table, &wanted, &mut control)?.is_ok())
            })?;
            if !control {
                return Ok(None);
            }
            // By chance the part may be the same once more.
            let part = columns[skip];
            let mut drafted = None;
            for _ in 0..TRIES {
                let Ok(cells) = arena.draft(table, &sibling, &mut other, 0)? else { continue };
                if matches!(&cells[part], Cell::Text(text) if first[part].as_deref() != Some(text))
                {
                    drafted = Some(cells);
                    break;
                }
            }
            let Some(cells) = drafted else { return Ok(None) };
            Ok(match arena.insert(table, &cells, true)? {
                Came::Refused(error)
                    if ["23505", "23P01"].contains(&error.sqlstate.as_str())
                        && is_within(object, &error, &columns) =>
                {
                    Some(Judgement::Broken(format!(
                        "a second row with {} was refused though {} differs: {error}",
                        object
                            .shown(&first, &rest.iter().map(|&at| columns[at]).collect::<Vec<_>>()),
                        object.table.columns[columns[skip]].name.as_str()
                    )))
                }
                Came::Refused(_) | Came::Row(_) | Came::Nothing => None,
            })
        })?;
        if broken.is_some() {
            return Ok(broken);
        }
    }
    Ok(None)
}
