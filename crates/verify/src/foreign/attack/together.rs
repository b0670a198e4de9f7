//! What the rows of one other come to, counted or added up: "a workshop has at most 12 registrations", "the
//! refunds of a payment never exceed its amount". So much is let in and no more: not by INSERT, not by an UPDATE
//! that makes a row weigh more, brings it over or lets it count, not by a bound that sinks below what is there,
//! and not by two sessions at once (`together_race`).

use underpin_claim::Family;
use underpin_model::{Comparison, Expression, FieldId, Literal};
use underpin_pg::QualifiedName;
use underpin_server::{ServerError, SessionError};

use super::counted_states::one_more_beside;
use super::freed::still_taken;
use super::together_race::raced;
use super::{Belonging, Object, holds, objects};
use crate::foreign::arena::{Arena, Came, Cell, Stored};
use crate::foreign::ground::{keys_of, position};
use crate::foreign::life::{Living, Step, birth_state};
use crate::foreign::mapping::Place;
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::{Want, World};
use crate::rule::{Goal, Term, mentioned, truth};
use crate::value::{Decimal, Value};

/// More rows take too long to be made.
const MOST: i64 = 100;

/// A rule about several rows, found again in the schema.
pub(super) struct Bound<'o, 'a> {
    pub(super) object: &'o Object<'a>,
    /// The column that refers to the owner.
    pub(super) column: usize,
    pub(super) owner: &'o Object<'a>,
    /// What each row weighs: a column of our own design; one where it is `None`.
    pub(super) amount: Option<usize>,
    pub(super) is_strict: bool,
    pub(super) limit: Limit,
    /// Which rows count, over columns of our own design.
    pub(super) condition: Option<Term>,
}

/// What the rows may come to.
pub(super) enum Limit {
    Number(Decimal),
    /// What a column of our own design of the owner holds.
    Column(usize),
}

/// A scene: an owner, and what its rows may come to.
pub(super) struct Scene {
    pub(super) owner: Stored,
    pub(super) world: World,
    pub(super) limit: Decimal,
}

/// What came of a row that was to count.
pub(super) enum Counted {
    Yes(Box<Living>),
    Refused(Option<Box<ServerError>>),
}

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    report: &mut Report,
) -> Result<(), SessionError> {
    let all = objects(arena);
    for rule in &arena.sides.model.rules {
        let Some(expression @ Expression::Together { comparison, .. }) = &rule.expression else {
            continue;
        };
        if !matches!(comparison, Comparison::LessOrEqual | Comparison::Less) {
            continue;
        }
        let Some(bound) = resolve(arena, &all, expression) else { continue };
        let table = &bound.object.table.name;
        let name = bound.object.table.columns[bound.column].name.as_str();
        let statement = format!(
            "The rows of `{}` that share `{name}` keep: {}",
            table.name.as_str(),
            rule.text.trim()
        );
        let mut judgement = arena.within(|arena| attack(arena, &bound))?;
        if matches!(judgement, Judgement::Held { .. }) && raced(arena, &bound)? {
            judgement =
                Judgement::Broken("two sessions at once brought in more than allowed".to_owned());
        }
        let aspect = if bound.amount.is_some() { "sum" } else { "limit" };
        report.add(Family::Check, table, name, aspect, statement, judgement);
    }
    Ok(())
}

/// A rule about several rows, where the schema has all that it speaks of.
pub(super) fn resolve<'o, 'a>(
    arena: &Arena<'a>,
    all: &'o [Object<'a>],
    expression: &Expression<FieldId>,
) -> Option<Bound<'o, 'a>> {
    let Expression::Together { by, amount, comparison, bound, condition } = expression else {
        return None;
    };
    let [by] = by[..] else { return None };
    let is_strict = *comparison == Comparison::Less;
    let Belonging { rows: object, owner, place } = Belonging::by(arena.sides, all, by)?;
    let amount = match amount.as_deref() {
        None => None,
        Some(Expression::Field(field)) => {
            let at = object.column_of(arena.sides, *field)?;
            object.place(at)?;
            Some(at)
        }
        Some(_) => return None,
    };
    let limit = match &**bound {
        Expression::Literal(Literal::Integer(number)) => Limit::Number(Decimal::from(*number)),
        Expression::Literal(Literal::Decimal(digits)) => Limit::Number(Decimal::parse(digits)?),
        Expression::Field(field) => {
            let at = owner.column_of(arena.sides, *field)?;
            owner.place(at)?;
            Limit::Column(at)
        }
        _ => return None,
    };
    let condition = match condition {
        Some(condition) => {
            Some(condition.try_map(&mut |field| object.column_of(arena.sides, *field))?)
        }
        None => None,
    };
    Some(Bound { object, column: place, owner, amount, is_strict, limit, condition })
}

