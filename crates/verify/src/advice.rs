//! Learns from PostgreSQL what rules that are not understood let in: the first valid row of each table.

use underpin_pg::QualifiedName;
use underpin_pg::Type;
use underpin_server::{ServerError, Session, SessionError};

use crate::bench::without_triggers;
use crate::row::{NOW, PlannedRow, Planner, Wish};
use crate::trial::{Outcome, attempt};
use crate::value::{Decimal, Value};

/// Whether a valid row of a table can be inserted; else PostgreSQL's reason. Values that rules which are
/// not understood let in are remembered by the planner.
pub(crate) fn warm_up(
    session: &mut Session,
    planner: &mut Planner<'_>,
    table: &QualifiedName,
) -> Result<Result<(), String>, SessionError> {
    let mut reason = String::new();
    for _ in 0..3 {
        match try_row(session, planner, table)? {
            Tried::Accepted => return Ok(Ok(())),
            Tried::Unplanned(why) => reason = why,
            Tried::Refused(error) => {
                reason = error.to_string();
                if let Some(rule) = unknown_rule(planner, table, &error) {
                    if learn(session, planner, table, rule)? {
                        return Ok(Ok(()));
                    }
                }
            }
        }
    }
    Ok(Err(reason))
}

enum Tried {
    Accepted,
    Refused(Box<ServerError>),
    Unplanned(String),
}

fn try_row(
    session: &mut Session,
    planner: &mut Planner<'_>,
    table: &QualifiedName,
) -> Result<Tried, SessionError> {
    let plan = match planner.plan(table, &Wish::default(), &[]) {
        Ok(plan) => plan,
        Err(reason) => return Ok(Tried::Unplanned(reason)),
    };
    Ok(match insert_all(session, planner, &plan.rows, false)? {
        Outcome::Accepted(_) => Tried::Accepted,
        Outcome::Refused(error) | Outcome::NotSet(error) => Tried::Refused(error),
    })
}

fn insert_all(
    session: &mut Session,
    planner: &Planner<'_>,
    rows: &[PlannedRow],
    is_quiet: bool,
) -> Result<Outcome, SessionError> {
    let mut statements = if is_quiet { without_triggers(rows) } else { Vec::new() };
    statements.extend(rows.iter().map(|row| row.insert(&planner.shapes[&row.table]).to_string()));
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

/// Tries interesting values in the columns of a rule until PostgreSQL is content with it.
fn learn(
    session: &mut Session,
    planner: &mut Planner<'_>,
    table: &QualifiedName,
    rule: usize,
) -> Result<bool, SessionError> {
    let shape = &planner.shapes[table];
    for &column in shape.rules[rule].columns.iter().filter(|&&column| !shape.is_in_link(column)) {
        for value in pool(&shape.table.columns[column].data_type) {
            if !value.is_present() && shape.table.columns[column].not_null {
                continue;
            }
            let wish = Wish { values: [(column, value.clone())].into(), ..Wish::default() };
            let Ok(plan) = planner.plan(table, &wish, &[]) else { continue };
            let is_content = match insert_all(session, planner, &plan.rows, false)? {
                Outcome::Accepted(_) => true,
                Outcome::Refused(_) | Outcome::NotSet(_) => false,
            };
            if is_content {
                planner.fresh.advise(table, column, value);
                return Ok(true);
            }
        }
    }
    Ok(false)
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
