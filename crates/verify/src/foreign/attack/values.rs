//! What a field may hold, by its type: each listed value and no other, texts up to the stated length,
//! numbers with the stated digits, and what was stored is what comes back.

use underpin_claim::Family;
use underpin_model::FieldKind;
use underpin_server::{ServerError, SessionError};

use super::{Object, StatedField, base, is_of_trigger, objects, stated_fields};
use crate::foreign::arena::{Arena, Came, Cell, Stored};
use crate::foreign::ground::{Kind, single_key};
use crate::foreign::names::bare;
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::{Want, World};
use crate::rule::mentioned;
use crate::value::{Decimal, Value};

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    report: &mut Report,
) -> Result<(), SessionError> {
    let all = objects(arena);
    for it in stated_fields(arena, &all) {
        let StatedField { object, at, field, column, name, table } = it;
        if object.table.columns[column].generated.is_some() || object.refers(at) {
            continue;
        }
        let mut add = |aspect: &str, statement: String, judgement: Judgement| {
            report.add(Family::Check, &object.table.name, name, aspect, statement, judgement);
        };
        match &field.kind {
            FieldKind::Enumeration(id) => {
                let values = arena.sides.model.enumeration(*id).values.clone();
                let statement = format!(
                    "`{table}.{name}` holds one of the values that the documents list ({}), and no other.",
                    values.join(", ")
                );
                let is_state = object.shape.machine(at).is_some();
                let judgement = enumeration(arena, object, at, column, &values, is_state)?;
                add("values", statement, judgement);
            }
            FieldKind::Text { max: Some(max) } => {
                let by_type =
                    field.type_text.as_deref().is_some_and(|text| text.contains(&max.to_string()));
                let statement = format!("`{table}.{name}` holds texts of up to {max} characters.");
                let judgement = length(arena, object, at, column, *max, by_type)?;
                add("length", statement, judgement);
            }
            FieldKind::Decimal { precision: Some(precision), scale: Some(scale) }
            | FieldKind::Money { precision: Some(precision), scale: Some(scale) } => {
                let statement = format!(
                    "`{table}.{name}` keeps {precision} digits, {scale} of them behind the point."
                );
                let judgement = digits(arena, object, at, column, *precision, *scale)?;
                add("digits", statement, judgement);
            }
            FieldKind::Timestamp => {
                let says_zone = field.type_text.as_deref().is_some_and(|text| {
                    let text = text.to_lowercase();
                    ["tz", "with time zone", "offset"].iter().any(|sign| text.contains(sign))
                });
                if says_zone {
                    let statement = format!(
                        "`{table}.{name}` keeps a moment, whatever the time zone of who writes it."
                    );
                    let judgement = moment(arena, object, column);
                    add("moment", statement, judgement);
                }
            }
            FieldKind::Text { max: None }
            | FieldKind::Decimal { .. }
            | FieldKind::Money { .. }
            | FieldKind::Uuid
            | FieldKind::Integer { .. }
            | FieldKind::Float
            | FieldKind::Boolean
            | FieldKind::Date
            | FieldKind::Time
            | FieldKind::Duration
            | FieldKind::Json
            | FieldKind::Binary
            | FieldKind::IpAddress
            | FieldKind::List(_)
            | FieldKind::Unknown => {}
        }
    }
    Ok(())
}

/// Sets a column of a valid row, as a row of its own would have it.
fn set(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    row: &Stored,
    column: usize,
    cell: Cell,
) -> Result<Came, SessionError> {
    arena.within(|arena| arena.update(&object.table.name, row, &[(column, cell)]))
}

