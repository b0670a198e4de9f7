//! Changes a row until its rules hold, or until a chosen one is broken and the others hold. A local
//! search: the first goal that is missed is pushed, then all are looked at again.

use std::cmp::Ordering;

use underpin_model::{Arithmetic, Comparison, JsonForm, Literal};
use underpin_pg::Type;

use super::evaluate::{calculate, holds, order};
use super::{Term, TextPattern, term, truth};
use crate::dice::Dice;
use crate::row::{Fresh, Row, Shape};
use crate::value::{Decimal, Value, parse_date, parse_timestamp};

/// A rule, and what it shall be.
#[derive(Debug, Clone, Copy)]
pub struct Goal<'a> {
    /// The rule.
    pub rule: &'a Term,
    /// Whether it must not be broken, or must be.
    pub kept: bool,
}

impl Goal<'_> {
    /// Whether a row is as wanted. Like a CHECK, a rule is kept unless it is false.
    pub fn is_met(&self, row: &Row) -> bool {
        (truth(self.rule, row) == Some(false)) != self.kept
    }
}

/// The search.
#[derive(Debug)]
pub struct Repair<'a> {
    /// The table.
    pub shape: &'a Shape<'a>,
    /// For each column whether it must stay as it is.
    pub fixed: &'a [bool],
    /// Columns that must hold a value, whether the table asks for one or not.
    pub filled: &'a [usize],
    /// Choices.
    pub dice: &'a mut Dice,
    /// New values.
    pub fresh: &'a mut Fresh,
}

