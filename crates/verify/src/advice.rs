//! Learns from PostgreSQL what rules that are not understood let in: the first valid row of each table (`crate::solve`).

use std::collections::BTreeSet;

use underpin_pg::{QualifiedName, Type};
use underpin_server::{ServerError, Session, SessionError};

use crate::bench::without_triggers;
use crate::foreign::Ground;
use crate::row::{NOW, PlannedRow, Planner, Row, Shape, Wish};
use crate::solve::{Held, Plight, Solution};
use crate::trial::{Outcome, attempt};
use crate::value::{Decimal, Value, read};

/// Whether a valid row of a table can be inserted; else PostgreSQL's reason. Values that rules which are
/// not understood let in are remembered by the planner: for a row as it is born, and for one in each state of its life.
pub(crate) fn warm_up(
    session: &mut Session,
    planner: &mut Planner<'_>,
    table: &QualifiedName,
) -> Result<Result<(), String>, SessionError> {
    let born = Aim { wish: Wish::default(), is_quiet: false };
    if let Err(reason) = reached(session, planner, table, &born)? {
        return Ok(Err(reason));
    }
    let shape = &planner.shapes[table];
    if shape.rules.iter().all(|rule| rule.term.is_some()) {
        return Ok(Ok(()));
    }
    for aim in later(shape) {
        let before = planner.fresh.clone();
        let is_reached = reached(session, planner, table, &aim)?.is_ok();
        // What a later row needs must not bar the first.
        if !is_reached || !matches!(try_row(session, planner, table, &born)?, Tried::Accepted(_)) {
            planner.fresh = before;
        }
    }
    if let Tried::Accepted(row) = try_row(session, planner, table, &born)? {
        stay(planner, table, &row);
    }
    Ok(Ok(()))
}

/// Has rows keep what a good one holds in the columns of rules that are not understood.
fn stay(planner: &mut Planner<'_>, table: &QualifiedName, row: &Row) {
    let shape = &planner.shapes[table];
    let unknown = shape.rules.iter().filter(|rule| rule.term.is_none());
    let read: BTreeSet<usize> = unknown.flat_map(|rule| rule.columns.iter().copied()).collect();
    let open = open_columns(shape);
    for at in read.into_iter().filter(|at| open[0].contains(at)) {
        if row[at] == Value::Null {
            planner.fresh.leave(table, at);
        } else if planner.fresh.advised(table, at).is_none() && row[at].is_present() {
            planner.fresh.advise(table, at, row[at].clone());
            if !shape.table.columns[at].not_null {
                planner.fresh.need(table, at);
            }
        }
    }
}

/// A row that shall be there.
struct Aim {
    wish: Wish<'static>,
    /// Without the triggers of its tables: it is not born so.
    is_quiet: bool,
}

/// Rows in the states of a life.
fn later(shape: &Shape<'_>) -> Vec<Aim> {
    let mut aims = Vec::new();
    for machine in &shape.machines {
        for state in &machine.design.states {
            let values = [(machine.column, Value::Text(state.clone()))].into();
            aims.push(Aim { wish: Wish { values, ..Wish::default() }, is_quiet: true });
        }
    }
    aims
}

/// Tries to have such a row, and learns from what PostgreSQL says against it.
fn reached(
    session: &mut Session,
    planner: &mut Planner<'_>,
    table: &QualifiedName,
    aim: &Aim,
) -> Result<Result<(), String>, SessionError> {
    // One row may keep by chance what the next breaks.
    const IN_A_ROW: usize = 3;
    let mut reason = String::new();
    let mut made = 0;
    // Each round may teach what one rule lets in.
    for _ in 0..2 * planner.shapes[table].rules.len() + 6 {
        match try_row(session, planner, table, aim)? {
            Tried::Accepted(_) => {
                made += 1;
                let is_known = planner.shapes[table].rules.iter().all(|it| it.term.is_some());
                if is_known || made == IN_A_ROW {
                    return Ok(Ok(()));
                }
            }
            Tried::Unplanned(why) => reason = why,
            Tried::Refused(row, error) => {
                made = 0;
                reason = error.to_string();
                if let Some(rule) = unknown_rule(planner, table, &error) {
                    if !learn(session, planner, table, (&row, rule))? {
                        break;
                    }
                }
            }
        }
    }
    Ok(Err(reason))
}