/// As [`set`]; where something else keeps a living row from changing so, a new row is born with the value.
fn put(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    row: &Stored,
    column: usize,
    cell: Cell,
) -> Result<Came, SessionError> {
    let changed = set(arena, object, row, column, cell.clone())?;
    let is_barred = match &changed {
        Came::Row(now) => now[column] == row[column],
        Came::Nothing => true,
        Came::Refused(error) => !error.sqlstate.starts_with("22"),
    };
    if !is_barred {
        return Ok(changed);
    }
    let mut want = Want::default();
    want.cells.insert(column, cell);
    let mut draws = 0;
    let born = loop {
        draws += 1;
        let born = arena
            .within(|arena| arena.write(&object.table.name, &want, &mut World::default(), 0))?;
        // Other columns may have been drawn so that a condition of the schema's own refuses the row.
        let is_chance = matches!(&born, Ok(Came::Refused(error))
            if error.sqlstate == "23514" && !is_about_value(object, column, error));
        if !is_chance || draws == DRAWS {
            break born;
        }
    };
    Ok(match (born, changed) {
        (Ok(Came::Nothing) | Err(_), Came::Row(_)) => Came::Nothing,
        (Ok(came), Came::Row(_) | Came::Nothing) | (Ok(came @ Came::Row(_)), Came::Refused(_)) => {
            came
        }
        (_, changed) => changed,
    })
}

fn enumeration(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    at: usize,
    column: usize,
    values: &[String],
    is_state: bool,
) -> Result<Judgement, SessionError> {
    arena.within(|arena| {
        let row = match base(arena, object, &mut World::default())? {
            Ok(row) => row,
            Err(reason) => return Ok(Judgement::Untried(reason)),
        };
        let (mut refused, mut accepted) = (0, 1);
        let known: Vec<String> = values.iter().map(|value| bare(value)).collect();
        let mut others = vec!["none_of_these".to_owned()];
        // Steps may be told in part, and name no value that no step leads to.
        let by_steps = arena.lists_by_steps(object, at);
        let kind = arena.sides.ground.kind(&object.table.columns[column]);
        let labels = if let Kind::Labels(labels) = &kind {
            labels.clone()
        } else {
            arena.sides.ground.quoted(object.table, column)
        };
        others.extend(labels.into_iter().filter(|label| {
            !by_steps
                && !known.contains(&bare(label))
                && label.chars().all(|c| c.is_alphanumeric() || "_- ".contains(c))
        }));
        let is_text = matches!(kind, Kind::Text { .. } | Kind::Labels(_));
        for other in others.iter().filter(|_| is_text) {
            match put(arena, object, &row, column, Cell::Text(other.clone()))? {
                Came::Row(now) if now[column].as_deref() == Some(other) => {
                    return Ok(Judgement::Broken(format!(
                        "{} = {other} was accepted, which the documents do not list",
                        object.table.columns[column].name.as_str()
                    )));
                }
                Came::Refused(_) => refused += 1,
                Came::Row(_) | Came::Nothing => {}
            }
        }
        // States are reached by the paths of their life cycle only, and are tried there.
        let mut barred = None;
        let mut taken = 0;
        for value in values.iter().filter(|_| !is_state) {
            // Another rule may bar this value in one row: it must be barred in all.
            let mut last = None;
            for _ in 0..DRAWS {
                let came = arena.within(|arena| {
                    let mut want = Want::default();
                    want.values.insert(at, Value::Text(value.clone()));
                    let (table, mut world) = (&object.table.name, World::default());
                    let came = arena.write(table, &want, &mut world, 0)?;
                    let Ok(Came::Refused(error)) = &came else { return Ok(came) };
                    // Something else may have to go with the value.
                    let beside = arena.remade(table, &want, &mut world, 0, error)?;
                    Ok(beside.map_or(came, |row| Ok(Came::Row(row))))
                })?;
                match came {
                    Ok(Came::Row(_)) => {
                        taken += 1;
                        last = None;
                        break;
                    }
                    Ok(Came::Refused(error))
                        if is_about_value(object, column, &error) && !is_of_trigger(&error) =>
                    {
                        last = Some(error);
                    }
                    Ok(Came::Refused(_) | Came::Nothing) | Err(_) => {
                        last = None;
                        break;
                    }
                }
            }
            if let Some(error) = last {
                barred = Some(format!("the listed value `{value}` was refused: {error}"));
            }
        }
        accepted += taken;
        if let (Some(barred), true) = (barred, taken > 0) {
            return Ok(Judgement::Broken(barred));
        }
        Ok(Judgement::Held { refused, accepted })
    })
}

/// How often a row is drawn for a value.
const DRAWS: usize = 3;

