//! How many rows there may be for one other: "a member can have at most 5 open loans". So many are let in,
//! one more is not: not by INSERT, not by an UPDATE that brings a row over or makes it count, and not by two
//! sessions at once.

use underpin_claim::Family;
use underpin_model::FieldKind;
use underpin_server::SessionError;

use super::{Object, objects, sentences};
use crate::foreign::arena::{Arena, Came, Cell, Stored};
use crate::foreign::ground::{keys_of, position};
use crate::foreign::mapping::{Place, attribute};
use crate::foreign::names::words;
use crate::foreign::race;
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::{Want, World};
use crate::value::Value;

/// More rows take too long to try, and one more is no better a test.
const MOST: usize = 12;
/// How many rows more than allowed are tried where it is not sure which rows count.
const FURTHER: usize = 2;

/// A sentence that limits rows.
#[derive(Debug, PartialEq, Eq)]
struct Sentence {
    owner: Vec<String>,
    rows: Vec<String>,
    most: usize,
}

/// What a sentence says of the schema.
#[derive(Debug)]
struct Limit<'o, 'a> {
    object: &'o Object<'a>,
    /// The column that refers to the owner.
    column: usize,
    owner: underpin_pg::QualifiedName,
    most: usize,
    counted: Counted,
}

/// Which rows count.
#[derive(Debug, Clone, PartialEq)]
enum Counted {
    All,
    /// Those with this value in a column of our own design.
    Value(usize, Value),
    /// Those for which a column of our own design is empty.
    Empty(usize),
    /// A word that is not understood says it.
    Unsure,
}

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    report: &mut Report,
) -> Result<(), SessionError> {
    let all = objects(arena);
    for text in sentences(arena) {
        let Some(sentence) = read(text) else { continue };
        let Some(limit) = resolve(arena, &all, &sentence) else { continue };
        let table = &limit.object.table.name;
        let name = limit.object.table.columns[limit.column].name.as_str();
        let statement = format!(
            "At most {} rows of `{}` share `{name}`: {}",
            limit.most,
            table.name.as_str(),
            text.trim()
        );
        let judgement = arena.within(|arena| attack(arena, &limit))?;
        let judgement = match judgement {
            Judgement::Held { .. } if raced(arena, &limit)? => Judgement::Broken(format!(
                "two sessions at once brought {} rows in",
                limit.most + 1
            )),
            Judgement::Held { .. } | Judgement::Broken(_) | Judgement::Untried(_) => judgement,
        };
        report.add(Family::Check, table, name, "limit", statement, judgement);
    }
    Ok(())
}

/// Reads "a member can have at most 5 open loans", "at most 5 open loans per member".
fn read(text: &str) -> Option<Sentence> {
    const LEADS: &[&str] = &[
        "at most ",
        "no more than ",
        "not more than ",
        "more than ",
        "up to ",
        "a maximum of ",
        "maximum of ",
    ];
    const VERBS: &[&str] =
        &["can", "may", "has", "have", "must", "cannot", "holds", "hold", "is", "are", "should"];
    const ENDS: &[&str] = &[
        " at a time",
        " at any time",
        " at any one time",
        " at once",
        " at the same time",
        " simultaneously",
        " concurrently",
        " in total",
        " each",
    ];
    let lower = text.trim().trim_end_matches('.').to_lowercase();
    if ["unless", "except", " day", "hour", "week", "month", "year", "minute"]
        .iter()
        .any(|word| lower.contains(word))
    {
        return None;
    }
    let (at, lead) = LEADS.iter().find_map(|lead| Some((lower.find(lead)?, *lead)))?;
    let (front, rest) = (&lower[..at], &lower[at + lead.len()..]);
    if lead == "more than " && !["cannot ", "not ", "never "].iter().any(|it| front.contains(it)) {
        return None;
    }
    let (number, rest) = rest.split_once(' ')?;
    let most = number.parse().ok().or_else(|| {
        let named = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
        named.iter().position(|it| *it == number).map(|at| at + 2)
    })?;
    let rest = ENDS.iter().fold(rest, |rest, end| rest.strip_suffix(end).unwrap_or(rest));
    let scope = [" per ", " for each ", " for every ", " for one "]
        .iter()
        .find_map(|per| rest.split_once(per));
    let (rows, owner) = match scope {
        Some((rows, owner)) => (rows, owner.to_owned()),
        None => {
            let verb = |word: &&str| VERBS.contains(word);
            let owner: Vec<&str> = front.split(' ').take_while(|word| !verb(word)).collect();
            (rest, owner.join(" "))
        }
    };
    let plain = |phrase: &str| -> Vec<String> {
        let articles = ["a", "an", "the", "each", "every", "one", "any"];
        words(phrase).into_iter().filter(|word| !articles.contains(&word.as_str())).collect()
    };
    let (owner, rows) = (plain(&owner), plain(rows));
    ((2..=MOST).contains(&most) && !owner.is_empty() && !rows.is_empty()).then_some(Sentence {
        owner,
        rows,
        most,
    })
}

