//! What a row may leave out: an optional field is empty in a row that is accepted, and a column with a
//! default gets the one that the documents state.

use std::collections::BTreeMap;

use underpin_claim::Family;
use underpin_model::{DefaultValue, Literal};
use underpin_server::SessionError;

use super::{Object, base, holds, objects, stated_fields};
use crate::foreign::arena::{Arena, Came, Cell};
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::{Want, World};
use crate::row::Wish;
use crate::value::{Decimal, Value};

/// The SQLSTATE of a missing value.
const NOT_NULL_VIOLATION: &str = "23502";

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    report: &mut Report,
) -> Result<(), SessionError> {
    let all = objects(arena);
    for it in stated_fields(arena, &all) {
        let table = &it.object.table.name;
        let path = format!("{}.{}", it.table, it.name);
        let has_default = it.object.table.columns[it.column].default.is_some();
        if it.field.required == Some(false) && !it.is_computed() && !has_default {
            let statement = format!("`{path}` may be empty: the documents leave it open.");
            let judgement = arena.within(|arena| absent(arena, it.object, it.at, it.column))?;
            report.add(Family::NotNull, table, it.name, "optional", statement, judgement);
        }
        let stated = it.field.default.as_ref().and_then(literal);
        // Who says in which state a row is born says what it holds where nothing is said.
        let stated = stated.or_else(|| {
            let machine = it.object.shape.machine(it.at)?;
            birth_is_stated(arena, it.object)
                .then(|| machine.initial.clone().map(Value::Text))
                .flatten()
        });
        if let Some(value) = stated.filter(|_| has_default) {
            let shown = value.text().unwrap_or_default();
            let statement = format!("A row that says nothing of `{path}` gets {shown}.");
            let judgement =
                arena.within(|arena| given(arena, it.object, it.at, it.column, &value))?;
            report.add(Family::Default, table, it.name, "", statement, judgement);
        }
    }
    Ok(())
}

/// Whether a document says in which state the rows of a table are born.
fn birth_is_stated(arena: &Arena<'_>, object: &Object<'_>) -> bool {
    let design = arena.sides.physical.tables.of(&object.ours);
    let entity = design.and_then(|it| arena.sides.logical.relation(it.relation).entity);
    let model = arena.sides.model;
    model.lifecycles.iter().any(|it| it.initial_stated && Some(it.entity) == entity)
}

/// The value of a default that is one.
fn literal(default: &DefaultValue) -> Option<Value> {
    match default {
        DefaultValue::Literal(Literal::Text(text)) => Some(Value::Text(text.clone())),
        DefaultValue::Literal(Literal::Integer(number)) => Some(Value::integer(*number)),
        DefaultValue::Literal(Literal::Decimal(digits)) => {
            Decimal::parse(digits).map(Value::Number)
        }
        DefaultValue::Literal(Literal::Boolean(value)) => Some(Value::Boolean(*value)),
        DefaultValue::Literal(Literal::Now | Literal::Today | Literal::Duration(_))
        | DefaultValue::NewIdentifier
        | DefaultValue::NewOrderedIdentifier
        | DefaultValue::EmptyObject
        | DefaultValue::EmptyList
        | DefaultValue::Sql(_) => None,
    }
}

/// A row without a value there, all else being as the documents want it.
fn absent(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    at: usize,
    column: usize,
) -> Result<Judgement, SessionError> {
    if let Err(reason) = base(arena, object, &mut World::default())? {
        return Ok(Judgement::Untried(reason));
    }
    // Another rule of the documents may ask for the value after all.
    let wish = Wish { values: BTreeMap::from([(at, Value::Null)]), ..Wish::default() };
    let meant = match arena.planner.plan(&object.ours, &wish, &[]) {
        Ok(plan) => plan.rows.last().map(|row| row.values.clone()),
        Err(reason) => return Ok(Judgement::Untried(reason)),
    };
    if meant.as_ref().is_none_or(|row| row[at] != Value::Null) {
        return Ok(Judgement::Untried("a rule asks for the value".to_owned()));
    }
    let want =
        Want { cells: BTreeMap::from([(column, Cell::Null)]), row: meant, ..Want::default() };
    let came =
        arena.within(|arena| arena.write(&object.table.name, &want, &mut World::default(), 0))?;
    let name = object.table.columns[column].name.as_str();
    Ok(match came {
        Ok(Came::Row(_)) => Judgement::Held { refused: 0, accepted: 1 },
        Ok(Came::Refused(error))
            if error.sqlstate == NOT_NULL_VIOLATION && error.column.as_deref() == Some(name) =>
        {
            Judgement::Broken(format!(
                "a row without {name} was refused, which the documents allow: {error}"
            ))
        }
        Ok(came @ (Came::Nothing | Came::Refused(_))) => Judgement::Untried(came.reason()),
        Err(reason) => Judgement::Untried(reason),
    })
}

/// Whether the server shows a value so: of truth it shows the first letter.
fn shows(stored: Option<&str>, value: &Value) -> bool {
    match value {
        Value::Boolean(is) => stored == Some(if *is { "t" } else { "f" }),
        // What one document writes as a bit, a schema keeps as truth.
        other if ["t", "f"].map(Some).contains(&stored) => {
            let said = other.text();
            let said = said.as_deref().map(str::trim);
            said == if stored == Some("t") { Some("1") } else { Some("0") }
        }
        // A column shows as many digits as it keeps.
        Value::Number(number) => stored.and_then(Decimal::parse).is_some_and(|it| it == *number),
        other => stored.is_some() && stored == other.text().as_deref(),
    }
}

/// A row of which the column is not mentioned.
fn given(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    at: usize,
    column: usize,
    value: &Value,
) -> Result<Judgement, SessionError> {
    let mut world = World::default();
    let wanted = arena.encode(&object.ours, at, object.table, column, value)?;
    let want = Want {
        cells: BTreeMap::from([(column, wanted.clone())]),
        values: BTreeMap::from([(at, value.clone())]),
        ..Want::default()
    };
    let table = &object.table.name;
    let spoken = match arena.draft(table, &want, &mut world, 0)? {
        Ok(cells) => cells,
        Err(reason) => return Ok(Judgement::Untried(reason)),
    };
    let mut silent = spoken.clone();
    silent[column] = Cell::Leave;
    // Both rows have the same values and the same owners: nothing but the column tells them apart.
    let came = arena.within(|arena| arena.put(table, &silent, &mut world.clone(), 0))?;
    let name = object.table.columns[column].name.as_str();
    Ok(match came {
        Came::Row(row) if holds(&row, column, &wanted) || shows(row[column].as_deref(), value) => {
            Judgement::Held { refused: 0, accepted: 1 }
        }
        Came::Row(row) => Judgement::Broken(format!(
            "a row that says nothing of it was stored with {name} = {}",
            row[column].as_deref().unwrap_or("NULL")
        )),
        Came::Refused(error) => {
            // With the stated value written out the same row must be let in, or something else is to blame.
            let control = arena.within(|arena| arena.put(table, &spoken, &mut world, 0))?;
            if matches!(control, Came::Row(_)) {
                Judgement::Broken(format!(
                    "a row that says nothing of {name} was refused, one with {} was not: {error}",
                    value.text().unwrap_or_default()
                ))
            } else {
                Judgement::Untried(error.to_string())
            }
        }
        Came::Nothing => Judgement::Untried(Came::Nothing.reason()),
    })
}
