//! A number that a row keeps of others, where documents say that it is always right: "`seats_taken` of a show always equals the
//! number of its tickets", "the total of an order is always the sum of its lines". Where the schema keeps it by itself, so
//! that it rises with the first rows, it must be right after each way by which what is counted changes: a row that comes to
//! another owner, that weighs more, that counts no longer, or that goes, and where somebody writes the number. A schema that
//! leaves it to whoever writes is not judged.

use underpin_claim::Family;
use underpin_model::{Comparison, Expression};
use underpin_server::SessionError;

use super::freed::is_freed;
use super::objects;
use super::together::{Bound, Counted, Limit, count, resolve, to_owner};
use crate::foreign::arena::{Arena, Came, Cell, Stored};
use crate::foreign::life::Living;
use crate::foreign::mapping::Place;
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::{Want, World};
use crate::value::{Decimal, Value};

/// What rows weigh that are added up.
const WEIGHTS: [[i64; 2]; 3] = [[2, 3], [20, 30], [200, 300]];

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    report: &mut Report,
) -> Result<(), SessionError> {
    let all = objects(arena);
    for rule in &arena.sides.model.rules {
        let Some(expression) = &rule.expression else { continue };
        let Expression::Together { comparison: Comparison::Equal, .. } = expression else {
            continue;
        };
        let Some(bound) = resolve(arena, &all, expression) else { continue };
        let Some(column) = kept_in(&bound) else { continue };
        let owner = bound.owner.table;
        let name = owner.columns[column].name.as_str();
        let (table, text) = (owner.name.name.as_str(), rule.text.trim());
        let statement = format!("`{table}.{name}` is right after each change: {text}");
        let is_always = text.to_lowercase().contains("always");
        let judgement = arena.within(|arena| attack(arena, &bound, column, is_always))?;
        report.add(Family::Check, &owner.name, name, "total", statement, judgement);
    }
    Ok(())
}

/// The owner's column there that holds the number.
fn kept_in(bound: &Bound<'_, '_>) -> Option<usize> {
    let Limit::Column(at) = bound.limit else { return None };
    match bound.owner.place(at)? {
        Place::Column(column) => Some(column),
        Place::Lower(_) | Place::Upper(_) => None,
    }
}

/// An owner of which the number is nothing yet, and the world around its rows.
fn owner(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    world: &World,
) -> Result<Result<(Stored, World), String>, SessionError> {
    let table = &bound.owner.table.name;
    let mut around = world.clone();
    let mut want = Want::default();
    if let Limit::Column(at) = bound.limit {
        want.values.insert(at, Value::integer(0));
    }
    let made = match arena.make(table, &want, &mut around)? {
        Ok(made) => made,
        Err(reason) => return Ok(Err(reason)),
    };
    around.rows.insert(table.clone(), made.clone());
    let around = around.narrowed(arena.sides.ground, std::slice::from_ref(table));
    Ok(Ok((made, around)))
}

/// The number that an owner keeps now.
fn number(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    owner: &Stored,
    column: usize,
) -> Result<Option<Decimal>, SessionError> {
    let now = arena.look(&bound.owner.table.name, owner)?;
    Ok(now.and_then(|row| row[column].as_deref().and_then(Decimal::parse)))
}

/// Rows of an owner that count, with what each weighs.
fn filled(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    world: &World,
) -> Result<Result<Vec<(Living, Decimal)>, String>, SessionError> {
    let ones = [[1, 1]];
    let tried: &[[i64; 2]] = if bound.amount.is_some() { &WEIGHTS } else { &ones };
    let mut reason = "no row was let in".to_owned();
    for weights in tried {
        let mark = arena.mark()?;
        let mut there = Vec::new();
        for weight in weights.map(Decimal::from) {
            match count(arena, bound, weight, world)? {
                Ok(Counted::Yes(living)) => there.push((*living, weight)),
                Ok(Counted::Refused(error)) => {
                    reason = error.map_or_else(|| reason.clone(), |error| error.to_string());
                }
                Err(why) => reason = why,
            }
        }
        if there.len() == weights.len() {
            arena.keep(mark)?;
            return Ok(Ok(there));
        }
        arena.take_back(mark)?;
    }
    Ok(Err(reason))
}

