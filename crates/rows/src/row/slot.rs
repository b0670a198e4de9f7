//! Spans for rows that must not overlap: one after the other, with a pause between them.

use underpin_pg::{Table, Type};
use underpin_physical::TableDesign;

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
            Some(Self {
                constraint: exclusion.constraint.clone(),
                same: same.map(|&id| column(id)).collect::<Option<_>>()?,
                day: match exclusion.day {
                    Some(day) => Some(column(day)?),
                    None => None,
                },
                closed: separation.closed,
                from: column(separation.from)?,
                to: column(separation.to)?,
                is_partial: stored.predicate.is_some(),
                predicate: stated.or_else(|| translate(table, stored.predicate.as_ref()?)),
            })
        };
        design.exclusions.iter().filter_map(of).collect()
    }

    /// The columns and values of the span of a number, from 0. Spans of two numbers do not touch.
    pub fn span(&self, table: &Table, number: i64) -> Vec<(usize, Value)> {
        let (from, to) = Self::ends(&table.columns[self.from].data_type, number);
        let day = self.day.map(|day| (day, Value::Date(NOW / DAY + number / IN_A_DAY)));
        day.into_iter().chain([(self.from, from), (self.to, to)]).collect()
    }

    fn ends(data_type: &Type, number: i64) -> (Value, Value) {
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
        let (from, to) = Self::ends(&table.columns[self.from].data_type, number);
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

#[cfg(test)]
mod tests {
    use underpin_pg::{Column, Ident, QualifiedName};

    use super::*;

    #[test]
    fn spans_follow_each_other_without_touching() {
        for data_type in [Type::TimestampTz, Type::Date, Type::Integer] {
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
            };
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
