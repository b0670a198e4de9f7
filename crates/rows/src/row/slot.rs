//! Spans for rows that must not overlap: one after the other, with a pause between them.

use underpin_model::{Arithmetic, Comparison, Expression, Literal};
use underpin_pg::{Table, Type};
use underpin_physical::TableDesign;

use super::moments::later;
use super::{NOW, Row};
use crate::rule::{Term, translate, truth};
use crate::value::Value;

const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;
/// So many spans begin on one day, where a row's day is a column of its own.
const IN_A_DAY: i64 = 8;

/// An exclusion constraint over spans.
#[derive(Debug)]
pub struct Apart {
    pub constraint: underpin_pg::Ident,
    /// What rows share that must keep apart, the day not among it.
    pub same: Vec<usize>,
    /// The day of both times.
    pub day: Option<usize>,
    /// Whether the end still belongs to the span.
    pub closed: bool,
    pub from: usize,
    pub to: usize,
    /// Whether it covers some rows only.
    pub is_partial: bool,
    /// Which rows, where that was understood.
    pub predicate: Option<Term>,
    /// The seconds that each lasts, where a rule says how long they may or must.
    pub length: Option<i64>,
}

impl Apart {
    /// The exclusion constraints of a table.
    pub fn all(table: &Table, design: &TableDesign) -> Vec<Self> {
        let column = |id: underpin_logical::AttributeId| {
            table.columns.iter().position(|column| column.name == *design.column(id))
        };
        let of = |exclusion: &underpin_physical::ExclusionDesign| {
            let stored = table.exclusions.iter().find(|it| it.name == exclusion.constraint)?;
            let separation = &exclusion.separation;
            let same = separation.same.iter().filter(|&&id| Some(id) != exclusion.day);
            let stated = separation
                .condition
                .as_ref()
                .and_then(|rule| rule.try_map(&mut |&attribute| column(attribute)));
            let (from, to) = (column(separation.from)?, column(separation.to)?);
            Some(Self {
                length: length(table, from, to),
                constraint: exclusion.constraint.clone(),
                same: same.map(|&id| column(id)).collect::<Option<_>>()?,
                day: match exclusion.day {
                    Some(day) => Some(column(day)?),
                    None => None,
                },
                closed: separation.closed,
                from,
                to,
                is_partial: stored.predicate.is_some(),
                predicate: stated.or_else(|| translate(table, stored.predicate.as_ref()?)),
            })
        };
        design.exclusions.iter().filter_map(of).collect()
    }

    /// The columns and values of the span of a number, from 0. Spans of two numbers do not touch.
    pub fn span(&self, table: &Table, number: i64) -> Vec<(usize, Value)> {
        let (from, to) = self.ends(&table.columns[self.from].data_type, number);
        let day = self.day.map(|day| (day, Value::Date(NOW / DAY + number / IN_A_DAY)));
        day.into_iter().chain([(self.from, from), (self.to, to)]).collect()
    }

    fn ends(&self, data_type: &Type, number: i64) -> (Value, Value) {
        if let Some(length) = self.length {
            let begin = match data_type {
                Type::Date => Value::Date(NOW / DAY),
                _ => Value::Timestamp(NOW),
            };
            let begin = later(&begin, number * 3 * length);
            let end = later(&begin, length);
            return (begin, end);
        }
        match data_type {
            Type::TimestampTz => {
                let begin = NOW + number * 2 * HOUR;
                (Value::Timestamp(begin), Value::Timestamp(begin + HOUR))
            }
            Type::Date => {
                let begin = NOW / DAY + number * 4;
                (Value::Date(begin), Value::Date(begin + 2))
            }
            Type::Time => {
                let begin = (8 + number % IN_A_DAY) * HOUR;
                (Value::Time(begin), Value::Time(begin + HOUR / 2))
            }
            _ => (Value::integer(number * 4), Value::integer(number * 4 + 2)),
        }
    }

    /// The span that lies in the middle of that of a number and reaches beyond its end, and the one that
    /// begins where it ends; both end before the next begins. Of days to the last, the first begins on the last one, and
    /// the second on the day after.
    pub fn neighbours(&self, table: &Table, number: i64) -> [Vec<(usize, Value)>; 2] {
        let span = self.span(table, number);
        let day = span.iter().find(|(column, _)| Some(*column) == self.day).cloned();
        let (from, to) = self.ends(&table.columns[self.from].data_type, number);
        if let Some(length) = self.length {
            let begins = [(length / 2).max(1), length].map(|by| later(&from, by));
            let begins = match (&to, begins) {
                (Value::Date(last), [first, _]) if self.closed => [first, Value::Date(last + 1)],
                (_, begins) => begins,
            };
            return begins.map(|from| {
                let to = later(&from, length);
                day.clone().into_iter().chain([(self.from, from), (self.to, to)]).collect()
            });
        }
        let (middle, end, beyond) = match (&from, &to) {
            (Value::Timestamp(a), Value::Timestamp(b)) => (
                Value::Timestamp(i64::midpoint(*a, *b)),
                to.clone(),
                Value::Timestamp(b + HOUR / 2),
            ),
            (Value::Date(_), Value::Date(b)) if self.closed => {
                (to.clone(), Value::Date(b + 1), Value::Date(b + 1))
            }
            (Value::Date(a), Value::Date(b)) => {
                (Value::Date(i64::midpoint(*a, *b)), to.clone(), Value::Date(b + 1))
            }
            (Value::Time(a), Value::Time(b)) => {
                (Value::Time(i64::midpoint(*a, *b)), to.clone(), Value::Time(b + HOUR / 4))
            }
            _ => (Value::integer(number * 4 + 1), to.clone(), Value::integer(number * 4 + 3)),
        };
        [(middle, beyond.clone()), (end, beyond)].map(|(from, to)| {
            day.clone().into_iter().chain([(self.from, from), (self.to, to)]).collect()
        })
    }