fn resolve<'o, 'a>(
    arena: &Arena<'a>,
    all: &'o [Object<'a>],
    sentence: &Sentence,
) -> Option<Limit<'o, 'a>> {
    let name = |object: &Object<'_>| {
        let design = arena.sides.physical.tables.of(&object.ours);
        design.map(|it| words(&arena.sides.logical.relation(it.relation).name)).unwrap_or_default()
    };
    let owner = all.iter().find(|object| name(object) == sentence.owner)?;
    let object = all.iter().find(|object| {
        let name = name(object);
        !name.is_empty() && sentence.rows.ends_with(&name)
    })?;
    let adjectives = &sentence.rows[..sentence.rows.len() - name(object).len()];
    let mut links = object.shape.links.iter().filter(|link| link.key.references == owner.ours);
    let (link, None) = (links.next()?, links.next()) else { return None };
    let Some(Place::Column(column)) = object.place(*link.columns.last()?) else { return None };
    let counted = match adjectives {
        [] => Counted::All,
        [word] => counted(arena, object, word),
        _ => Counted::Unsure,
    };
    Some(Limit { object, column, owner: owner.table.name.clone(), most: sentence.most, counted })
}

/// The rows that an adjective means: a state, a flag, or what has not ended yet.
fn counted(arena: &Arena<'_>, object: &Object<'_>, word: &str) -> Counted {
    const GOING_ON: &[&str] =
        &["open", "active", "current", "outstanding", "ongoing", "unreturned"];
    const OVER: &[&str] = &[
        "returned",
        "closed",
        "ended",
        "finished",
        "completed",
        "cancelled",
        "canceled",
        "released",
        "resolved",
        "checkout",
    ];
    let shape = object.shape;
    let mut over = Vec::new();
    for at in 0..shape.table.columns.len() {
        let Some(field) = object.field(arena, at) else { continue };
        let listed = match attribute(arena.sides, &object.ours, at).map(|it| &it.kind) {
            Some(FieldKind::Enumeration(id)) => arena.sides.model.enumeration(*id).values.clone(),
            Some(_) | None => Vec::new(),
        };
        if let Some(value) = listed.iter().find(|value| words(value) == [word]) {
            return Counted::Value(at, Value::Text(value.clone()));
        }
        let name = words(&field.name);
        if field.kind == FieldKind::Boolean && name.last().is_some_and(|last| last == word) {
            return Counted::Value(at, Value::Boolean(true));
        }
        let is_moment = matches!(field.kind, FieldKind::Date | FieldKind::Timestamp);
        if is_moment && name.iter().any(|it| OVER.contains(&it.as_str())) {
            over.push(at);
        }
    }
    match over[..] {
        [at] if GOING_ON.contains(&word) => Counted::Empty(at),
        _ => Counted::Unsure,
    }
}