enum Tried {
    Accepted(Row),
    Refused(Row, Box<ServerError>),
    Unplanned(String),
}

fn try_row(
    session: &mut Session,
    planner: &mut Planner<'_>,
    table: &QualifiedName,
    aim: &Aim,
) -> Result<Tried, SessionError> {
    let plan = match planner.plan(table, &aim.wish, &[]) {
        Ok(plan) => plan,
        Err(reason) => return Ok(Tried::Unplanned(reason)),
    };
    let row = plan.rows.last().expect("a plan ends with its row").values.clone();
    Ok(match insert_all(session, planner, &plan.rows, aim.is_quiet)? {
        Outcome::Accepted(_) => Tried::Accepted(row),
        Outcome::Refused(error) | Outcome::NotSet(error) => Tried::Refused(row, error),
    })
}

fn insert_all(
    session: &mut Session,
    planner: &Planner<'_>,
    rows: &[PlannedRow],
    is_quiet: bool,
) -> Result<Outcome, SessionError> {
    let mut statements = if is_quiet { without_triggers(rows) } else { Vec::new() };
    statements.extend(rows.iter().flat_map(|row| row.statements(&planner.shapes[&row.table])));
    let last = statements.pop().unwrap_or_default();
    attempt(session, &statements, &last)
}

/// The rule of the table that refused a row, where it is one that is not understood.
fn unknown_rule(
    planner: &Planner<'_>,
    table: &QualifiedName,
    error: &ServerError,
) -> Option<usize> {
    let shape = planner.shapes.get(table)?;
    let rules = shape.rules.iter();
    rules.enumerate().find_map(|(at, rule)| {
        let is_it = rule.term.is_none()
            && error.sqlstate == "23514"
            && error.constraint.as_deref() == Some(rule.constraint.as_str());
        is_it.then_some(at)
    })
}

/// Asks PostgreSQL for values with which all rules of the table hold together, and has rows take them from then on.
fn learn(
    session: &mut Session,
    planner: &mut Planner<'_>,
    table: &QualifiedName,
    (row, rule): (&Row, usize),
) -> Result<bool, SessionError> {
    let shape = &planner.shapes[table];
    let ground = Ground::of_design(shape.table);
    let plight = Plight {
        ground: &ground,
        table: shape.table,
        row: row.iter().map(held).collect(),
        reads: shape.rules[rule].columns.clone(),
        broken: None,
        free: open_columns(shape),
    };
    let mut found = plight.solutions(session, &mut planner.dice, VARIETY)?;
    // A key takes as many values as there are rows, and each look finds others.
    let is_of_key = |it: &Solution| it.len() == 1 && it.keys().all(|&at| shape.is_in_key(at));
    for _ in 0..LOOKS {
        if found.len() >= VARIETY || !found.first().is_some_and(is_of_key) {
            break;
        }
        found.extend(plight.solutions(session, &mut planner.dice, VARIETY)?);
    }
    let Some(first) = found.first() else { return Ok(false) };
    // What a rule compares them with stays as it is now.
    let whole = plight.with_beside(first);
    for (&column, text) in &whole {
        let Some(text) = text else { continue };
        let data_type = &shape.table.columns[column].data_type;
        let Some(value) = read(data_type, text) else { continue };
        let mut values = vec![value];
        // Others that go with the rest take their turns: no two rows of a key may share one.
        if whole.len() == 1 {
            let others = found.iter().filter_map(|it| it.get(&column)?.as_ref());
            for other in others.filter_map(|it| read(data_type, it)) {
                if !values.contains(&other) {
                    values.push(other);
                }
            }
        }
        planner.fresh.advise_any(table, column, values);
        if !shape.table.columns[column].not_null {
            planner.fresh.need(table, column);
        }
    }
    Ok(true)
}