/// An owner without rows, and what they may come to.
pub(super) fn scene(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    world: &mut World,
) -> Result<Result<Scene, String>, SessionError> {
    let table = &bound.owner.table.name;
    let mut reason = String::new();
    let tried: &[i64] = if bound.amount.is_some() { &[100, 1000, 10] } else { &[3, 2, 5, 10] };
    for number in tried {
        let mut want = Want::default();
        if let Limit::Column(at) = bound.limit {
            want.values.insert(at, Value::integer(*number));
        }
        let mut around = world.clone();
        let owner = match arena.make(table, &want, &mut around)? {
            Ok(owner) => owner,
            Err(why) => {
                reason = why;
                continue;
            }
        };
        let limit = match bound.limit {
            Limit::Number(limit) => limit,
            Limit::Column(at) => {
                let place = bound.owner.place(at).map(Place::column);
                let stored = place.and_then(|at| owner[at].as_deref()).and_then(Decimal::parse);
                let Some(limit) = stored.filter(|it| *it == Decimal::from(*number)) else {
                    "the bound was stored as something else".clone_into(&mut reason);
                    continue;
                };
                limit
            }
        };
        around.rows.insert(table.clone(), owner.clone());
        let around = around.narrowed(arena.sides.ground, std::slice::from_ref(table));
        *world = around.clone();
        return Ok(Ok(Scene { owner, world: around, limit }));
    }
    Ok(Err(reason))
}

/// What rows weigh that together come to all that is allowed, and what one more weighs.
pub(super) fn weights(bound: &Bound<'_, '_>, limit: Decimal) -> Option<(Vec<Decimal>, Decimal)> {
    let one = Decimal::from(1);
    if let Some(amount) = bound.amount {
        let tenth = limit.times(Decimal::parse("0.1")?)?;
        let part = |tenths: i64| tenth.times(Decimal::from(tenths));
        let rest = if bound.is_strict { part(3)? } else { part(4)? };
        let two = vec![part(6)?, rest];
        if two.iter().all(|&it| may_weigh(bound, amount, it)) {
            return Some((two, part(1)?));
        }
        // One row may not weigh so much: more rows of less.
        return [10_u8, 20, 50].into_iter().find_map(|number| {
            let share = limit.over(Decimal::from(i64::from(number)))?;
            let left_out = usize::from(bound.is_strict);
            may_weigh(bound, amount, share)
                .then(|| (vec![share; usize::from(number) - left_out], share))
        });
    }
    let number = limit.whole()? - i64::from(bound.is_strict);
    (0..=MOST).contains(&number).then(|| (vec![one; usize::try_from(number).unwrap_or(0)], one))
}

/// Whether the documents let one row weigh so much.
fn may_weigh(bound: &Bound<'_, '_>, amount: usize, weight: Decimal) -> bool {
    let shape = bound.object.shape;
    let mut row = vec![Value::Null; shape.table.columns.len()];
    row[amount] = Value::Number(weight);
    let mut terms = shape.rules.iter().filter_map(|rule| rule.term.as_ref());
    !terms.any(|term| truth(term, &row) == Some(false))
}

/// The column of the state on which it depends whether a row counts, where no row is born so, and the steps
/// by which a row comes to count.
pub(super) fn steps_to_count(bound: &Bound<'_, '_>) -> Option<(usize, Vec<(String, String)>)> {
    let object = bound.object;
    let condition = bound.condition.as_ref()?;
    let read = condition.fields();
    let state = object.shape.machines.iter().map(|it| it.column).find(|at| read.contains(at))?;
    let machine = object.shape.machine(state).expect("invariant: just found");
    let counts = |name: &str| counts_in(bound, state, name);
    if birth_state(object, state).as_deref().is_some_and(counts) {
        return None;
    }
    let ways = machine.transitions.iter().flat_map(|(from, all)| {
        all.iter().filter(|to| counts(to) && !counts(from)).map(move |to| (from, to))
    });
    Some((state, ways.map(|(from, to)| (from.clone(), to.clone())).collect()))
}

/// Whether a row counts in a state, as far as the state tells.
pub(super) fn counts_in(bound: &Bound<'_, '_>, state: usize, name: &str) -> bool {
    let mut row = vec![Value::Null; bound.object.shape.table.columns.len()];
    row[state] = Value::Text(name.to_owned());
    bound.condition.as_ref().is_some_and(|condition| truth(condition, &row) == Some(true))
}

