//! How long rows last: "a trip lasts at most 72 hours". A row of just so long is let in where one that is a little within is,
//! and a row that is a little beyond is not, neither by INSERT nor by an UPDATE of either end.

use underpin_claim::Family;
use underpin_model::{Lasting, NamedEntities};
use underpin_pg::Type;
use underpin_server::SessionError;

use super::{Object, objects, sentences};
use crate::foreign::arena::{Arena, Came, Stored};
use crate::foreign::mapping::Place;
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::{Want, World};
use crate::value::Value;

const DAY: i64 = 86_400;
/// The least by which two moments differ that a schema may be expected to tell apart.
const MINUTE: i64 = 60;

/// A sentence, found again in the schema.
struct Bound<'o, 'a> {
    object: &'o Object<'a>,
    from: usize,
    to: usize,
    /// Seconds, or days where both ends are days.
    limit: i64,
    is_least: bool,
    /// The least that two lengths differ by.
    step: i64,
    /// By how much the length may be meant otherwise.
    slack: i64,
    of_days: bool,
}

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    report: &mut Report,
) -> Result<(), SessionError> {
    let all = objects(arena);
    let model = arena.sides.model;
    let named = NamedEntities::of(model);
    let mut texts: Vec<&str> = model.rules.iter().map(|it| it.text.as_str()).collect();
    texts.extend(sentences(arena));
    texts.sort_unstable();
    texts.dedup();
    for text in texts {
        let Some(said) = named.lasting(model, text) else { continue };
        for (limit, is_least) in [(said.least, true), (said.most, false)] {
            let Some(limit) = limit else { continue };
            let Some(bound) = resolve(arena, &all, &said, limit, is_least) else { continue };
            let object = bound.object;
            let Some(names) = object.names(&[bound.from, bound.to]) else { continue };
            let table = &object.table.name;
            let statement = format!("Rows of `{}` keep: {}", table.name.as_str(), text.trim());
            let judgement = attack(arena, &bound)?;
            let aspect = if is_least { "duration/least" } else { "duration/most" };
            report.add(Family::Check, table, &names, aspect, statement, judgement);
        }
    }
    Ok(())
}

fn resolve<'o, 'a>(
    arena: &Arena<'a>,
    all: &'o [Object<'a>],
    said: &Lasting,
    limit: i64,
    is_least: bool,
) -> Option<Bound<'o, 'a>> {
    let (object, from) =
        all.iter().find_map(|it| Some((it, it.column_of(arena.sides, said.from)?)))?;
    let to = object.column_of(arena.sides, said.to)?;
    let (Some(Place::Column(_)), Some(Place::Column(_))) = (object.place(from), object.place(to))
    else {
        return None;
    };
    let columns = &object.shape.table.columns;
    let is = |sort: &Type| [from, to].iter().all(|&at| columns[at].data_type == *sort);
    let of_days = is(&Type::Date);
    (of_days || is(&Type::TimestampTz)).then_some(())?;
    if !of_days {
        return Some(Bound { object, from, to, limit, is_least, step: MINUTE, slack: 0, of_days });
    }
    // Where the last day counts, "at most 3 days" end two days later; a day is left for either meaning.
    (limit % DAY == 0 && (said.is_strict || !is_least)).then_some(())?;
    let (limit, slack) = (limit / DAY, i64::from(!said.is_strict));
    Some(Bound { object, from, to, limit, is_least, step: 1, slack, of_days })
}

/// The ends of a row that lasts so long.
fn ends(bound: &Bound<'_, '_>, begin: i64, length: i64) -> [(usize, Value); 2] {
    let value = |moment: i64| {
        if bound.of_days { Value::Date(moment) } else { Value::Timestamp(moment) }
    };
    [(bound.from, value(begin)), (bound.to, value(begin + length))]
}

