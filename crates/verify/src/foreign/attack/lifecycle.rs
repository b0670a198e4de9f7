//! Life cycles: each legal life can be lived from birth to deletion, and no step is possible that the
//! documents do not allow.

use underpin_claim::Family;
use underpin_model::{Rule, permanence};
use underpin_server::{ServerError, SessionError};

use super::{Object, objects, unread};
use crate::foreign::arena::{Arena, Came, Cell};
use crate::foreign::life::{Step, birth_states, path};
use crate::foreign::mapping::Place;
use crate::foreign::names::words;
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::{Want, World};
use crate::row::Machine;
use crate::value::Value;

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    report: &mut Report,
) -> Result<(), SessionError> {
    let all = objects(arena);
    let births = births(arena, &all)?;
    // What is only the default, or the state that nothing leads to, forbids no other birth, as long as the
    // schema keeps births nowhere else either.
    let is_kept_somewhere = births
        .iter()
        .any(|birth| matches!(birth.judgement, Judgement::Held { refused, .. } if refused > 0));
    let mut births = births.into_iter();
    for object in &all {
        for machine in told(arena, object) {
            let state = machine.column;
            let Some(place @ Place::Column(_)) = object.place(state) else { continue };
            let table = object.table.name.name.as_str();
            let name = object.name(place);
            let mut add = |aspect: &str, statement: String, judgement: Judgement| {
                report.add(
                    Family::Lifecycle,
                    &object.table.name,
                    name,
                    aspect,
                    statement,
                    judgement,
                );
            };
            if let (Some(initial), Some(birth)) = (&machine.design.initial, births.next()) {
                if birth.is_stated || (birth.is_only_root && is_kept_somewhere) {
                    let statement = format!("A row of `{table}` is born `{initial}`.");
                    add("birth", statement, birth.judgement);
                }
            }
            let statement = format!("Each legal life of a row of `{table}` can be lived.");
            let judgement = lives(arena, object, state)?;
            add("lives", statement, judgement);
            let statement =
                format!("`{table}.{name}` takes only the steps that the documents allow.");
            let judgement = steps(arena, object, state)?;
            add("steps", statement, judgement);
        }
    }
    Ok(())
}

/// The life cycles that documents tell.
fn told<'o>(
    arena: &Arena<'_>,
    object: &'o Object<'_>,
) -> impl Iterator<Item = &'o Machine<'o>> + use<'o> {
    let found = arena.sides.found;
    let is_told = |machine: &&Machine<'_>| {
        !found.contains_key(&(object.ours.clone(), machine.design.column.clone()))
    };
    let told: Vec<&Machine<'_>> = object.shape.machines.iter().filter(is_told).collect();
    told.into_iter()
}

/// How rows of a life cycle are born, and what says so.
#[derive(Debug)]
struct Birth {
    /// Whether a document says in which state.
    is_stated: bool,
    /// Whether no step leads to that state, and one to each other.
    is_only_root: bool,
    judgement: Judgement,
}

/// The births of all life cycles of which a first state is known and has a column, in order.
fn births(arena: &mut Arena<'_>, all: &[Object<'_>]) -> Result<Vec<Birth>, SessionError> {
    let mut births = Vec::new();
    for object in all {
        let design = arena.sides.physical.tables.of(&object.ours);
        let entity = design.and_then(|it| arena.sides.logical.relation(it.relation).entity);
        for machine in told(arena, object) {
            let Some(Place::Column(_)) = object.place(machine.column) else { continue };
            let Some(initial) = &machine.design.initial else { continue };
            let is_stated = arena.sides.model.lifecycles.iter().any(|it| {
                it.initial_stated
                    && Some(it.entity) == entity
                    && it.initial.as_ref() == Some(initial)
            });
            let is_led_to = |state: &String| {
                machine.design.transitions.iter().any(|(_, to)| to.contains(state))
            };
            let states = machine.design.states.iter();
            let is_only_root = states.clone().all(|state| is_led_to(state) != (state == initial));
            let judgement = birth(arena, object, machine.column, initial)?;
            births.push(Birth { is_stated, is_only_root, judgement });
        }
    }
    Ok(births)
}