/// What a row that counts is asked for; `None` where it comes to that only by living.
fn want(limit: &Limit<'_, '_>) -> Option<Want> {
    let mut want = Want::default();
    want.linked.insert(limit.column);
    match &limit.counted {
        Counted::All | Counted::Unsure => {}
        Counted::Value(at, value) => {
            let machine = limit.object.shape.machine(*at);
            let initial = machine.and_then(|machine| machine.initial.clone());
            if machine.is_some() && initial.map(Value::Text).as_ref() != Some(value) {
                return None;
            }
            want.values.insert(*at, value.clone());
        }
        Counted::Empty(at) => {
            want.values.insert(*at, Value::Null);
        }
    }
    Some(want)
}

/// What a row is given to belong to the owner: all columns of the key.
fn to_owner(arena: &Arena<'_>, limit: &Limit<'_, '_>, owner: &Stored) -> Vec<(usize, Cell)> {
    let target = arena.sides.ground.table(&limit.owner);
    let key = keys_of(limit.object.table, limit.column).find(|key| key.references == limit.owner);
    let Some(key) = key else { return Vec::new() };
    key.columns
        .iter()
        .zip(&key.referenced_columns)
        .filter_map(|(own, there)| {
            let there = position(target, there)?;
            Some((position(limit.object.table, own)?, Cell::of(owner[there].as_ref())))
        })
        .collect()
}

fn attack(arena: &mut Arena<'_>, limit: &Limit<'_, '_>) -> Result<Judgement, SessionError> {
    let object = limit.object;
    let table = &object.table.name;
    if let Err(reason) = arena.is_ready(table)? {
        return Ok(Judgement::Untried(reason));
    }
    let Some(wanted) = want(limit) else {
        return Ok(Judgement::Untried("a row comes to count only by living".to_owned()));
    };
    let mut world = World::default();
    let owner = match arena.parent(&limit.owner, &mut world, 0)? {
        Ok(row) => row,
        Err(reason) => return Ok(Judgement::Untried(reason)),
    };
    let alone = world.narrowed(arena.sides.ground, std::slice::from_ref(&limit.owner));
    let is_unsure = limit.counted == Counted::Unsure;
    // Rows that do not count leave room for as many as before.
    if let Counted::Empty(at) = limit.counted {
        let mut over = Want { filled: vec![at], ..Want::default() };
        over.linked.insert(limit.column);
        for _ in 0..limit.most {
            arena.write(table, &over, &mut alone.clone(), 0)?.ok();
        }
    }
    for number in 1..=limit.most {
        match arena.write(table, &wanted, &mut alone.clone(), 0)? {
            Ok(Came::Row(_)) => {}
            Ok(Came::Refused(error)) => {
                let control =
                    arena.within(|arena| arena.write(table, &wanted, &mut World::default(), 0))?;
                let is_other = ["22", "23502", "23503", "23505", "23P01", "40"]
                    .iter()
                    .any(|code| error.sqlstate.starts_with(code));
                if number > 1 && !is_other && !is_unsure && matches!(control, Ok(Came::Row(_))) {
                    return Ok(Judgement::Broken(format!(
                        "row {number} of {} that the documents allow was refused: {error}",
                        limit.most
                    )));
                }
                return Ok(Judgement::Untried(format!("row {number} was refused: {error}")));
            }
            Ok(Came::Nothing) => {
                return Ok(Judgement::Untried("a trigger wrote nothing".to_owned()));
            }
            Err(reason) => return Ok(Judgement::Untried(reason)),
        }
    }
    let further = if is_unsure { FURTHER } else { 0 };
    let mut let_in = 0;
    while let Ok(Came::Row(_)) = arena.write(table, &wanted, &mut alone.clone(), 0)? {
        let_in += 1;
        if let_in > further {
            break;
        }
    }
    if let_in > further && is_unsure {
        return Ok(Judgement::Untried("it is not sure which rows count".to_owned()));
    }
    if let_in > 0 {
        return Ok(Judgement::Broken(format!("{} rows were inserted", limit.most + let_in)));
    }
    if let Some(broken) = by_update(arena, limit, &wanted, &owner, &alone)? {
        return Ok(broken);
    }
    Ok(Judgement::Held { refused: 2, accepted: i64::try_from(limit.most).unwrap_or(i64::MAX) })
}

