//! What a rule says of a row: true, false, or unknown where a value is missing or the rule uses what
//! is not understood. As in SQL, only what is false breaks a CHECK.

use std::cmp::Ordering;

use underpin_model::{Arithmetic, Comparison, JsonForm, Literal};

use super::{Term, TextPattern};
use crate::row::{NOW, Row};
use crate::value::{Decimal, Value, parse_date, parse_timestamp};

/// Whether a rule holds of a row; `None` for unknown.
pub fn truth(rule: &Term, row: &Row) -> Option<bool> {
    match rule {
        Term::Field(_) | Term::Literal(_) => match term(rule, row) {
            Value::Boolean(value) => Some(value),
            _ => None,
        },
        Term::Compare(left, comparison, right) => {
            let ordering = order(&term(left, row), &term(right, row))?;
            Some(holds(*comparison, ordering))
        }
        Term::OneOf(value, list) => {
            let value = term(value, row);
            let mut unknown = false;
            for item in list {
                match order(&value, &constant(item)) {
                    Some(Ordering::Equal) => return Some(true),
                    Some(_) => {}
                    None => unknown = true,
                }
            }
            (!unknown).then_some(false)
        }
        Term::Matches(value, pattern) => match term(value, row) {
            Value::Text(text) => TextPattern::parse(pattern).map(|pattern| pattern.matches(&text)),
            _ => None,
        },
        Term::JsonForm(field, form) => match &row[*field] {
            Value::Raw(json) => Some(json.trim_start().starts_with(match form {
                JsonForm::Object => '{',
                JsonForm::Array => '[',
            })),
            _ => None,
        },
        Term::IsPresent(field) => Some(row[*field].is_present()),
        Term::All(list) => every(list.iter().map(|item| truth(item, row))),
        Term::Any(list) => {
            every(list.iter().map(|item| truth(item, row).map(|it| !it))).map(|it| !it)
        }
        Term::Not(inner) => truth(inner, row).map(|it| !it),
        Term::Implies(condition, consequence) => {
            let not_condition = truth(condition, row).map(|it| !it);
            match (not_condition, truth(consequence, row)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            }
        }
        // One row does not tell what holds of several.
        Term::Calculate(..) | Term::Length(_) | Term::Apart { .. } | Term::Together { .. } => None,
    }
}

/// `AND` of three-valued logic.
fn every(list: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut unknown = false;
    for item in list {
        match item {
            Some(true) => {}
            Some(false) => return Some(false),
            None => unknown = true,
        }
    }
    (!unknown).then_some(true)
}

/// The value of a term; [`Value::Null`] where it is missing or not understood.
pub fn term(term_of: &Term, row: &Row) -> Value {
    match term_of {
        Term::Field(field) => row[*field].clone(),
        Term::Literal(literal) => constant(literal),
        Term::Length(inner) => match term(inner, row) {
            Value::Text(text) => {
                Value::integer(i64::try_from(text.chars().count()).unwrap_or(i64::MAX))
            }
            _ => Value::Null,
        },
        Term::Calculate(left, how, right) => {
            calculate(&term(left, row), *how, &term(right, row)).unwrap_or(Value::Null)
        }
        Term::Compare(..)
        | Term::OneOf(..)
        | Term::Matches(..)
        | Term::JsonForm(..)
        | Term::IsPresent(_)
        | Term::Apart { .. }
        | Term::Together { .. }
        | Term::All(_)
        | Term::Any(_)
        | Term::Not(_)
        | Term::Implies(..) => truth(term_of, row).map_or(Value::Null, Value::Boolean),
    }
}

fn constant(literal: &Literal) -> Value {
    match literal {
        Literal::Integer(value) => Value::integer(*value),
        Literal::Decimal(digits) => Decimal::parse(digits).map_or(Value::Null, Value::Number),
        Literal::Text(text) => Value::Text(text.clone()),
        Literal::Boolean(value) => Value::Boolean(*value),
        Literal::Now => Value::Timestamp(NOW),
        Literal::Today => Value::Date(NOW / 86_400),
        Literal::Duration(seconds) => Value::Interval(*seconds),
    }
}

/// Seconds.
const DAY: i64 = 86_400;

pub(super) fn calculate(left: &Value, how: Arithmetic, right: &Value) -> Option<Value> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => match how {
            Arithmetic::Add => left.plus(*right),
            Arithmetic::Subtract => left.minus(*right),
            Arithmetic::Multiply => left.times(*right),
        }
        .map(Value::Number),
        (Value::Timestamp(left), Value::Interval(right)) => match how {
            Arithmetic::Add => Some(Value::Timestamp(left + right)),
            Arithmetic::Subtract => Some(Value::Timestamp(left - right)),
            Arithmetic::Multiply => None,
        },
        (Value::Date(left), Value::Interval(right)) if right % DAY == 0 => match how {
            Arithmetic::Add => Some(Value::Date(left + right / DAY)),
            Arithmetic::Subtract => Some(Value::Date(left - right / DAY)),
            Arithmetic::Multiply => None,
        },
        (Value::Date(left), Value::Number(right)) => {
            let days = right.whole()?;
            match how {
                Arithmetic::Add => Some(Value::Date(left + days)),
                Arithmetic::Subtract => Some(Value::Date(left - days)),
                Arithmetic::Multiply => None,
            }
        }
        _ => None,
    }
}

/// How two values stand to each other, where both are there and of one kind.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(left.cmp(right)),
        // The server compares by the collation of the database; only equality is certain.
        (Value::Text(left) | Value::Raw(left), Value::Text(right) | Value::Raw(right)) => {
            Some(left.cmp(right))
        }
        (Value::Boolean(left), Value::Boolean(right)) => Some(left.cmp(right)),
        (Value::Date(left), Value::Date(right))
        | (Value::Time(left), Value::Time(right))
        | (Value::Interval(left), Value::Interval(right))
        | (Value::Timestamp(left), Value::Timestamp(right)) => Some(left.cmp(right)),
        (Value::Timestamp(left), Value::Date(right)) => Some(left.cmp(&(right * 86_400))),
        (Value::Date(left), Value::Timestamp(right)) => Some((left * 86_400).cmp(right)),
        (Value::Date(left), Value::Text(right)) => Some(left.cmp(&parse_date(right)?)),
        (Value::Timestamp(left), Value::Text(right)) => Some(left.cmp(&parse_timestamp(right)?)),
        (Value::Text(_), Value::Date(_) | Value::Timestamp(_)) => {
            order(right, left).map(Ordering::reverse)
        }
        _ => None,
    }
}

pub(super) fn holds(comparison: Comparison, ordering: Ordering) -> bool {
    match comparison {
        Comparison::Equal => ordering.is_eq(),
        Comparison::NotEqual => ordering.is_ne(),
        Comparison::Less => ordering.is_lt(),
        Comparison::LessOrEqual => ordering.is_le(),
        Comparison::Greater => ordering.is_gt(),
        Comparison::GreaterOrEqual => ordering.is_ge(),
    }
}