/// A row of the owner that counts: born so, or come to it by the shortest way.
pub(super) fn count(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    weight: Decimal,
    world: &World,
) -> Result<Result<Counted, String>, SessionError> {
    let object = bound.object;
    let mut world = world.clone();
    let mut values: Vec<(usize, Value)> =
        bound.amount.iter().map(|&at| (at, Value::Number(weight))).collect();
    if let Some((state, ways)) = steps_to_count(bound) {
        let mut why = "no way leads to a state that counts".to_owned();
        for (from, to) in ways {
            let mut around = world.clone();
            match arena.lived_with(object, state, &from, &values, &mut around)? {
                Ok(living) => {
                    return Ok(Ok(match arena.step(object, state, &living, &to)? {
                        Step::Taken(now) => Counted::Yes(Box::new(now)),
                        Step::Refused(error) => Counted::Refused(error),
                    }));
                }
                Err(reason) => why = reason,
            }
        }
        return Ok(Err(why));
    }
    let read = bound.condition.as_ref().map(Term::fields).unwrap_or_default();
    if let Some(state) =
        object.shape.machines.iter().map(|it| it.column).find(|at| read.contains(at))
    {
        values.extend(birth_state(object, state).map(|born| (state, Value::Text(born))));
    }
    let goals = bound.condition.iter().map(|rule| Goal { rule, kept: true }).collect();
    let wish = crate::row::Wish {
        values: values.into_iter().collect(),
        goals,
        ..crate::row::Wish::default()
    };
    let meant = match arena.planner.plan(&object.ours, &wish, &[]) {
        Ok(plan) => plan.rows.last().expect("a plan ends with its row").values.clone(),
        Err(reason) => return Ok(Err(reason)),
    };
    let mut want = Want { row: Some(meant.clone()), ..Want::default() };
    want.linked.insert(bound.column);
    if let Err(reason) = arena.is_ready(&object.table.name)? {
        return Ok(Err(reason));
    }
    let came = arena.write(&object.table.name, &want, &mut world, 0)?;
    // What the schema asks for besides, such as another value beside a listed one, more values give.
    let came = match came {
        Ok(Came::Refused(error)) if is_of_other_check(object, bound, &error) => {
            let full = crate::row::Wish { filled: object.values(), ..wish };
            match arena.planner.plan(&object.ours, &full, &[]) {
                Ok(plan) => {
                    let row = plan.rows.last().expect("a plan ends with its row").values.clone();
                    want.row = Some(row);
                    arena.write(&object.table.name, &want, &mut world, 0)?
                }
                Err(_) => Ok(Came::Refused(error)),
            }
        }
        came => came,
    };
    Ok(match came {
        Ok(Came::Row(stored)) => Ok(Counted::Yes(Box::new(Living { stored, meant, world }))),
        Ok(Came::Refused(error)) => Ok(Counted::Refused(Some(error))),
        Ok(Came::Nothing) => Ok(Counted::Refused(None)),
        Err(reason) => Err(reason),
    })
}

/// Whether a CHECK refused that does not read what is added up: it asks for something else.
fn is_of_other_check(object: &Object<'_>, bound: &Bound<'_, '_>, error: &ServerError) -> bool {
    let amount = bound.amount.and_then(|at| object.place(at)).map(Place::column);
    object.table.checks.iter().any(|check| {
        error.constraint.as_deref() == Some(check.name.as_str())
            && amount.is_none_or(|at| !mentioned(object.table, &check.expression).contains(&at))
    })
}

/// Whether a refusal can be one of a rule about several rows.
pub(super) fn is_of_rule(error: &ServerError) -> bool {
    error.sqlstate.starts_with('P') || error.sqlstate == "23514"
}