impl Repair<'_> {
    /// Whether all goals are met in the end.
    pub fn run(&mut self, row: &mut Row, goals: &[Goal<'_>]) -> bool {
        const ROUNDS: usize = 60;
        for round in 0..ROUNDS {
            let missed: Vec<&Goal<'_>> = goals.iter().filter(|goal| !goal.is_met(row)).collect();
            let Some(first) = missed.first() else { return true };
            // Later rounds take any of the missed goals: two rules that undo each other need another order.
            let goal = if round < 20 { first } else { *self.dice.pick(&missed) };
            self.push(goal.rule, goal.kept, row);
        }
        goals.iter().all(|goal| goal.is_met(row))
    }

    /// Changes the row so that the rule is `wanted`; `false` where it sees no way.
    fn push(&mut self, rule: &Term, wanted: bool, row: &mut Row) -> bool {
        if truth(rule, row) == Some(wanted) {
            return true;
        }
        match rule {
            Term::Field(field) => self.set(*field, Value::Boolean(wanted), row),
            Term::JsonForm(field, form) => {
                let json = if (*form == JsonForm::Object) == wanted { "{}" } else { "[]" };
                self.set(*field, Value::Raw(json.to_owned()), row)
            }
            Term::IsPresent(field) if wanted => {
                let value = self.fresh.value(self.shape, *field, self.dice);
                value.is_present() && self.set(*field, value, row)
            }
            Term::IsPresent(field) => self.set(*field, Value::Null, row),
            Term::Not(inner) => self.push(inner, !wanted, row),
            Term::All(list) if wanted => list.iter().all(|item| self.push(item, true, row)),
            Term::Any(list) if !wanted => list.iter().all(|item| self.push(item, false, row)),
            Term::All(list) | Term::Any(list) => self.push_one(list, wanted, row),
            Term::Implies(condition, consequence) if wanted => {
                let mut ways = [(consequence, true), (condition, false)];
                if self.dice.percent(30) {
                    ways.reverse();
                }
                ways.into_iter().any(|(part, wanted)| self.push(part, wanted, row))
            }
            Term::Implies(condition, consequence) => {
                self.push(condition, true, row) && self.push(consequence, false, row)
            }
            Term::OneOf(value, list) => self.push_list(value, list, wanted, row),
            Term::Matches(value, pattern) => {
                let Term::Field(field) = **value else { return false };
                let Some(text) = self.text_for(pattern, wanted) else { return false };
                self.set(field, Value::Text(text), row)
            }
            Term::Compare(left, comparison, right) => {
                let comparison = if wanted { *comparison } else { negated(*comparison) };
                self.push_comparison(left, comparison, right, row)
            }
            Term::Literal(_)
            | Term::Calculate(..)
            | Term::Length(_)
            | Term::Apart { .. }
            | Term::Together { .. } => false,
        }
    }

    fn push_one(&mut self, list: &[Term], wanted: bool, row: &mut Row) -> bool {
        let from = self.dice.index(list.len());
        (0..list.len()).any(|step| self.push(&list[(from + step) % list.len()], wanted, row))
    }

    fn push_list(&mut self, value: &Term, list: &[Literal], wanted: bool, row: &mut Row) -> bool {
        if list.is_empty() {
            return false;
        }
        let literal = |item: &Literal| term(&Term::Literal(item.clone()), row);
        if wanted {
            let member = literal(self.dice.pick(list));
            return self.set_term(value, Comparison::Equal, &member, row);
        }
        let members: Vec<Value> = list.iter().map(literal).collect();
        let outside = match &members[0] {
            Value::Number(_) => {
                let greatest = members.iter().max().cloned().unwrap_or(Value::Null);
                return self.set_term(value, Comparison::Greater, &greatest, row);
            }
            _ => ["other", "none of these", ""]
                .into_iter()
                .map(|text| Value::Text(text.to_owned()))
                .find(|text| !members.contains(text)),
        };
        outside.is_some_and(|outside| self.set_term(value, Comparison::Equal, &outside, row))
    }

    fn text_for(&mut self, pattern: &str, wanted: bool) -> Option<String> {
        let pattern = TextPattern::parse(pattern)?;
        if wanted {
            return Some(pattern.example(&mut |length| self.dice.index(length)));
        }
        let example = pattern.example(&mut |length| self.dice.index(length));
        let candidates = [
            "#".to_owned(),
            String::new(),
            format!("{example} "),
            example.to_uppercase(),
            example.to_lowercase(),
            format!("{example}{example}"),
        ];
        candidates.into_iter().find(|text| !pattern.matches(text))
    }

    fn push_comparison(
        &mut self,
        left: &Term,
        comparison: Comparison,
        right: &Term,
        row: &mut Row,
    ) -> bool {
        // A comparison with a missing value is unknown; who wants it true or false needs the value.
        for side in [left, right] {
            for field in side.fields() {
                if !row[field].is_present() {
                    let value = self.fresh.value(self.shape, field, self.dice);
                    if !value.is_present() || !self.set(field, value, row) {
                        return false;
                    }
                }
            }
        }
        let now = Term::compare(left.clone(), comparison, right.clone());
        if truth(&now, row) == Some(true) {
            return true;
        }
        let right_value = term(right, row);
        let left_value = term(left, row);
        let mut sides = [(left, comparison, right_value), (right, flipped(comparison), left_value)];
        if self.dice.percent(20) {
            sides.reverse();
        }
        sides.iter().any(|(side, comparison, value)| self.set_term(side, *comparison, value, row))
    }

    /// Changes the fields of a term so that it stands to `target` as wanted.
    fn set_term(
        &mut self,
        of: &Term,
        comparison: Comparison,
        target: &Value,
        row: &mut Row,
    ) -> bool {
        match of {
            Term::Field(field) => {
                if self.fixed[*field] {
                    return false;
                }
                let value = self.beside(*field, comparison, target);
                value.is_some_and(|value| self.set(*field, value, row))
            }
            Term::Length(inner) => {
                let (Term::Field(field), Value::Number(length)) = (&**inner, target) else {
                    return false;
                };
                let length = length.floor();
                let wanted = match comparison {
                    Comparison::Equal | Comparison::LessOrEqual | Comparison::GreaterOrEqual => {
                        length
                    }
                    Comparison::Less => length - 1,
                    Comparison::Greater | Comparison::NotEqual => length + 1,
                };
                let Ok(wanted) = usize::try_from(wanted) else { return false };
                let Value::Text(text) = &row[*field] else { return false };
                if wanted > LONGEST_TEXT {
                    return false;
                }
                let text = resized(text, wanted);
                self.set(*field, Value::Text(text), row)
            }
            Term::Calculate(left, how, right) => {
                self.set_calculation(left, *how, right, comparison, target, row)
            }
            Term::Compare(..)
            | Term::Literal(_)
            | Term::Apart { .. }
            | Term::Together { .. }
            | Term::OneOf(..)
            | Term::Matches(..)
            | Term::JsonForm(..)
            | Term::IsPresent(_)
            | Term::All(_)
            | Term::Any(_)
            | Term::Not(_)
            | Term::Implies(..) => false,
        }
    }

    fn set_calculation(
        &mut self,
        left: &Term,
        how: Arithmetic,
        right: &Term,
        comparison: Comparison,
        target: &Value,
        row: &mut Row,
    ) -> bool {
        let (left_value, right_value) = (term(left, row), term(right, row));
        let less = |from: &Value, what: &Value| calculate(from, Arithmetic::Subtract, what);
        let over = |from: &Value, what: &Value| match (from, what) {
            (Value::Number(from), Value::Number(what)) => from.over(*what).map(Value::Number),
            _ => None,
        };
        let (left_target, right_target, right_comparison) = match how {
            Arithmetic::Add => (less(target, &right_value), less(target, &left_value), comparison),
            Arithmetic::Subtract => (
                calculate(target, Arithmetic::Add, &right_value),
                less(&left_value, target),
                flipped(comparison),
            ),
            Arithmetic::Multiply => {
                (over(target, &right_value), over(target, &left_value), comparison)
            }
        };
        left_target.is_some_and(|value| self.set_term(left, comparison, &value, row))
            || right_target.is_some_and(|value| self.set_term(right, right_comparison, &value, row))
    }

    /// A value of a column that stands to `target` as wanted, near to it.
    fn beside(&mut self, field: usize, comparison: Comparison, target: &Value) -> Option<Value> {
        let data_type = &self.shape.table.columns[field].data_type;
        let target = converted(data_type, target)?;
        let far = match comparison {
            Comparison::Equal => return Some(target),
            Comparison::NotEqual => {
                let other = self.fresh.value(self.shape, field, self.dice);
                return match order(&other, &target) {
                    Some(Ordering::Equal) | None => stepped(data_type, &target, 1),
                    Some(_) => Some(other),
                };
            }
            Comparison::LessOrEqual | Comparison::GreaterOrEqual if self.dice.percent(20) => 0,
            Comparison::LessOrEqual | Comparison::Less => -1,
            Comparison::GreaterOrEqual | Comparison::Greater => 1,
        };
        let scaled = match target {
            Value::Timestamp(_) => self.dice.between(1, 5 * 86_400),
            Value::Date(_) => self.dice.between(1, 10),
            _ => 1,
        };
        let near = stepped(data_type, &target, far * scaled)?;
        // What is less than a positive amount should rather be something between it and nothing.
        if far < 0 {
            if let Value::Number(number) = &target {
                let scale = scale_of(data_type);
                let share = Decimal::new(i128::from(self.dice.between(10, 90)), 2);
                let between = number.times(share)?.cut(scale);
                if between > Decimal::from(0) && between < *number {
                    return Some(Value::Number(between));
                }
            }
        }
        order(&near, &target).is_some_and(|ordering| holds(comparison, ordering)).then_some(near)
    }

    fn set(&self, field: usize, value: Value, row: &mut Row) -> bool {
        let is_asked = self.shape.table.columns[field].not_null || self.filled.contains(&field);
        let may_be = value.is_present() || !is_asked;
        let fits = fits(&self.shape.table.columns[field].data_type, &value);
        if self.fixed[field] || !may_be || !fits || self.shape.is_computed(field) {
            return false;
        }
        row[field] = value;
        true
    }
}