fn birth(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    state: usize,
    initial: &str,
) -> Result<Judgement, SessionError> {
    let Some(Place::Column(column)) = object.place(state) else {
        return Ok(Judgement::Untried("the state has no column".to_owned()));
    };
    let machine = object.shape.machine(state).expect("invariant: the caller found it");
    arena.within(|arena| {
        if let Err(reason) = arena.born(object, &[], &mut World::default())? {
            return Ok(Judgement::Untried(reason));
        }
        let mut refused = 0;
        for other in machine.states.iter().filter(|it| *it != initial) {
            for full in [false, true] {
                let wish = crate::row::Wish {
                    values: [(state, Value::Text(other.clone()))].into(),
                    filled: if full {
                        (0..object.shape.table.columns.len())
                            .filter(|&at| !object.refers(at))
                            .collect()
                    } else {
                        Vec::new()
                    },
                    free_state: true,
                    ..crate::row::Wish::default()
                };
                let Ok(plan) = arena.planner.plan(&object.ours, &wish, &[]) else { continue };
                let row = plan.rows.last().expect("a plan ends with its row").values.clone();
                let wanted = arena.encode(
                    &object.ours,
                    state,
                    object.table,
                    column,
                    &Value::Text(other.clone()),
                )?;
                let want = Want { row: Some(row), ..Want::default() };
                let came = arena.within(|arena| {
                    arena.write(&object.table.name, &want, &mut World::default(), 0)
                })?;
                match came {
                    Ok(Came::Row(row)) if super::holds(&row, column, &wanted) => {
                        return Ok(Judgement::Broken(format!("a row was born `{other}`")));
                    }
                    Ok(Came::Refused(_)) => refused += 1,
                    Ok(Came::Row(_) | Came::Nothing) | Err(_) => {}
                }
            }
        }
        Ok(Judgement::Held { refused, accepted: 1 })
    })
}

/// Whether a refusal is one of the step itself: by a constraint, or in words that name a state or speak of states.
fn speaks_of_step(error: &ServerError, from: &str, to: &str) -> bool {
    const WORDS: &[&str] = &[
        "transition",
        "status",
        "state",
        "step",
        "change",
        "lifecycle",
        "life cycle",
        "immutable",
    ];
    let said = error.message.to_lowercase();
    error.constraint.is_some()
        || [from, to].iter().any(|state| said.contains(&state.to_lowercase()))
        || WORDS.iter().any(|word| said.contains(word))
}

/// Every allowed step is taken once, from a row that came to it by allowed steps.
fn lives(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    state: usize,
) -> Result<Judgement, SessionError> {
    let machine = object.shape.machine(state).expect("invariant: the caller found it");
    let births = birth_states(object, state);
    if births.is_empty() {
        return Ok(Judgement::Untried("no document says how a row is born".to_owned()));
    }
    let mut accepted = 0;
    let mut untried = None;
    // States that were come to, and refusals on another way there.
    let mut reached: Vec<&String> = Vec::new();
    let mut doubtful: Vec<(&String, String)> = Vec::new();
    for (from, all) in &machine.transitions {
        if births.iter().all(|born| path(machine, born, from).is_none()) {
            continue;
        }
        for to in all {
            let came = arena.within(|arena| {
                let living = match arena.lived(object, state, from, &mut World::default())? {
                    Ok(living) => living,
                    Err(reason) => return Ok(Err(reason)),
                };
                Ok(Ok(arena.step_in_company(object, state, &living, to)?))
            })?;
            match came {
                Ok(Step::Taken(_)) => {
                    accepted += 1;
                    reached.push(to);
                }
                Ok(Step::Refused(error)) if is_conditional(arena, object, to) => {
                    if asks_for_values(arena, object, from, to) {
                        let why = error.map_or_else(
                            || "left the state as it was".to_owned(),
                            |error| format!("was refused: {error}"),
                        );
                        doubtful.push((to, format!("the step from `{from}` to `{to}` {why}")));
                    }
                    untried.get_or_insert(format!(
                        "a rule that is not understood speaks of the step from `{from}` to `{to}`"
                    ));
                }
                // A reference of the scene's own row was wrong: that says nothing of the step.
                Ok(Step::Refused(Some(error))) if error.sqlstate == "23503" => {
                    untried.get_or_insert(error.to_string());
                }
                // A trigger that speaks of something else asks for rows beside it, by a rule that nobody understood.
                Ok(Step::Refused(Some(error))) if !speaks_of_step(&error, from, to) => {
                    untried.get_or_insert(format!(
                        "a trigger asks for more than the step from `{from}` to `{to}`: {error}"
                    ));
                }
                Ok(Step::Refused(Some(error))) => {
                    return Ok(Judgement::Broken(format!(
                        "the step from `{from}` to `{to}` was refused: {error}"
                    )));
                }
                Ok(Step::Refused(None)) => {
                    return Ok(Judgement::Broken(format!(
                        "the step from `{from}` to `{to}` left the state as it was"
                    )));
                }
                // A way that ends earlier is told at the step at which it ends.
                Err(why) => {
                    untried.get_or_insert(why);
                }
            }
        }
    }
    // What a state asks of a row was given on one way to it, and is not what bars the other.
    if let Some((_, seen)) = doubtful.into_iter().find(|(to, _)| reached.contains(to)) {
        return Ok(Judgement::Broken(seen));
    }
    Ok(match untried {
        Some(why) => Judgement::Untried(why),
        None if accepted == 0 => Judgement::Untried("the documents allow no step".to_owned()),
        None => Judgement::Held { refused: 0, accepted },
    })
}

