//! Values of rows that documents hold against those of the row that they belong to: "the load of a run never exceeds the
//! capacity of its tank". A row at the boundary is let in, and one beyond it is not: by INSERT, by an UPDATE of its value,
//! by another owner, and by an UPDATE of the owner.

use std::collections::BTreeMap;

use underpin_claim::Family;
use underpin_model::{Across, Comparison, FieldId, NamedEntities};
use underpin_pg::{QualifiedName, Type};
use underpin_server::SessionError;

use super::beside::to_owner;
use super::{Belonging, Object, objects, sentences};
use crate::foreign::arena::{Arena, Came, Cell, Stored};
use crate::foreign::ground::{keys_of, position};
use crate::foreign::mapping::Place;
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::{Want, World};
use crate::rule::truth;
use crate::value::{Decimal, Value, parse_date, parse_timestamp};

const DAY: i64 = 86_400;

/// A sentence, found again in the schema.
struct Bound<'o, 'a> {
    rows: &'o Object<'a>,
    owner: &'o Object<'a>,
    /// The column that refers to the owner.
    link: usize,
    /// The row's column, of our own design and there.
    own: (usize, usize),
    /// The owner's.
    theirs: (usize, usize),
    comparison: Comparison,
}

/// What rows are held to by their owner's values, as valid rows are drafted.
#[derive(Debug, Clone)]
pub(in crate::foreign) struct Tie {
    rows: QualifiedName,
    link: usize,
    /// The row's column, of our own design and there.
    own: (usize, usize),
    theirs: usize,
    comparison: Comparison,
}

/// All such ties of a schema.
pub(in crate::foreign) fn ties(arena: &Arena<'_>) -> Vec<Tie> {
    let all = objects(arena);
    let found = bounds(arena, &all).into_iter().map(|(_, bound)| Tie {
        rows: bound.rows.table.name.clone(),
        link: bound.link,
        own: bound.own,
        theirs: bound.theirs.1,
        comparison: bound.comparison,
    });
    found.collect()
}

/// Owners are given room for the values of their rows, where no rule of their own speaks against it.
pub(in crate::foreign) fn make_room(arena: &mut Arena<'_>) {
    let all = objects(arena);
    let found: Vec<(usize, usize, Value)> = bounds(arena, &all)
        .into_iter()
        .filter_map(|(_, bound)| {
            let at = bound.theirs.0;
            let owner = all.iter().position(|it| it.ours == bound.owner.ours)?;
            let is_most = matches!(bound.comparison, Comparison::LessOrEqual | Comparison::Less);
            let value = roomy(&bound.owner.shape.table.columns[at].data_type, is_most)?;
            Some((owner, at, value))
        })
        .collect();
    for (owner, object) in all.iter().enumerate() {
        let own: Vec<_> = found.iter().filter(|it| it.0 == owner).collect();
        let mut row = vec![Value::Null; object.shape.table.columns.len()];
        for (_, at, value) in &own {
            row[*at] = value.clone();
        }
        let mut terms = object.shape.rules.iter().filter_map(|rule| rule.term.as_ref());
        if terms.any(|term| truth(term, &row) == Some(false)) {
            continue;
        }
        for (_, at, value) in own {
            arena.planner.fresh.advise(&object.ours, *at, value.clone());
        }
    }
}

/// A great value of a type, or a small one.
fn roomy(data_type: &Type, is_most: bool) -> Option<Value> {
    // The beginning of 2000 and of 2100, in days of 1970.
    const DAYS: [i64; 2] = [10_957, 47_482];
    // What a small integer holds.
    const NUMBERS: [i64; 2] = [0, 30_000];
    let of = |ends: [i64; 2]| ends[usize::from(is_most)];
    match data_type {
        Type::Date => Some(Value::Date(of(DAYS))),
        Type::TimestampTz => Some(Value::Timestamp(of(DAYS) * DAY)),
        Type::SmallInt | Type::Integer | Type::BigInt | Type::Numeric(_) => {
            Some(Value::integer(of(NUMBERS)))
        }
        _ => None,
    }
}

impl Tie {
    /// The value that a row of an owner is given where the one that it was drafted with is beyond that owner's.
    pub(in crate::foreign) fn amended(
        &self,
        table: &QualifiedName,
        (link, owner): (&[usize], &Stored),
        cells: &BTreeMap<usize, Cell>,
    ) -> Option<(usize, usize, Cell)> {
        (self.rows == *table && link.contains(&self.link)).then_some(())?;
        let Some(Cell::Text(own)) = cells.get(&self.own.1) else { return None };
        let theirs = owner[self.theirs].as_ref()?;
        let (own, limit) = (read(own)?, read(theirs)?);
        let is_kept = match self.comparison {
            Comparison::LessOrEqual => own <= limit,
            Comparison::Less => own < limit,
            Comparison::GreaterOrEqual => own >= limit,
            Comparison::Greater => own > limit,
            Comparison::Equal | Comparison::NotEqual => true,
        };
        let (last, _) = steps(self.comparison)?;
        let amended = if last == 0 {
            Cell::Text(theirs.clone())
        } else {
            crate::foreign::world::beside(&Cell::Text(theirs.clone()), last)?
        };
        (!is_kept).then_some((self.own.0, self.own.1, amended))
    }
}

