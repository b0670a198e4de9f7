//! Where documents say in which states a value must be there, it may be missing in the others: a schema that
//! asks for it there too forbids a life that is legal.

use underpin_claim::Family;
use underpin_model::permanence;
use underpin_server::{ServerError, SessionError};

use super::{Object, is_of_trigger, objects, stated_fields, unread};
use crate::foreign::arena::{Arena, Came, Cell};
use crate::foreign::life::{Living, Step};
use crate::foreign::mapping::Place;
use crate::foreign::names::words;
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::World;
use crate::rule::{Term, mentioned, truth};
use crate::value::Value;

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    report: &mut Report,
) -> Result<(), SessionError> {
    let all = objects(arena);
    for it in stated_fields(arena, &all) {
        let object = it.object;
        let is_optional = !object.shape.table.columns[it.at].not_null && !object.refers(it.at);
        if !is_optional || it.is_computed() || is_spoken_of(arena, object, &it.field.name) {
            continue;
        }
        for machine in &object.shape.machines {
            let state = machine.column;
            let asks = object.shape.rules.iter().any(|rule| {
                rule.columns.contains(&it.at)
                    && rule.columns.contains(&state)
                    && rule.term.is_some()
            });
            if !asks || !matches!(object.place(state), Some(Place::Column(_))) {
                continue;
            }
            let table = &object.table.name;
            let statement = format!(
                "`{}.{}` may be empty in each state in which the documents do not ask for it.",
                it.table, it.name
            );
            let judgement = attack(arena, object, it.at, it.column, state)?;
            report.add(Family::NotNull, table, it.name, "in_states", statement, judgement);
        }
    }
    Ok(())
}

/// Whether a rule of which only the words are known speaks of a field: it may ask for a value.
fn is_spoken_of(arena: &Arena<'_>, object: &Object<'_>, field: &str) -> bool {
    let name = words(field);
    let model = arena.sides.model;
    unread(arena, object)
        .filter(|rule| permanence(model, rule.entity, rule.field, &rule.text).is_none())
        .any(|rule| words(&rule.text).windows(name.len()).any(|window| window == name))
}

fn attack(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    at: usize,
    column: usize,
    state: usize,
) -> Result<Judgement, SessionError> {
    let machine = object.shape.machine(state).expect("invariant: the caller found it");
    let mut accepted = 0;
    let mut reason = "each state asks for it".to_owned();
    for (from, all) in &machine.transitions {
        for to in all {
            let seen = arena.within(|arena| {
                let living = match arena.lived(object, state, from, &mut World::default())? {
                    Ok(living) => living,
                    Err(why) => {
                        reason = why;
                        return Ok(None);
                    }
                };
                let Some(living) = without(arena, object, at, column, living)? else {
                    return Ok(None);
                };
                let mut after = living.meant.clone();
                after[state] = Value::Text(to.clone());
                if !is_legal(object, &after, at, state) || is_set_apart(object, &after, at, state) {
                    return Ok(None);
                }
                let bare =
                    arena.within(|arena| arena.step_without(object, state, &living, to, &[at]))?;
                let Step::Refused(Some(error)) = bare else { return Ok(Some(None)) };
                // With the value the same step must be let in, or something else is to blame.
                let full = arena.within(|arena| arena.step(object, state, &living, to))?;
                let is_blamed = matches!(full, Step::Taken(_)) && asks_for(object, &error, column);
                Ok(is_blamed.then_some(Some(error)))
            })?;
            match seen {
                Some(Some(error)) => {
                    return Ok(Judgement::Broken(format!(
                        "the step from `{from}` to `{to}` was refused without {}: {error}",
                        object.table.columns[column].name.as_str()
                    )));
                }
                Some(None) => accepted += 1,
                None => {}
            }
        }
    }
    Ok(if accepted > 0 {
        Judgement::Held { refused: 0, accepted }
    } else {
        Judgement::Untried(reason)
    })
}

/// Whether the documents let a row be in its state without a value: no rule that reads the state asks for
/// it.
fn is_legal(object: &Object<'_>, row: &crate::row::Row, at: usize, state: usize) -> bool {
    let own = object.shape.rules.iter().filter(|rule| rule.columns.contains(&at));
    let mut of_state = own.filter(|rule| rule.columns.contains(&state));
    of_state.all(|rule| rule.term.as_ref().is_some_and(|term| truth(term, row) != Some(false)))
}

/// Whether the documents bar the value in other states and not in this one: "loans that are not cancelled have no reason"
/// sets those that are apart, and may mean that they have one.
fn is_set_apart(object: &Object<'_>, row: &crate::row::Row, at: usize, state: usize) -> bool {
    let own = object.shape.rules.iter().filter(|rule| rule.columns.contains(&at));
    let of_state = own.filter(|rule| rule.columns.contains(&state));
    let mut terms = of_state.filter_map(|rule| rule.term.as_ref());
    let states = object.shape.machine(state).map(|it| &it.states);
    let bars = |term: &Term, name: &str| {
        let mut with = row.clone();
        with[at] = Value::Text("a value".to_owned());
        with[state] = Value::Text(name.to_owned());
        truth(term, &with) == Some(false)
    };
    let here = row[state].text().unwrap_or_default();
    terms.any(|term| {
        !bars(term, &here) && states.into_iter().flatten().any(|other| bars(term, other))
    })
}

/// The row without the value; nothing where it cannot be without it.
fn without(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    at: usize,
    column: usize,
    mut living: Living,
) -> Result<Option<Living>, SessionError> {
    if living.stored[column].is_some() {
        let cleared = arena.update(&object.table.name, &living.stored, &[(column, Cell::Null)])?;
        let Came::Row(now) = cleared else { return Ok(None) };
        if now[column].is_some() {
            return Ok(None);
        }
        living.stored = now;
    }
    living.meant[at] = Value::Null;
    Ok(Some(living))
}

/// Whether a refusal is about a missing value of this column, as far as it tells.
fn asks_for(object: &Object<'_>, error: &ServerError, column: usize) -> bool {
    let name = object.table.columns[column].name.as_str();
    if is_of_trigger(error) || error.sqlstate == "23502" {
        return error.column.as_deref().is_none_or(|it| it == name);
    }
    let is_named = |name: &str| error.constraint.as_deref() == Some(name);
    let check = object.table.checks.iter().find(|it| is_named(it.name.as_str()));
    error.sqlstate == "23514"
        && check.is_some_and(|it| mentioned(object.table, &it.expression).contains(&column))
}