/// A value of the column's kind that says the same, as far as the kind can.
pub fn converted(data_type: &Type, value: &Value) -> Option<Value> {
    Some(match (data_type, value) {
        (Type::TimestampTz, Value::Date(days)) => Value::Timestamp(days * 86_400),
        (Type::Date, Value::Timestamp(seconds)) => Value::Date(seconds.div_euclid(86_400)),
        (Type::TimestampTz, Value::Text(text)) => Value::Timestamp(parse_timestamp(text)?),
        (Type::Date, Value::Text(text)) => Value::Date(parse_date(text)?),
        (Type::SmallInt | Type::Integer | Type::BigInt, Value::Number(number)) => {
            Value::Number(number.cut(0))
        }
        (Type::Numeric(Some((_, scale))), Value::Number(number)) => {
            Value::Number(number.cut(u32::from(*scale)))
        }
        _ if value.is_present() => value.clone(),
        _ => return None,
    })
}

/// Whether a type has room for a number.
fn fits(data_type: &Type, value: &Value) -> bool {
    let Value::Number(number) = value else { return true };
    let below = |greatest: i64| {
        let greatest = Decimal::from(greatest);
        number.minus(greatest).is_some_and(|over| over < Decimal::from(0))
            && number.plus(greatest).is_some_and(|over| over > Decimal::from(0))
    };
    match data_type {
        Type::SmallInt => below(1 << 15),
        Type::Integer => below(1 << 31),
        Type::BigInt => below(i64::MAX),
        Type::Numeric(Some((precision, scale))) => {
            let digits = u32::from(precision.saturating_sub(*scale));
            10_i64.checked_pow(digits).is_none_or(below)
        }
        _ => true,
    }
}

