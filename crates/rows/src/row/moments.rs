//! The moments of a row in an order that could have been: it is made first and changed last, and what happens to
//! it happens within days. Where a rule asks for another order, the moments stay as they are.

use std::collections::BTreeMap;

use underpin_model::Window;
use underpin_pg::QualifiedName;
use underpin_physical::{MachineDesign, PhysicalDesign, TableDesign};

use super::{NOW, Row, Shape, paths};
use crate::dice::Dice;
use crate::rule::Goal;
use crate::value::{Value, begin};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// A moment in seconds.
pub const fn seconds(value: &Value) -> Option<i64> {
    match value {
        Value::Timestamp(seconds) => Some(*seconds),
        Value::Date(days) => Some(*days * DAY),
        _ => None,
    }
}

/// A moment so many seconds later; a day at the day in which that lies.
pub(crate) fn later(value: &Value, by: i64) -> Value {
    match value {
        Value::Timestamp(seconds) => Value::Timestamp(seconds + by),
        Value::Date(days) => Value::Date((days * DAY + by).div_euclid(DAY)),
        other => other.clone(),
    }
}

/// The moments that are called after states of a life cycle, and the states.
pub(crate) fn of_states<'m>(
    shape: &Shape<'_>,
    machine: &'m MachineDesign,
) -> Vec<(usize, &'m String)> {
    let state_of = |column: usize| {
        let name = shape.name(column).as_str();
        machine.states.iter().find(|state| {
            let rest = name.strip_prefix(state.as_str());
            rest.is_some_and(|rest| matches!(rest, "_at" | "_on" | "_date" | "_time"))
        })
    };
    columns(shape).into_iter().filter_map(|column| Some((column, state_of(column)?))).collect()
}

/// How early among the moments of a row each comes: by the way through its life cycle, else by its name.
fn ranks(shape: &Shape<'_>) -> BTreeMap<usize, (u8, usize)> {
    let mut ranks: BTreeMap<usize, (u8, usize)> =
        columns(shape).into_iter().map(|at| (at, (rank(shape.name(at).as_str()), 0))).collect();
    for machine in &shape.machines {
        let ways = paths(machine.design);
        for (column, state) in of_states(shape, machine.design) {
            let steps = ways.get(state).map_or(0, Vec::len);
            ranks.insert(column, (1, steps));
        }
    }
    ranks
}

fn rank(name: &str) -> u8 {
    const FIRST: [&str; 9] = [
        "created",
        "placed",
        "registered",
        "requested",
        "opened",
        "signed_up",
        "inserted",
        "submitted",
        "issued",
    ];
    const LAST: [&str; 4] = ["updated", "modified", "changed", "last_"];
    if name.contains("birth") {
        // Nothing of the row.
        3
    } else if FIRST.iter().any(|word| name.starts_with(word)) {
        0
    } else if LAST.iter().any(|word| name.starts_with(word)) {
        2
    } else {
        1
    }
}

/// The columns whose moments move together.
pub(crate) fn columns(shape: &Shape<'_>) -> Vec<usize> {
    use underpin_pg::Type;
    let is_moment = |&at: &usize| {
        let column = &shape.table.columns[at];
        let is_span =
            shape.aparts.iter().any(|it| at == it.from || at == it.to || Some(at) == it.day);
        let is_time = match &column.data_type {
            Type::TimestampTz | Type::Date => true,
            Type::Other(name) => name.starts_with("timestamp"),
            _ => false,
        };
        is_time && !is_span && rank(column.name.as_str()) < 3 && !shape.is_computed(at)
    };
    (0..shape.table.columns.len()).filter(is_moment).collect()
}

/// When a row begins: the first of its moments.
pub(crate) fn birth(columns: &[usize], row: &Row) -> Option<i64> {
    columns.iter().filter_map(|&at| seconds(&row[at])).min()
}

/// Brings the moments of a row nearer to each other and into the order that their names tell.
pub(crate) fn settle(shape: &Shape<'_>, fixed: &[bool], row: &mut Row, dice: &mut Dice) {
    let mut there: Vec<(usize, i64)> = columns(shape)
        .into_iter()
        .filter(|&at| !fixed[at] && !shape.is_in_key(at))
        .filter_map(|at| Some((at, seconds(&row[at])?)))
        .collect();
    let has_days = there.iter().any(|&(at, _)| matches!(row[at], Value::Date(_)));
    let ranks = ranks(shape);
    let goals = || shape.rules.iter().filter_map(|rule| rule.term.as_ref());
    // First by name and then by time; else by time alone.
    for by_name in [true, false] {
        there.sort_by_key(|&(at, moment)| (by_name.then(|| ranks.get(&at)).flatten(), moment, at));
        let mut settled = row.clone();
        let mut moment = NOW - 400 * DAY;
        let mut before = None;
        for &(at, was) in &there {
            if before.is_some_and(|before| before != was) {
                moment +=
                    if has_days { DAY * dice.between(1, 3) } else { dice.between(60, 2 * DAY) };
            }
            before = Some(was);
            settled[at] = match row[at] {
                Value::Date(_) => Value::Date(moment.div_euclid(DAY)),
                _ => Value::Timestamp(moment),
            };
        }
        if goals().all(|rule| Goal { rule, kept: true }.is_met(&settled)) {
            *row = settled;
            return;
        }
    }
}

/// When a row happened, among generated ones.
#[derive(Debug, Clone, Copy)]
pub struct Between {
    /// Not before this moment, such as that of a row that it belongs to.
    pub earliest: i64,
    /// All of it before this one.
    pub now: i64,
}