/// A number, or the seconds of a moment.
fn read(text: &str) -> Option<Decimal> {
    Decimal::parse(text)
        .or_else(|| parse_timestamp(text).map(Decimal::from))
        .or_else(|| parse_date(text).map(|days| Decimal::from(days * DAY)))
}

/// The sentences that hold rows to their owner's values, found again in the schema.
fn bounds<'o, 'a>(arena: &Arena<'a>, all: &'o [Object<'a>]) -> Vec<(&'a str, Bound<'o, 'a>)> {
    let model = arena.sides.model;
    let named = NamedEntities::of(model);
    let mut bounds = Vec::new();
    for text in sentences(arena) {
        let found = named.across_in(model, text);
        bounds
            .extend(found.into_iter().filter_map(|said| Some((text, resolve(arena, all, said)?))));
    }
    bounds
}

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    report: &mut Report,
) -> Result<(), SessionError> {
    let all = objects(arena);
    for (text, bound) in bounds(arena, &all) {
        let rows = bound.rows.table;
        let owner = &bound.owner.table;
        let (own, theirs) = (&rows.columns[bound.own.1].name, &owner.columns[bound.theirs.1].name);
        let statement = format!(
            "Every row of `{}` keeps `{own}` {} `{theirs}` of its row of `{}`: {}",
            rows.name.name.as_str(),
            bound.comparison.as_str(),
            owner.name.name.as_str(),
            text.trim()
        );
        let judgement = arena.within(|arena| attack(arena, &bound))?;
        let aspect = format!("across/{theirs}");
        report.add(Family::Check, &rows.name, own.as_str(), &aspect, statement, judgement);
    }
    Ok(())
}

fn resolve<'o, 'a>(
    arena: &Arena<'a>,
    all: &'o [Object<'a>],
    said: Across,
) -> Option<Bound<'o, 'a>> {
    let place = |object: &Object<'_>, field: FieldId| {
        let at = object.column_of(arena.sides, field)?;
        match object.place(at)? {
            Place::Column(there) => Some((at, there)),
            Place::Lower(_) | Place::Upper(_) => None,
        }
    };
    let Belonging { rows, owner, place: link } = Belonging::by(arena.sides, all, said.by)?;
    let (own, theirs) = (place(rows, said.own)?, place(owner, said.theirs)?);
    let is_made = |object: &Object<'_>, at: usize| object.table.columns[at].generated.is_some();
    (!is_made(rows, own.1) && !is_made(owner, theirs.1)).then_some(())?;
    Some(Bound { rows, owner, link, own, theirs, comparison: said.comparison })
}

/// A value so many steps beyond another: numbers by one, days by one, moments by a day.
fn beside(value: &Value, steps: i64) -> Option<Value> {
    Some(match value {
        Value::Number(number) => Value::Number(number.plus(Decimal::from(steps))?),
        Value::Date(day) => Value::Date(day + steps),
        Value::Timestamp(moment) => Value::Timestamp(moment + steps * DAY),
        _ => return None,
    })
}

/// The steps from the owner's value to the last one that is let in, and to the first that is not.
fn steps(comparison: Comparison) -> Option<(i64, i64)> {
    match comparison {
        Comparison::LessOrEqual => Some((0, 1)),
        Comparison::Less => Some((-1, 0)),
        Comparison::GreaterOrEqual => Some((0, -1)),
        Comparison::Greater => Some((1, 0)),
        Comparison::Equal | Comparison::NotEqual => None,
    }
}