    /// Whether two rows may stand in each other's way: they share what keeps them apart, and neither ends before the
    /// other begins. Spans that only touch count, whatever the constraint says of their ends.
    pub fn may_refuse(&self, row: &Row, other: &Row) -> bool {
        let covers =
            |row: &Row| self.predicate.as_ref().is_none_or(|it| truth(it, row) == Some(true));
        let day = self.day.is_none_or(|day| row[day] == other[day]);
        let touches = row[self.from] <= other[self.to] && other[self.from] <= row[self.to];
        covers(row) && covers(other) && day && touches && self.group(row) == self.group(other)
    }

    /// The values that rows share which must keep apart.
    pub fn group(&self, row: &Row) -> Vec<Value> {
        self.same.iter().map(|&column| row[column].clone()).collect()
    }
}

/// How long the spans of a table last, in seconds, where its checks bound that: as long as others, as far as they may.
fn length(table: &Table, from: usize, to: usize) -> Option<i64> {
    let usual = match table.columns[from].data_type {
        Type::TimestampTz => HOUR,
        Type::Date => 2 * DAY,
        _ => return None,
    };
    let rules: Vec<Term> =
        table.checks.iter().filter_map(|check| translate(table, &check.expression)).collect();
    let (mut least, mut most) = (None, None);
    for rule in rules.iter().flat_map(|rule| match rule {
        Expression::All(list) => list.as_slice(),
        one => std::slice::from_ref(one),
    }) {
        let Expression::Compare(end, comparison, other) = rule else { continue };
        let Expression::Calculate(begin, Arithmetic::Add, by) = &**other else { continue };
        let Expression::Literal(Literal::Duration(seconds)) = **by else { continue };
        if **end != Expression::Field(to) || **begin != Expression::Field(from) {
            continue;
        }
        match comparison {
            Comparison::GreaterOrEqual | Comparison::Greater => least = Some(seconds),
            Comparison::LessOrEqual | Comparison::Less => most = Some(seconds),
            Comparison::Equal | Comparison::NotEqual => {}
        }
    }
    (least.is_some() || most.is_some()).then_some(())?;
    let length = most.map_or(usual, |most: i64| usual.min(most));
    Some(least.map_or(length, |least: i64| length.max(least)))
}

#[cfg(test)]
mod tests {
    use underpin_pg::{Column, Ident, QualifiedName};

    use super::*;

    fn bookings(data_type: &Type) -> (Table, Apart) {
        let id = |name: &str| Ident::new(name).unwrap();
        let mut table = Table::new(QualifiedName::new(id("public"), id("bookings")));
        table.columns = ["starts", "ends"]
            .map(|name| Column {
                name: id(name),
                data_type: data_type.clone(),
                not_null: true,
                default: None,
                identity: None,
                generated: None,
                comment: None,
            })
            .to_vec();
        let apart = Apart {
            constraint: id("bookings_excl"),
            same: Vec::new(),
            day: None,
            closed: false,
            from: 0,
            to: 1,
            is_partial: false,
            predicate: None,
            length: None,
        };
        (table, apart)
    }

    /// As long as a rule says: none overlaps the next, and neighbours are as long as the others.
    #[test]
    fn spans_of_a_stated_length() {
        for (data_type, length) in [(Type::TimestampTz, 151_200), (Type::Date, 5 * DAY)] {
            let (table, mut apart) = bookings(&data_type);
            apart.length = Some(length);
            for number in 0..9 {
                let [from, to] = [0, 1].map(|at| apart.span(&table, number)[at].1.clone());
                assert_eq!(to, later(&from, length));
                let next = apart.span(&table, number + 1)[0].1.clone();
                let [over, beside] = apart.neighbours(&table, number);
                assert!(from < over[0].1 && over[0].1 < to && to < over[1].1);
                assert_eq!(beside[0].1, to);
                assert!(beside[1].1 < next);
                for span in [over, beside] {
                    assert_eq!(span[1].1, later(&span[0].1, length));
                }
            }
        }
    }

    #[test]
    fn spans_follow_each_other_without_touching() {
        for data_type in [Type::TimestampTz, Type::Date, Type::Integer] {
            let (table, apart) = bookings(&data_type);
            for number in 0..9 {
                let [from, to] = [0, 1].map(|at| apart.span(&table, number)[at].1.clone());
                let next = apart.span(&table, number + 1)[0].1.clone();
                let [over, beside] = apart.neighbours(&table, number);
                assert!(from < over[0].1 && over[0].1 < to && to < over[1].1);
                assert_eq!(beside[0].1, to);
                assert!(beside[1].1 < next);
            }
        }
    }
}