/// Whether a refusal can be one of a value as such: of its form, its range, its list or its table. What
/// reads other columns too may ask for something that goes with the value.
fn is_about_value(object: &Object<'_>, column: usize, error: &ServerError) -> bool {
    let is_named = |name: &str| error.constraint.as_deref() == Some(name);
    match error.sqlstate.as_str() {
        "23514" => match object.table.checks.iter().find(|it| is_named(it.name.as_str())) {
            Some(check) => mentioned(object.table, &check.expression) == [column],
            // A domain's condition reads one value.
            None => true,
        },
        "23503" => single_key(object.table, column).is_some_and(|key| is_named(key.name.as_str())),
        sqlstate => sqlstate.starts_with("22"),
    }
}

fn length(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    at: usize,
    column: usize,
    max: u32,
    by_type: bool,
) -> Result<Judgement, SessionError> {
    // Longer texts are no better a test, and slower.
    const LONGEST: u32 = 20_000;
    let has_form = object.shape.rules.iter().any(|rule| {
        rule.columns.contains(&at) && rule.term.as_ref().is_none_or(|term| is_about_form(term, at))
    });
    if max > LONGEST || has_form {
        return Ok(Judgement::Untried("the text has a form of its own".to_owned()));
    }
    let max = usize::try_from(max).unwrap_or(usize::MAX);
    arena.within(|arena| {
        let row = match base(arena, object, &mut World::default())? {
            Ok(row) => row,
            Err(reason) => return Ok(Judgement::Untried(reason)),
        };
        let text = |arena: &mut Arena<'_>, length: usize| {
            let number = arena.fresh();
            let name = object.table.columns[column].name.as_str();
            let digits = number.to_string();
            let text = if digits.len() >= length {
                digits[digits.len() - length..].to_owned()
            } else if name.contains("mail") {
                let tail = format!("{number}@example.com");
                format!("{}{tail}", "p".repeat(length.saturating_sub(tail.len())))
            } else {
                format!("{}{number}", "x".repeat(length.saturating_sub(number.to_string().len())))
            };
            Cell::Text(text)
        };
        let (mut refused, mut accepted) = (0, 0);
        let longest = text(arena, max);
        match put(arena, object, &row, column, longest)? {
            Came::Row(now) => {
                let kept = now[column].as_deref().map_or(0, |text| text.chars().count());
                if kept < max {
                    return Ok(Judgement::Broken(format!("of {max} characters {kept} were kept")));
                }
                accepted += 1;
            }
            Came::Refused(error) if error.sqlstate == "22001" => {
                return Ok(Judgement::Broken(format!(
                    "a text of {max} characters was refused: {error}"
                )));
            }
            Came::Refused(error) if !is_about_value(object, column, &error) => {
                return Ok(Judgement::Untried(format!("the row was refused: {error}")));
            }
            Came::Refused(_) => {
                // A form may bar such a text; a shorter one of the same form tells.
                let short = text(arena, 12.min(max));
                if let Came::Refused(error) = put(arena, object, &row, column, short)? {
                    return Ok(Judgement::Untried(format!(
                        "a short text was refused too: {error}"
                    )));
                }
                return Ok(Judgement::Broken(format!(
                    "a text of {max} characters was refused, a shorter one was not"
                )));
            }
            Came::Nothing => {}
        }
        let has_limit = matches!(
            arena.sides.ground.kind(&object.table.columns[column]),
            Kind::Text { max: Some(_) }
        );
        // A type such as varchar(255) is a habit more often than a rule: only who has a limit, or was
        // told in words, is held to it.
        if !by_type || (has_limit && max != 255) {
            let longer = text(arena, max + 1);
            match put(arena, object, &row, column, longer)? {
                Came::Row(now)
                    if now[column].as_deref().is_some_and(|text| text.chars().count() > max) =>
                {
                    return Ok(Judgement::Broken(format!(
                        "a text of {} characters was accepted, {max} are allowed",
                        max + 1
                    )));
                }
                Came::Refused(_) => refused += 1,
                Came::Row(_) | Came::Nothing => {}
            }
        }
        Ok(Judgement::Held { refused, accepted })
    })
}