/// A row of another owner is brought over, and one of this owner is made to count.
fn by_update(
    arena: &mut Arena<'_>,
    limit: &Limit<'_, '_>,
    wanted: &Want,
    owner: &Stored,
    alone: &World,
) -> Result<Option<Judgement>, SessionError> {
    let table = &limit.object.table.name;
    let set = to_owner(arena, limit, owner);
    let brought = arena.within(|arena| {
        let Ok(other) = arena.make(table, wanted, &mut World::default())? else { return Ok(false) };
        let came = arena.update(table, &other, &set)?;
        Ok(matches!(came, Came::Row(now) if now[limit.column] != other[limit.column]))
    })?;
    if brought {
        return Ok(Some(Judgement::Broken(format!(
            "by UPDATE of {}, one row more than {} came to belong together",
            limit.object.table.columns[limit.column].name.as_str(),
            limit.most
        ))));
    }
    let Counted::Empty(at) = limit.counted else { return Ok(None) };
    let Some(Place::Column(column)) = limit.object.place(at) else { return Ok(None) };
    let revived = arena.within(|arena| {
        let mut want = Want { filled: vec![at], ..Want::default() };
        want.linked.insert(limit.column);
        let Ok(over) = arena.make(table, &want, &mut alone.clone())? else { return Ok(false) };
        if over[column].is_none() {
            return Ok(false);
        }
        let came = arena.update(table, &over, &[(column, Cell::Null)])?;
        Ok(matches!(came, Came::Row(now) if now[column].is_none()))
    })?;
    Ok(revived.then(|| {
        Judgement::Broken(format!(
            "an UPDATE that empties {} made one row more than {} count",
            limit.object.table.columns[column].name.as_str(),
            limit.most
        ))
    }))
}

/// Whether two sessions at once bring in one row more than allowed.
fn raced(arena: &mut Arena<'_>, limit: &Limit<'_, '_>) -> Result<bool, SessionError> {
    let table = &limit.object.table.name;
    if !race::may_race(arena, table) {
        return Ok(false);
    }
    let outcome = race::run(arena, table, &mut |arena, world| {
        let Some(wanted) = want(limit) else { return Ok(None) };
        if arena.parent(&limit.owner, world, 0)?.is_err() {
            return Ok(None);
        }
        let alone = world.narrowed(arena.sides.ground, std::slice::from_ref(&limit.owner));
        for _ in 1..limit.most {
            if !matches!(arena.write(table, &wanted, &mut alone.clone(), 0)?, Ok(Came::Row(_))) {
                return Ok(None);
            }
        }
        // Each with rows of its own beside the owner, so that nothing else keeps them apart.
        let mut both = Vec::new();
        for _ in 0..2 {
            let Ok(cells) = arena.draft(table, &wanted, &mut alone.clone(), 0)? else {
                return Ok(None);
            };
            let given = cells.into_iter().enumerate().filter(|(_, cell)| *cell != Cell::Leave);
            both.push(Want { cells: given.collect(), ..wanted.clone() });
        }
        *world = alone;
        Ok(<[Want; 2]>::try_from(both).ok())
    })?;
    Ok(outcome == race::Outcome::Both)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn sentences_that_limit_rows() {
        for (text, owner, rows, most) in [
            ("A member can have at most 5 open loans at a time.", "member", "open loan", 5),
            ("No more than three holds per member", "member", "hold", 3),
            ("A course cannot have more than 12 seats", "course", "seat", 12),
        ] {
            let found = read(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                (found.owner.join(" "), found.rows.join(" "), found.most),
                (owner.to_owned(), rows.to_owned(), most)
            );
        }
    }

    #[test]
    fn others() {
        for text in [
            "A member can have at most one open loan",
            "A member can place at most 5 orders per day",
            "More than 5 loans make a member a friend",
            "A name has at most 80 characters",
            "at most 500 rows per page",
        ] {
            let found = read(text);
            assert!(found.is_none_or(|it| it.rows == ["character"]), "{text}");
        }
    }
}