fn attack(arena: &mut Arena<'_>, bound: &Bound<'_, '_>) -> Result<Judgement, SessionError> {
    let mut world = World::default();
    let scene = match scene(arena, bound, &mut world)? {
        Ok(scene) => scene,
        Err(reason) => return Ok(Judgement::Untried(reason)),
    };
    let Some((fill, more)) = weights(bound, scene.limit) else {
        return Ok(Judgement::Untried("so many rows are not tried".to_owned()));
    };
    let mut there: Vec<Living> = Vec::new();
    for weight in &fill {
        match count(arena, bound, *weight, &scene.world)? {
            Ok(Counted::Yes(living)) => there.push(*living),
            Ok(Counted::Refused(error)) => {
                let control = arena.within(|arena| {
                    let mut world = World::default();
                    let Ok(alone) = self::scene(arena, bound, &mut world)? else {
                        return Ok(false);
                    };
                    let came = count(arena, bound, *weight, &alone.world)?;
                    Ok(matches!(came, Ok(Counted::Yes(_))))
                })?;
                let shown = error.as_ref().map_or_else(String::new, ToString::to_string);
                let is_judged = error.is_some_and(|error| is_of_rule(&error));
                return Ok(if control && is_judged && !there.is_empty() {
                    Judgement::Broken(format!(
                        "row {} of those that the documents allow was refused: {shown}",
                        there.len() + 1
                    ))
                } else {
                    Judgement::Untried(format!("row {} was refused: {shown}", there.len() + 1))
                });
            }
            Err(reason) => return Ok(Judgement::Untried(reason)),
        }
    }
    let further = arena.within(|arena| count(arena, bound, more, &scene.world))?;
    let refusal = match further {
        Ok(Counted::Yes(_)) => {
            return Ok(Judgement::Broken(format!(
                "beside {} rows that come to all that is allowed, another was let in",
                there.len()
            )));
        }
        Ok(Counted::Refused(error)) => error,
        Err(reason) if reason.contains("[23514") || reason.contains("[P0") => None,
        Err(reason) => return Ok(Judgement::Untried(reason)),
    };
    if let Some(refusal) = refusal {
        if let Some(broken) = still_taken(arena, bound, &scene, &there, more, &refusal)? {
            return Ok(broken);
        }
    }
    if let Some(broken) = by_update(arena, bound, &scene, &there, more)? {
        return Ok(broken);
    }
    if let Some(broken) = one_more_beside(arena, bound)? {
        return Ok(broken);
    }
    Ok(Judgement::Held { refused: 2, accepted: i64::try_from(there.len()).unwrap_or(i64::MAX) })
}

fn by_update(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    scene: &Scene,
    there: &[Living],
    more: Decimal,
) -> Result<Option<Judgement>, SessionError> {
    let object = bound.object;
    let table = &object.table.name;
    let broken = |how: &str| Some(Judgement::Broken(format!("an UPDATE {how}")));
    // A row weighs more than before.
    if let (Some(at), Some(last)) = (bound.amount, there.last()) {
        let mut after = last.meant.clone();
        if let Value::Number(before) = &last.meant[at] {
            after[at] = before.plus(more).map_or(Value::Null, Value::Number);
            let cells = arena.differences(object, last, &after)?;
            let set: Vec<(usize, Cell)> = cells.into_iter().collect();
            let came = arena.within(|arena| arena.update(table, &last.stored, &set))?;
            if let (Came::Row(now), [(column, cell)]) = (came, &set[..]) {
                if is_amount(&now, *column, cell) {
                    return Ok(broken("made a row weigh more than is left"));
                }
            }
        }
    }
    // A row of another owner is brought over.
    let set = to_owner(arena, bound, &scene.owner);
    let brought = arena.within(|arena| {
        // Of the same tenant and whatever else the owner refers to, so that nothing else keeps it there;
        // where a key lets no second owner in beside the first, of another.
        let mut around = scene.world.clone();
        around.rows.remove(&bound.owner.table.name);
        let mut other = self::scene(arena, bound, &mut around)?;
        if other.is_err() {
            other = self::scene(arena, bound, &mut World::default())?;
        }
        let Ok(other) = other else { return Ok(false) };
        let Ok(Counted::Yes(row)) = count(arena, bound, more, &other.world)? else {
            return Ok(false);
        };
        let mut set = set;
        set.extend(new_in_keys(arena, bound)?);
        let came = arena.update(table, &row.stored, &set)?;
        Ok(matches!(came, Came::Row(now) if now[bound.column] != row.stored[bound.column]
            && set.iter().all(|(at, cell)| holds(&now, *at, cell))))
    })?;
    if brought {
        return Ok(broken("brought a row of another over"));
    }
    if is_revived(arena, bound, scene, more)? {
        return Ok(broken("let a row count that did not"));
    }
    // The bound sinks.
    if let Limit::Column(at) = bound.limit {
        let Some(Place::Column(column)) = bound.owner.place(at) else { return Ok(None) };
        let Some(lower) = scene.limit.minus(more) else { return Ok(None) };
        let cell = Cell::Text(lower.to_string());
        let set = [(column, cell.clone())];
        let owner = &bound.owner.table.name;
        let came = arena.within(|arena| arena.update(owner, &scene.owner, &set))?;
        if matches!(came, Came::Row(now) if is_amount(&now, column, &cell)) {
            return Ok(broken("lowered the bound below what is there"));
        }
        // What the bound is made up of sinks with it.
        let lowered = arena.within(|arena| {
            let meant = arena.understood(bound.owner, &scene.owner)?;
            let values = [(at, Value::Number(lower))];
            let Ok(after) = arena.planner.change(&bound.owner.ours, &meant, &values) else {
                return Ok(false);
            };
            let stored = scene.owner.clone();
            let living = Living { stored, meant, world: scene.world.clone() };
            let cells = arena.differences(bound.owner, &living, &after)?;
            let set: Vec<(usize, Cell)> = cells.into_iter().collect();
            let came = arena.update(owner, &scene.owner, &set)?;
            Ok(matches!(came, Came::Row(now) if is_amount(&now, column, &cell)))
        })?;
        if lowered {
            return Ok(broken("lowered the bound below what is there"));
        }
    }
    Ok(None)
}