/// Whether a rule says more of a text than its length, and not of another column alone.
fn is_about_form(term: &crate::rule::Term, at: usize) -> bool {
    use underpin_model::Expression as E;
    if !term.fields().contains(&at) {
        return false;
    }
    let is_about_form = |term: &crate::rule::Term| is_about_form(term, at);
    match term {
        E::Matches(..) | E::OneOf(..) => true,
        E::All(list) | E::Any(list) => list.iter().any(is_about_form),
        E::Not(inner) => is_about_form(inner),
        E::Implies(left, right) => is_about_form(left) || is_about_form(right),
        E::Compare(left, _, right) => {
            !(matches!(**left, E::Length(_)) || matches!(**right, E::Length(_)))
        }
        E::Field(_)
        | E::Literal(_)
        | E::Calculate(..)
        | E::Length(_)
        | E::JsonForm(..)
        | E::IsPresent(_)
        | E::Apart { .. }
        | E::Together { .. } => false,
    }
}

fn digits(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    at: usize,
    column: usize,
    precision: u16,
    scale: u16,
) -> Result<Judgement, SessionError> {
    let kind = arena.sides.ground.kind(&object.table.columns[column]);
    if !matches!(kind, Kind::Number { .. } | Kind::Integer) || precision > 30 || scale > precision {
        return Ok(Judgement::Untried("the column is no number".to_owned()));
    }
    arena.within(|arena| {
        let row = match base(arena, object, &mut World::default())? {
            Ok(row) => row,
            Err(reason) => return Ok(Judgement::Untried(reason)),
        };
        let mut accepted = 0;
        // Small ones for what is behind the point, and the greatest for what is before it.
        let greatest = 10_i128.pow(u32::from(precision)) - 1;
        let unit = |units: i128| Decimal::new(units, u32::from(scale));
        // Beside the row's own number too, which keeps whatever rule there is.
        let own = row[column].as_deref().and_then(Decimal::parse).map(|it| it.cut(0));
        let beside = own.and_then(|it| it.plus(unit(1)));
        let fixed = [10_i128.pow(u32::from(scale)) + 1, 1, greatest].map(unit);
        for number in fixed.into_iter().chain(beside) {
            let value = Value::Number(number);
            if breaks(object, at, &value) {
                continue;
            }
            let cell = arena.encode(&object.ours, at, object.table, column, &value)?;
            match put(arena, object, &row, column, cell.clone())? {
                Came::Row(now) => {
                    let kept = now[column].as_deref().and_then(Decimal::parse);
                    let Cell::Text(given) = &cell else { continue };
                    if kept != Decimal::parse(given) {
                        return Ok(Judgement::Broken(format!(
                            "{given} was stored as {}",
                            now[column].as_deref().unwrap_or("NULL")
                        )));
                    }
                    accepted += 1;
                }
                Came::Refused(error) if error.sqlstate == "22003" => {
                    return Ok(Judgement::Broken(format!(
                        "{} was refused: {error}",
                        value.text().unwrap_or_default()
                    )));
                }
                Came::Refused(_) | Came::Nothing => {}
            }
        }
        if accepted == 0 {
            return Ok(Judgement::Untried("other rules bar the values tried".to_owned()));
        }
        Ok(Judgement::Held { refused: 0, accepted })
    })
}

/// Whether a value alone breaks a rule of the documents.
fn breaks(object: &Object<'_>, at: usize, value: &Value) -> bool {
    let mut row = vec![Value::Null; object.shape.table.columns.len()];
    row[at] = value.clone();
    object.shape.rules.iter().filter(|rule| rule.columns.contains(&at)).any(|rule| {
        rule.term.as_ref().is_none_or(|term| crate::rule::truth(term, &row) == Some(false))
    })
}

fn moment(arena: &Arena<'_>, object: &Object<'_>, column: usize) -> Judgement {
    let Kind::Moment { zone } = arena.sides.ground.kind(&object.table.columns[column]) else {
        return Judgement::Untried("the column is no moment".to_owned());
    };
    if zone {
        return Judgement::Held { refused: 0, accepted: 1 };
    }
    Judgement::Broken(
        "the column is a timestamp without time zone: two writers in different zones store different moments \
         alike"
            .to_owned(),
    )
}