fn attack(arena: &mut Arena<'_>, bound: &Bound<'_, '_>) -> Result<Judgement, SessionError> {
    let object = bound.object;
    let table = &object.table.name;
    let beyond = if bound.is_least { -bound.step } else { bound.step };
    arena.within(|arena| {
        let base = match arena.make(table, &Want::default(), &mut World::default())? {
            Ok(row) => row,
            Err(why) => return Ok(Judgement::Untried(why)),
        };
        let meant = arena.understood(object, &base)?;
        let (Value::Date(begin) | Value::Timestamp(begin)) = meant[bound.from] else {
            return Ok(Judgement::Untried("no row tells when it begins".to_owned()));
        };
        let of_length = |arena: &mut Arena<'_>, length: i64| {
            let asked = ends(bound, begin, length);
            let want = Want { values: asked.clone().into(), ..Want::default() };
            let row = match arena.make(table, &want, &mut World::default())? {
                Ok(row) => row,
                Err(why) => return Ok(Err(why)),
            };
            let meant = arena.understood(object, &row)?;
            let is_so = asked.iter().all(|(at, value)| meant[*at] == *value);
            Ok(if is_so { Ok(row) } else { Err("the row became another".to_owned()) })
        };
        let longest = bound.limit - bound.slack;
        if let Err(why) = arena.within(|arena| of_length(arena, longest - beyond))? {
            // Rows of another length are what the table asks for: one of them is made as long.
            return Ok(
                match stretched(arena, bound, (&base, begin), [longest - beyond, longest])? {
                    Some(why) => {
                        Judgement::Broken(format!("a row of just so long was refused: {why}"))
                    }
                    None => Judgement::Untried(why),
                },
            );
        }
        let at_limit = arena.within(|arena| of_length(arena, longest))?;
        if let Err(why) = at_limit {
            return Ok(Judgement::Broken(format!("a row of just so long was refused: {why}")));
        }
        if arena.within(|arena| of_length(arena, bound.limit + beyond))?.is_ok() {
            return Ok(Judgement::Broken(format!("a row was let in that lasts {}", far(bound))));
        }
        let row = match of_length(arena, longest)? {
            Ok(row) => row,
            Err(why) => return Ok(Judgement::Untried(why)),
        };
        let [from, to] = ends(bound, begin, bound.limit + beyond);
        // It begins as much earlier as the row is shorter than what no reading lets in.
        let [(_, earlier), _] = ends(bound, begin - beyond - bound.slack, bound.limit + beyond);
        for (at, value) in [to, (from.0, earlier)] {
            let Some(Place::Column(column)) = object.place(at) else { continue };
            let cell = arena.encode(&object.ours, at, object.table, column, &value)?;
            let came = arena.within(|arena| arena.update(table, &row, &[(column, cell)]))?;
            if let Came::Row(now) = came {
                if now[column] != row[column] {
                    return Ok(Judgement::Broken(format!(
                        "an UPDATE made a row last {}",
                        far(bound)
                    )));
                }
            }
        }
        Ok(Judgement::Held { refused: 3, accepted: 2 })
    })
}

/// Why an UPDATE does not make a row of one length one of another, where it is let in when it is only nearly so.
fn stretched(
    arena: &mut Arena<'_>,
    bound: &Bound<'_, '_>,
    (base, begin): (&Stored, i64),
    [near, just]: [i64; 2],
) -> Result<Option<String>, SessionError> {
    let object = bound.object;
    let Some(Place::Column(column)) = object.place(bound.to) else { return Ok(None) };
    let mut came = Vec::new();
    for length in [near, just] {
        let [_, (at, value)] = ends(bound, begin, length);
        let cell = arena.encode(&object.ours, at, object.table, column, &value)?;
        let set = [(column, cell)];
        came.push(arena.within(|arena| arena.update(&object.table.name, base, &set))?);
    }
    Ok(match came.as_slice() {
        [Came::Row(now), Came::Refused(error)] if now[column] != base[column] => {
            Some(error.to_string())
        }
        _ => None,
    })
}

/// What is wrong with a row beyond the limit.
fn far(bound: &Bound<'_, '_>) -> String {
    let unit = if bound.of_days { "day" } else { "minute" };
    if bound.is_least { format!("a {unit} too short") } else { format!("a {unit} too long") }
}