/// How often further values are looked for.
const LOOKS: usize = 12;

/// How many values are kept for a column that no two rows may share a value of.
const VARIETY: usize = 400;

/// What a row holds, for the solver.
pub(crate) fn held(value: &Value) -> Held {
    match value {
        Value::Default => Held::Default,
        other => other.text().map_or(Held::Null, Held::Text),
    }
}

/// Columns that may be given other values than were planned: first those that no key counts.
pub(crate) fn open_columns(shape: &Shape<'_>) -> Vec<Vec<usize>> {
    let key = shape.primary_key();
    let is_open = |at: &usize| {
        !shape.is_in_link(*at)
            && !shape.is_computed(*at)
            && !key.contains(at)
            && shape.machine(*at).is_none()
    };
    let all = 0..shape.table.columns.len();
    let (counted, plain) = all.filter(is_open).partition(|at| shape.is_in_key(*at));
    vec![plain, counted]
}

/// Values of a type that rules tend to let in or to refuse.
pub(crate) fn pool(data_type: &Type) -> Vec<Value> {
    let texts = |texts: &[&str]| texts.iter().map(|text| Value::Text((*text).to_owned())).collect();
    let raws = |texts: &[&str]| texts.iter().map(|text| Value::Raw((*text).to_owned())).collect();
    let mut pool: Vec<Value> = match data_type {
        Type::Text => {
            let mut all: Vec<Value> = texts(&[
                "",
                " ",
                "a",
                "A",
                "ABC",
                "abc",
                "Mixed Case",
                "a@b.example",
                "A@B.EXAMPLE",
                "+4912345678",
                "https://example.com",
                "0",
                "42",
                "2024-01-01",
                "none of these",
                "a-b_c",
                "#",
            ]);
            all.push(Value::Text("x".repeat(5_000)));
            all
        }
        Type::SmallInt | Type::Integer | Type::BigInt => {
            [0, 1, -1, 5, 10, 100, 101, 1_000, 32_000].map(Value::integer).to_vec()
        }
        Type::Numeric(_) | Type::DoublePrecision => {
            let numbers = ["0", "1", "-1", "0.5", "-0.01", "1.5", "100", "101", "9999"];
            numbers.iter().filter_map(|it| Decimal::parse(it)).map(Value::Number).collect()
        }
        Type::Boolean => vec![Value::Boolean(true), Value::Boolean(false)],
        Type::Date => vec![Value::Date(0), Value::Date(NOW / 86_400), Value::Date(40_000)],
        Type::Time => vec![Value::Time(0), Value::Time(43_200), Value::Time(86_399)],
        Type::TimestampTz => {
            vec![Value::Timestamp(0), Value::Timestamp(NOW), Value::Timestamp(4_000_000_000)]
        }
        Type::Interval => {
            vec![Value::Interval(0), Value::Interval(-1), Value::Interval(1_000_000)]
        }
        Type::Jsonb => raws(&["{}", "[]", "1", "\"text\"", "null", "{\"a\": 1}", "[1]"]),
        Type::Inet => raws(&["10.0.0.1", "::1", "10.0.0.0/8"]),
        Type::Uuid => raws(&["00000000-0000-0000-0000-000000000000"]),
        Type::Bytea => raws(&["\\x", "\\x00"]),
        Type::TsVector => raws(&["", "word"]),
        Type::Array(_) => vec![
            Value::List(Vec::new()),
            Value::List(vec![Value::Text("a".to_owned())]),
            Value::List(vec![Value::integer(1), Value::integer(2)]),
        ],
        Type::Named(_) | Type::Trigger | Type::Other(_) => Vec::new(),
    };
    pool.push(Value::Null);
    pool
}