fn attack(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    column: usize,
    is_always: bool,
) -> Result<Judgement, SessionError> {
    let (row, world) = match owner(arena, bound, &World::default())? {
        Ok(made) => made,
        Err(reason) => return Ok(Judgement::Untried(reason)),
    };
    let there = match filled(arena, bound, &world)? {
        Ok(there) => there,
        Err(reason) => return Ok(Judgement::Untried(reason)),
    };
    let all = sum(there.iter().map(|(_, weight)| *weight));
    let Some(now) = number(arena, bound, &row, column)? else {
        return Ok(Judgement::Untried("the number is not there".to_owned()));
    };
    if now == Decimal::from(0) {
        return Ok(Judgement::Untried("the schema leaves it to whoever writes".to_owned()));
    }
    let wrong = |how: &str, now: Decimal, right: Decimal| {
        Judgement::Broken(format!("{how} the number is {now}, where {right} would be right"))
    };
    if now != all {
        return Ok(wrong("after two rows", now, all));
    }
    let (last, weight) = there.last().expect("invariant: rows of two weights");
    let rest = sum(there[..there.len() - 1].iter().map(|(_, weight)| *weight));
    let mut tried = 1;
    for way in [Way::Deleted, Way::Uncounted, Way::Moved, Way::Heavier, Way::Written] {
        if way == Way::Written && !is_always {
            continue;
        }
        let more = all.plus(Decimal::from(1)).unwrap_or(all);
        let right = match way {
            Way::Deleted | Way::Uncounted | Way::Moved => rest,
            Way::Heavier => more,
            Way::Written => all,
        };
        let seen = arena.within(|arena| {
            let done = match way {
                Way::Deleted => arena.delete(&bound.object.table.name, &last.stored)?.is_none(),
                Way::Uncounted => match &bound.condition {
                    Some(condition) => is_freed(arena, bound, condition, last)?,
                    None => false,
                },
                Way::Moved => {
                    let came = moved(arena, bound, last, &world, column)?;
                    match came {
                        None => false,
                        Some(there) if there != *weight => return Ok(Some((there, *weight))),
                        Some(_) => true,
                    }
                }
                Way::Heavier => is_heavier(arena, bound, last, *weight)?,
                Way::Written => {
                    let cell = Cell::Text(more.to_string());
                    let table = &bound.owner.table.name;
                    matches!(arena.update(table, &row, &[(column, cell)])?, Came::Row(_))
                }
            };
            if !done {
                return Ok(None);
            }
            Ok(number(arena, bound, &row, column)?.map(|now| (now, right)))
        })?;
        let Some((now, right)) = seen else { continue };
        if now != right {
            return Ok(wrong(way.told(), now, right));
        }
        tried += 1;
    }
    Ok(Judgement::Held { refused: 0, accepted: tried })
}

/// A way by which what is counted changes, or the number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Deleted,
    Uncounted,
    Moved,
    Heavier,
    Written,
}

impl Way {
    fn told(self) -> &'static str {
        match self {
            Self::Deleted => "after the deletion of a row",
            Self::Uncounted => "after a row that counts no longer",
            Self::Moved => "after a row came to another",
            Self::Heavier => "after a row weighs more",
            Self::Written => "after an UPDATE of the number itself",
        }
    }
}

fn sum(weights: impl Iterator<Item = Decimal>) -> Decimal {
    weights.fold(Decimal::from(0), |sum, weight| sum.plus(weight).unwrap_or(sum))
}

/// The number of another owner that a row came to; nothing where it was not let there.
fn moved(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    last: &Living,
    world: &World,
    column: usize,
) -> Result<Option<Decimal>, SessionError> {
    let mut around = world.clone();
    around.rows.remove(&bound.owner.table.name);
    let Ok((other, _)) = owner(arena, bound, &around)? else { return Ok(None) };
    let set = to_owner(arena, bound, &other);
    let came = arena.update(&bound.object.table.name, &last.stored, &set)?;
    match came {
        Came::Row(now) if now[bound.column] != last.stored[bound.column] => {
            number(arena, bound, &other, column)
        }
        Came::Row(_) | Came::Refused(_) | Came::Nothing => Ok(None),
    }
}

/// Whether a row was made to weigh one more.
fn is_heavier(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    last: &Living,
    weight: Decimal,
) -> Result<bool, SessionError> {
    let Some(at) = bound.amount else { return Ok(false) };
    let Some(more) = weight.plus(Decimal::from(1)) else { return Ok(false) };
    let mut after = last.meant.clone();
    after[at] = Value::Number(more);
    let cells = arena.differences(bound.object, last, &after)?;
    let set: Vec<(usize, Cell)> = cells.into_iter().collect();
    let came = arena.update(&bound.object.table.name, &last.stored, &set)?;
    let column = bound.object.place(at).map(Place::column);
    Ok(matches!(came, Came::Row(now) if !set.is_empty()
        && column.is_some_and(|it| now[it].as_deref().and_then(Decimal::parse) == Some(more))))
}