/// Whether a rule of which only the words are known speaks of a state: it may say when the state cannot
/// be come to.
fn is_conditional(arena: &Arena<'_>, object: &Object<'_>, to: &str) -> bool {
    conditions(arena, object, to).next().is_some()
}

/// The rules of which only the words are known that speak of a state.
fn conditions<'a>(
    arena: &Arena<'a>,
    object: &Object<'_>,
    to: &str,
) -> impl Iterator<Item = &'a Rule> {
    let model = arena.sides.model;
    let to = to.to_owned();
    // What never changes bars no step.
    unread(arena, object)
        .filter(|rule| permanence(model, rule.entity, rule.field, &rule.text).is_none())
        .filter(move |rule| names_state(&rule.text, &to))
}

/// Whether a text has all words of a state, however they end.
fn names_state(text: &str, state: &str) -> bool {
    let stem = |word: &str| word.chars().take(6).collect::<String>();
    let said: Vec<String> = words(text).iter().map(|word| stem(word)).collect();
    words(state).iter().all(|word| said.contains(&stem(word)))
}

/// Whether all that is said of a state is what its rows must hold, and nothing of when or from where it is
/// come to.
fn asks_for_values(arena: &Arena<'_>, object: &Object<'_>, from: &str, to: &str) -> bool {
    const WAYS: &[&str] = &[
        "only", "unless", "except", "after", "before", "until", "within", "once", "if", "by",
        "from", "when", "while", "without", "already", "directly", "again",
    ];
    conditions(arena, object, to).all(|rule| {
        let said = words(&rule.text);
        let says = |list: &[&str]| said.iter().any(|word| list.contains(&word.as_str()));
        says(&["have", "has", "need", "require", "carry", "hold"])
            && !says(WAYS)
            && !names_state(&rule.text, from)
    })
}

fn steps(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    state: usize,
) -> Result<Judgement, SessionError> {
    let machine = object.shape.machine(state).expect("invariant: the caller found it");
    let Some(Place::Column(column)) = object.place(state) else {
        return Ok(Judgement::Untried("the state has no column".to_owned()));
    };
    if birth_states(object, state).is_empty() {
        return Ok(Judgement::Untried("no document says how a row is born".to_owned()));
    }
    if arena.goes_further(object, state)? {
        // Where steps are missing, others may be missing that rows may take.
        return Ok(Judgement::Untried(
            "the steps that the documents are understood to tell do not lead to all states"
                .to_owned(),
        ));
    }
    let (mut refused, mut accepted) = (0, 0);
    let mut reason = None;
    for from in &machine.states {
        let seen = arena.within(|arena| {
            let living = match arena.lived(object, state, from, &mut World::default())? {
                Ok(living) => living,
                Err(why) => {
                    reason.get_or_insert(why);
                    return Ok(None);
                }
            };
            accepted += 1;
            for to in machine.states.iter().filter(|to| *to != from) {
                let is_allowed =
                    machine.transitions.iter().any(|(it, all)| it == from && all.contains(to));
                if is_allowed {
                    continue;
                }
                match arena.within(|arena| arena.step(object, state, &living, to))? {
                    Step::Taken(_) => {
                        return Ok(Some(format!("a row went from `{from}` to `{to}`")));
                    }
                    Step::Refused(_) => refused += 1,
                }
            }
            let came = arena.within(|arena| {
                arena.update(&object.table.name, &living.stored, &[(column, Cell::Null)])
            })?;
            if matches!(came, Came::Row(row) if row[column].is_none()) {
                return Ok(Some(format!("a row went from `{from}` to no state at all (NULL)")));
            }
            Ok(None)
        })?;
        if let Some(seen) = seen {
            return Ok(Judgement::Broken(seen));
        }
    }
    Ok(if accepted == 0 {
        Judgement::Untried(reason.unwrap_or_default())
    } else {
        Judgement::Held { refused, accepted }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_refusal_speaks_of() {
        let refused = |message: &str, constraint: Option<&str>| {
            let error = ServerError {
                sqlstate: "23514".to_owned(),
                condition: None,
                message: message.to_owned(),
                detail: None,
                hint: None,
                schema: None,
                table: None,
                column: None,
                datatype: None,
                constraint: constraint.map(str::to_owned),
                position: None,
                context: None,
            };
            speaks_of_step(&error, "draft", "sent")
        };
        assert!(refused("a letter in draft stays there", None));
        assert!(refused("illegal transition", None));
        assert!(refused("a row is wrong", Some("letters_stamp_check")));
        assert!(!refused("not all pages are signed", None));
    }
}
