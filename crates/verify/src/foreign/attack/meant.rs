//! Whether a stored row is the row of our own design that was meant: the schema's triggers may have put it right,
//! and its own conditions may have asked for other values.

use underpin_server::SessionError;

use super::Object;
use super::rule::Target;
use crate::foreign::arena::{Arena, Cell, Stored};
use crate::foreign::mapping::Place;
use crate::foreign::world::{Want, World};
use crate::row::Row;
use crate::rule::truth;
use crate::value::{Decimal, Value, parse_date, parse_timestamp};

/// Whether the row as stored has what was given: a trigger may have put it right.
pub(super) fn as_given(
    stored: &Stored,
    cells: &std::collections::BTreeMap<usize, Cell>,
    columns: &[usize],
) -> bool {
    columns.iter().all(|at| match cells.get(at) {
        Some(Cell::Null) => stored[*at].is_none(),
        Some(Cell::Text(_)) => stored[*at].is_some(),
        Some(Cell::Leave) | None => true,
    })
}

/// Whether the row as stored breaks the rule where it is about references: they may lead elsewhere than
/// those of the row of our own design.
pub(super) fn is_broken_by(target: Target<'_>, stored: &Stored, row: &Row) -> bool {
    let mut there = row.clone();
    for at in target.term.fields().into_iter().filter(|&at| target.object.refers(at)) {
        if let Some(place) = target.object.place(at) {
            there[at] = stored[place.column()].clone().map_or(Value::Null, Value::Raw);
        }
    }
    // `char(n)` keeps no blanks at the end.
    for at in target.term.fields() {
        let stored = target.object.place(at).and_then(|place| stored[place.column()].as_deref());
        if let (Value::Text(given), Some(stored)) = (&there[at], stored) {
            if given.trim_end() == stored {
                there[at] = Value::Text(stored.to_owned());
            }
        }
    }
    truth(target.term, &there) == Some(false)
}

/// Whether a stored row holds the values of a row of our own design: the schema's own conditions may have
/// asked for others.
pub(super) fn is_meant(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    stored: &Stored,
    row: &Row,
    fields: &[usize],
) -> Result<bool, SessionError> {
    let expected = given(arena, object, row)?;
    Ok(fields.iter().all(|&at| {
        let Some(Place::Column(column)) = object.place(at) else { return true };
        if object.refers(at) {
            return true;
        }
        match (expected.get(&column), &stored[column]) {
            (Some(Cell::Text(wanted)), Some(there)) => is_same(wanted, there),
            (Some(Cell::Null) | None, there) => there.is_none(),
            (Some(Cell::Text(_)), None) => false,
            (Some(Cell::Leave), _) => true,
        }
    }))
}

/// Whether a row is written with the values that are meant: what the schema's own conditions asked for may stand in their
/// place.
pub(super) fn is_drafted(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    row: &Row,
    fields: &[usize],
) -> Result<bool, SessionError> {
    let want = Want { row: Some(row.clone()), ..Want::default() };
    let table = &object.table.name;
    let drafted = arena.within(|arena| arena.draft(table, &want, &mut World::default(), 0))?;
    let Ok(cells) = drafted else { return Ok(false) };
    let text = |cell: Cell| if let Cell::Text(text) = cell { Some(text) } else { None };
    let stored: Stored = cells.into_iter().map(text).collect();
    is_meant(arena, object, &stored, row, fields)
}

/// Whether two texts say one value: as numbers, as moments, or letter for letter.
pub(super) fn is_same(left: &str, right: &str) -> bool {
    let moment =
        |text: &str| parse_timestamp(text).or_else(|| parse_date(text).map(|days| days * 86_400));
    let is_true = |text: &str| match text {
        "t" | "true" => Some(true),
        "f" | "false" => Some(false),
        _ => None,
    };
    left == right
        || matches!((Decimal::parse(left), Decimal::parse(right)), (Some(left), Some(right)) if left == right)
        || matches!((moment(left), moment(right)), (Some(left), Some(right)) if left == right)
        || matches!((is_true(left), is_true(right)), (Some(left), Some(right)) if left == right)
        // Another form, such as that of JSON or of a time of day, is not compared.
        || (Decimal::parse(left).is_none() && moment(left).is_none() && is_true(left).is_none()
            && left.starts_with(['{', '[', '\\']))
        || left.split(':').count() > 1 && right.starts_with(left.trim_end_matches(":00"))
        || left.trim_end() == right.trim_end()
}

pub(super) fn given(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    row: &Row,
) -> Result<std::collections::BTreeMap<usize, Cell>, SessionError> {
    let plain = arena.plain(&object.ours, row);
    let future = arena.learned.get(&object.table.name).map(|it| it.future).unwrap_or_default();
    let mut cells = arena.cells(&object.ours, &plain, future)?;
    // Of a reference it counts only whether it is there.
    for at in object.references() {
        let Some(place) = object.place(at) else { continue };
        let value =
            if row[at].is_present() { Cell::Text("a reference".to_owned()) } else { Cell::Null };
        cells.insert(place.column(), value);
    }
    Ok(cells)
}

pub(super) fn shown_given(
    object: &Object<'_>,
    cells: &std::collections::BTreeMap<usize, Cell>,
    columns: &[usize],
) -> String {
    let mut row: Stored = vec![None; object.table.columns.len()];
    for (at, cell) in cells {
        if let Cell::Text(text) = cell {
            row[*at] = Some(text.clone());
        }
    }
    object.shown(&row, columns)
}