/// How many digits after the point a column's smallest step has.
fn scale_of(data_type: &Type) -> u32 {
    match data_type {
        Type::Numeric(Some((_, scale))) => u32::from(*scale),
        Type::Numeric(None) | Type::DoublePrecision => 2,
        _ => 0,
    }
}

/// A value so many of its column's smallest steps away.
pub fn stepped(data_type: &Type, value: &Value, steps: i64) -> Option<Value> {
    if steps == 0 {
        return value.is_present().then(|| value.clone());
    }
    Some(match value {
        Value::Number(number) => {
            Value::Number(number.plus(Decimal::new(i128::from(steps), scale_of(data_type)))?)
        }
        Value::Date(days) => Value::Date(days + steps),
        Value::Time(seconds) => Value::Time(seconds + steps),
        Value::Timestamp(seconds) => Value::Timestamp(seconds + steps),
        Value::Interval(seconds) => Value::Interval(seconds + steps),
        Value::Boolean(value) => Value::Boolean(*value ^ (steps % 2 != 0)),
        Value::Text(text) => {
            // Longer sorts after, shorter before, whatever the collation.
            let length = text.chars().count();
            let wanted = if steps < 0 { length.checked_sub(1)? } else { length + 1 };
            Value::Text(resized(text, wanted))
        }
        Value::Null | Value::Default | Value::Raw(_) | Value::List(_) => return None,
    })
}

/// The longest text that is made to try a limit, in characters. A longer one is no better a test, and tests that hold it are
/// files of its size: `varchar(100000000)` would make some hundred megabytes of them.
pub const LONGEST_TEXT: usize = 20_000;

/// A text of so many characters that begins like the given one.
pub fn resized(text: &str, length: usize) -> String {
    text.chars().chain(std::iter::repeat('x')).take(length).collect()
}

fn negated(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
        Comparison::Less => Comparison::GreaterOrEqual,
        Comparison::LessOrEqual => Comparison::Greater,
        Comparison::Greater => Comparison::LessOrEqual,
        Comparison::GreaterOrEqual => Comparison::Less,
    }
}

fn flipped(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Equal => Comparison::Equal,
        Comparison::NotEqual => Comparison::NotEqual,
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
    }
}