fn attack(arena: &mut Arena<'_>, bound: &Bound<'_, '_>) -> Result<Judgement, SessionError> {
    let (rows, owners) = (&bound.rows.table.name, &bound.owner.table.name);
    let Some((last, beyond)) = steps(bound.comparison) else {
        return Ok(Judgement::Untried("no boundary is known".to_owned()));
    };
    if let Err(reason) = arena.is_ready(rows)? {
        return Ok(Judgement::Untried(reason));
    }
    let mut world = World::default();
    let owner = match arena.parent(owners, &mut world, 0)? {
        Ok(owner) => owner,
        Err(reason) => return Ok(Judgement::Untried(reason)),
    };
    let theirs = arena.understood(bound.owner, &owner)?[bound.theirs.0].clone();
    let (Some(pass), Some(fail)) = (beside(&theirs, last), beside(&theirs, beyond)) else {
        return Ok(Judgement::Untried("the owner has no such value".to_owned()));
    };
    let name = |object: &Object<'_>, at: usize| object.table.columns[at].name.clone();
    let (own_name, their_name) = (name(bound.rows, bound.own.1), name(bound.owner, bound.theirs.1));
    let seen = |how: &str, own: &Value, theirs: &Value| {
        let text = |it: &Value| it.text().unwrap_or_default();
        Judgement::Broken(format!(
            "{how} {own_name} = {} beside a row of {} with {their_name} = {}",
            text(own),
            owners.name.as_str(),
            text(theirs)
        ))
    };
    let mut refused = 0;
    // Beside no other row, which a key might keep it from.
    let inserted = arena.within(|arena| {
        let came = at(arena, bound, &fail, &world)?;
        let now = arena.look(owners, &owner)?;
        let is_same = now.is_some_and(|now| now[bound.theirs.1] == owner[bound.theirs.1]);
        Ok(came.is_ok_and(|row| is_same && belongs(bound, &row, &owner)))
    })?;
    if inserted {
        return Ok(seen("a row was inserted with", &fail, &theirs));
    }
    refused += 1;
    let row = match at(arena, bound, &pass, &world)? {
        Ok(row) => row,
        Err(reason) => return Ok(Judgement::Untried(reason)),
    };
    // By an UPDATE of its value.
    let cell = arena.encode(&bound.rows.ours, bound.own.0, bound.rows.table, bound.own.1, &fail)?;
    let came = arena.within(|arena| arena.update(rows, &row, &[(bound.own.1, cell.clone())]))?;
    match came {
        Came::Row(now) if now[bound.own.1] != row[bound.own.1] => {
            return Ok(seen("an UPDATE left a row with", &fail, &theirs));
        }
        Came::Refused(_) => refused += 1,
        Came::Row(_) | Came::Nothing => {}
    }
    // By an UPDATE of the owner, so that it leaves the row behind.
    let Some(short) = beside(&theirs, last - beyond) else {
        return Ok(Judgement::Held { refused, accepted: 1 });
    };
    let (ours, there) = bound.theirs;
    let cell = arena.encode(&bound.owner.ours, ours, bound.owner.table, there, &short)?;
    let left = arena.within(|arena| {
        let came = arena.update(owners, &owner, &[(there, cell.clone())])?;
        let is_moved = matches!(&came, Came::Row(now) if now[there] != owner[there]);
        let now = arena.look(rows, &row)?;
        Ok(is_moved && now.is_some_and(|now| now[bound.own.1] == row[bound.own.1]))
    })?;
    if left {
        return Ok(seen("an UPDATE of the owner left a row with", &pass, &short));
    }
    // By another owner.
    let moved = arena.within(|arena| {
        let mut around = world.clone();
        around.rows.remove(owners);
        let mut want = Want::default();
        want.values.insert(ours, short.clone());
        let Ok(other) = arena.make(owners, &want, &mut around)? else { return Ok(false) };
        let is_short = cell == Cell::of(other[there].as_ref())
            || arena.understood(bound.owner, &other)?[ours] == short;
        let set = to_owner(arena, bound.rows.table, bound.link, owners, &other);
        let came = arena.update(rows, &row, &set)?;
        Ok(is_short && matches!(came, Came::Row(now) if now[bound.link] != row[bound.link]))
    })?;
    if moved {
        return Ok(seen("a row was brought over by UPDATE with", &pass, &short));
    }
    Ok(Judgement::Held { refused: refused + 1, accepted: 1 })
}

/// A row of the owner with a value.
fn at(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    value: &Value,
    world: &World,
) -> Result<Result<Stored, String>, SessionError> {
    let mut want = Want { linked: std::iter::once(bound.link).collect(), ..Want::default() };
    want.values.insert(bound.own.0, value.clone());
    let table = &bound.rows.table.name;
    let row = match arena.write(table, &want, &mut world.clone(), 0)? {
        Ok(Came::Row(row)) => row,
        Ok(came) => return Ok(Err(came.reason())),
        Err(reason) => return Ok(Err(reason)),
    };
    let is_there = arena.understood(bound.rows, &row)?[bound.own.0] == *value;
    Ok(if is_there { Ok(row) } else { Err("the row was given another value".to_owned()) })
}

/// Whether a row belongs to an owner.
fn belongs(bound: &Bound<'_, '_>, row: &Stored, owner: &Stored) -> bool {
    let key =
        keys_of(bound.rows.table, bound.link).find(|key| key.references == bound.owner.table.name);
    key.is_none_or(|key| {
        key.columns.iter().zip(&key.referenced_columns).all(|(own, there)| {
            let own = position(bound.rows.table, own);
            let there = position(bound.owner.table, there);
            own.zip(there).is_some_and(|(own, there)| row[own] == owner[there])
        })
    })
}