/// Whether a row that does not count is made to by one UPDATE.
fn is_revived(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    scene: &Scene,
    more: Decimal,
) -> Result<bool, SessionError> {
    let object = bound.object;
    let Some(condition) = &bound.condition else { return Ok(false) };
    let states = object.shape.machines.iter().map(|it| it.column);
    if states.into_iter().any(|at| condition.fields().contains(&at)) {
        // By its steps it was brought to count, or counted from birth on.
        return Ok(false);
    }
    arena.within(|arena| {
        let wish = crate::row::Wish {
            values: bound.amount.iter().map(|&at| (at, Value::Number(more))).collect(),
            goals: vec![Goal { rule: condition, kept: false }],
            ..crate::row::Wish::default()
        };
        let Ok(plan) = arena.planner.plan(&object.ours, &wish, &[]) else { return Ok(false) };
        let meant = plan.rows.last().expect("a plan ends with its row").values.clone();
        let mut want = Want { row: Some(meant.clone()), ..Want::default() };
        want.linked.insert(bound.column);
        let mut world = scene.world.clone();
        let Ok(Came::Row(stored)) = arena.write(&object.table.name, &want, &mut world, 0)? else {
            return Ok(false);
        };
        let wish = crate::row::Wish {
            goals: vec![Goal { rule: condition, kept: true }],
            ..crate::row::Wish::default()
        };
        let Ok(plan) = arena.planner.plan(&object.ours, &wish, &[]) else { return Ok(false) };
        let counting = &plan.rows.last().expect("a plan ends with its row").values;
        let mut after = meant.clone();
        for at in condition.fields() {
            after[at] = counting[at].clone();
        }
        if truth(condition, &after) != Some(true) || truth(condition, &meant) == Some(true) {
            return Ok(false);
        }
        let living = Living { stored, meant, world };
        let cells = arena.differences(object, &living, &after)?;
        let set: Vec<(usize, Cell)> = cells.into_iter().collect();
        let came = arena.update(&object.table.name, &living.stored, &set)?;
        Ok(matches!(came, Came::Row(now) if !set.is_empty()
            && set.iter().all(|(at, cell)| holds(&now, *at, cell))))
    })
}

fn is_amount(row: &Stored, column: usize, cell: &Cell) -> bool {
    let Cell::Text(text) = cell else { return false };
    row[column].as_deref().and_then(Decimal::parse) == Decimal::parse(text)
}

/// Values by which a row that is brought over differs from those that are there, such as its number among
/// them.
fn new_in_keys(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
) -> Result<Vec<(usize, Cell)>, SessionError> {
    let object = bound.object;
    let is_link = |at: usize| object.place(at) == Some(Place::Column(bound.column));
    let mut cells = Vec::new();
    for key in object.shape.keys.iter().filter(|key| key.columns.iter().any(|&at| is_link(at))) {
        for &at in key.columns.iter().filter(|&&at| !object.refers(at)) {
            let Some(Place::Column(column)) = object.place(at) else { continue };
            let value = arena.planner.fresh.value(object.shape, at, &mut arena.planner.dice);
            let cell = arena.encode(&object.ours, at, object.table, column, &value)?;
            cells.push((column, cell));
        }
    }
    Ok(cells)
}

/// What a row is given to belong to the owner: all columns of the key.
pub(super) fn to_owner(
    arena: &Arena<'_>,
    bound: &Bound<'_, '_>,
    owner: &Stored,
) -> Vec<(usize, Cell)> {
    let table: &QualifiedName = &bound.owner.table.name;
    let target = arena.sides.ground.table(table);
    let key = keys_of(bound.object.table, bound.column).find(|key| key.references == *table);
    let Some(key) = key else { return Vec::new() };
    let pairs = key.columns.iter().zip(&key.referenced_columns);
    pairs
        .filter_map(|(own, there)| {
            let value = owner[position(target, there)?].as_ref();
            Some((position(bound.object.table, own)?, Cell::of(value)))
        })
        .collect()
}