/// Brings the moments of a row into their order and moves them all as far, so that the row happens between two moments:
/// the later, the more of the rows. What it refers to by stays; `None` where it has no moment, or no rule lets it move.
pub fn placed(
    shape: &Shape<'_>,
    fixed: &[bool],
    row: &Row,
    between: Between,
    dice: &mut Dice,
) -> Option<Row> {
    const STEPS: u64 = 1 << 30;
    let mut settled = row.clone();
    settle(shape, fixed, &mut settled, dice);
    let movable: Vec<usize> =
        columns(shape).into_iter().filter(|&at| !shape.is_in_link(at)).collect();
    let first = birth(&movable, &settled)?;
    let last = movable.iter().filter_map(|&at| seconds(&settled[at])).max()?;
    let has_days = movable.iter().any(|&at| matches!(settled[at], Value::Date(_)));
    let latest = (between.now - 1 - (last - first)).max(between.earliest);
    let room = latest.abs_diff(between.earliest);
    // The root of an even choice lies rather among the later.
    let chosen = u128::from(dice.below(STEPS)) * u128::from(STEPS);
    let into = u128::from(room) * chosen.isqrt() / u128::from(STEPS);
    let begins = between.earliest + i64::try_from(into).unwrap_or(0);
    let mut by = begins - first;
    if has_days {
        by = by.div_euclid(DAY) * DAY;
    }
    // Rules about the present are judged at the moment that generated times lie before.
    let whole_days = (between.now - NOW).div_euclid(DAY) * DAY;
    let moved = |by: i64| {
        let mut moved = settled.clone();
        for &at in &movable {
            moved[at] = later(&settled[at], by);
        }
        moved
    };
    let judged = moved(by - whole_days);
    let mut rules = shape.rules.iter().filter_map(|rule| rule.term.as_ref());
    rules.all(|rule| Goal { rule, kept: true }.is_met(&judged)).then(|| moved(by))
}

/// The first moment of a row.
pub fn begun(shape: &Shape<'_>, row: &Row) -> Option<i64> {
    birth(&columns(shape), row)
}

/// The moment before which all that is generated for a design happens: today where tables are split by time, since their
/// partitions are those of today, or where a query asks the clock for the last days; the present hour where it asks for hours,
/// or for today or this month; else [`NOW`].
pub fn clock(physical: &PhysicalDesign, now: impl FnOnce() -> i64) -> i64 {
    let mut split = physical.tables.iter().filter_map(|table| table.partitions.as_ref());
    let is_split = split.any(|it| it.upkeep().is_some());
    let windows = || physical.queries.iter().flat_map(|query| &query.windows).map(|it| it.window);
    let asks_for_hours = windows()
        .any(|window| matches!(window, Window::This(_)) || i64::from(window.seconds()) < DAY);
    let step = if asks_for_hours { HOUR } else { DAY };
    if is_split || windows().next().is_some() { now().div_euclid(step) * step } else { NOW }
}

/// When a stretch of time begins and ends, at a moment in seconds.
pub fn bounds(window: Window, now: i64) -> (i64, i64) {
    let length = i64::from(window.seconds());
    let of_calendar = |unit, later| (begin(unit, now, later), begin(unit, now, later + 1));
    match window {
        Window::Last(..) => (now - length, now),
        Window::Next(..) => (now, now + length),
        Window::Before(..) => (now - 2 * length, now - length),
        Window::This(unit) => of_calendar(unit, 0),
        Window::Previous(unit) => of_calendar(unit, -1),
        Window::Following(unit) => of_calendar(unit, 1),
    }
}

/// For how many seconds from now on there are rows of a table: where a query asks for the next days, twice as long.
pub fn ahead(physical: &PhysicalDesign, table: &QualifiedName) -> i64 {
    let windows = physical.queries.iter().flat_map(|query| &query.windows);
    let ends = windows.filter(|it| it.table == *table && it.window.is_ahead());
    2 * ends.map(|it| i64::from(it.window.seconds())).max().unwrap_or(0)
}

/// For how many seconds back there are rows of a table: no longer than they are kept, or than partitions are made of.
pub(super) fn window(design: &TableDesign) -> Option<i64> {
    /// So many partitions have generated rows at most: the same rows in more of them are so few in each that all are read
    /// whole, which says nothing of the plan at the stated volume.
    const PARTITIONS: f64 = 24.0;
    let kept = design.growth.retention_days.map(f64::from);
    let upkeep = design.partitions.as_ref().and_then(|it| it.upkeep());
    let split = upkeep.map(|it| it.interval.days() * PARTITIONS);
    let days = match (kept, split) {
        (Some(kept), Some(split)) => kept.min(split),
        (one, other) => one.or(other)?,
    };
    let days: i64 = format!("{days:.0}").parse().ok()?;
    // What is about to be dropped is no longer there at the end of a day.
    Some((days - 2).max(1) * DAY)
}

/// Makes the partitions of rows that happen before a moment, where those that the table begins with are for the present
/// alone: rows that are kept for ever have a history, too.
pub fn history(shape: &Shape<'_>, now: i64) -> Option<String> {
    let upkeep = shape.upkeep.filter(|upkeep| upkeep.kept.is_none())?;
    let text = |seconds: i64| Value::Timestamp(seconds).text();
    Some(upkeep.covering(&text(now - shape.window?)?, &text(now)?))
}
