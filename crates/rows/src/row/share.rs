//! Which rows have which value, where documents state the shares: counted out before the first row is made, so that a few
//! hundred rows keep to them as well as a million do.

use underpin_pg::{Literal, Type};
use underpin_physical::TableDesign;

use super::{Row, Shape};
use crate::dice::Dice;
use crate::value::{Decimal, Value};

/// The stated shares of a column.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnShares {
    pub column: usize,
    /// Each value, NULL among them, with its part of one.
    pub values: Vec<(Value, f64)>,
}

/// What a row shall have in a column.
#[derive(Debug, Clone, PartialEq)]
enum Dealt {
    This(Value),
    /// None of those whose share is stated.
    Other,
}

/// For each of a number of rows what it shall have in the columns whose shares are stated.
#[derive(Debug, Default)]
pub struct Deal {
    columns: Vec<(usize, Vec<Dealt>)>,
}

impl ColumnShares {
    /// Those of a table.
    pub(super) fn all(shape: &Shape<'_>, design: &TableDesign) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for share in &design.shares {
            let Some(column) = shape.column(&share.column) else { continue };
            // What is linked or listed for a key follows from elsewhere.
            if shape.is_computed(column) || shape.is_in_link(column) {
                continue;
            }
            let value = match &share.value {
                None | Some(Literal::Null) => Value::Null,
                Some(Literal::Boolean(value)) => Value::Boolean(*value),
                Some(Literal::Integer(value)) => Value::integer(*value),
                Some(Literal::Decimal(digits)) => {
                    Decimal::parse(digits).map_or(Value::Null, Value::Number)
                }
                Some(Literal::Text(text)) => Value::Text(text.clone()),
            };
            let entry = (value, share.percent / 100.0);
            match all.iter_mut().find(|it| it.column == column) {
                Some(known) => known.values.push(entry),
                None => all.push(Self { column, values: vec![entry] }),
            }
        }
        all
    }

    /// Whether all rows can have the values: rows of other tables may be there only beside some states.
    pub fn is_reachable(&self, shape: &Shape<'_>) -> bool {
        let lived = shape.lived.iter().find(|(column, _)| *column == self.column);
        lived.is_none_or(|(_, states)| {
            self.values.iter().all(|(value, _)| value.text().is_none_or(|it| states.contains(&it)))
        })
    }

    fn deal(&self, count: usize, dice: &mut Dice) -> Vec<Dealt> {
        let mut dealt = Vec::with_capacity(count);
        for (value, part) in &self.values {
            let room = count - dealt.len();
            dealt.extend(std::iter::repeat_n(
                Dealt::This(value.clone()),
                portion(*part, count).min(room),
            ));
        }
        dealt.resize(count, Dealt::Other);
        // Shuffled (Fisher and Yates), so that no share goes with another.
        for at in (1..count).rev() {
            dealt.swap(at, dice.index(at + 1));
        }
        dealt
    }
}

/// A part of a number of rows.
fn portion(part: f64, count: usize) -> usize {
    let whole = u32::try_from(count).map_or(f64::MAX, f64::from);
    format!("{:.0}", (part * whole).clamp(0.0, whole)).parse().unwrap_or(0)
}

impl Deal {
    /// Counts out the shares of a table for so many rows.
    pub fn new(shape: &Shape<'_>, count: usize, dice: &mut Dice) -> Self {
        let reachable = shape.shares.iter().filter(|it| it.is_reachable(shape));
        Self { columns: reachable.map(|it| (it.column, it.deal(count, dice))).collect() }
    }

    /// Puts what is stated into a row, by its number. What is dealt to other rows, or stands for no value
    /// yet, gives way to one of which nothing is stated.
    pub fn put(
        &self,
        shape: &Shape<'_>,
        number: usize,
        row: &mut Row,
        fixed: &mut [bool],
        value: &mut dyn FnMut(usize) -> Value,
        dice: &mut Dice,
    ) {
        for (column, dealt) in &self.columns {
            let column = *column;
            match dealt.get(number) {
                None => {}
                Some(Dealt::This(value)) => {
                    row[column] = value.clone();
                    fixed[column] = true;
                }
                Some(Dealt::Other) => {
                    let stated = shape.shares.iter().find(|it| it.column == column);
                    let is_stated = |value: &Value| {
                        stated.is_some_and(|it| it.values.iter().any(|(known, _)| known == value))
                    };
                    let others: Vec<Value> =
                        values(shape, column).into_iter().filter(|it| !is_stated(it)).collect();
                    let is_free = !is_stated(&row[column])
                        && (others.is_empty() || !row[column].is_present());
                    if is_free || others.contains(&row[column]) {
                        continue;
                    }
                    if others.is_empty() {
                        row[column] = value(column);
                    } else {
                        row[column] = dice.pick(&others).clone();
                        fixed[column] = true;
                    }
                }
            }
        }
    }
}

/// The values that a column has, where they can be counted.
fn values(shape: &Shape<'_>, column: usize) -> Vec<Value> {
    if shape.table.columns[column].data_type == Type::Boolean {
        return vec![Value::Boolean(false), Value::Boolean(true)];
    }
    let lived = shape.lived.iter().find(|(it, _)| *it == column);
    match lived {
        Some((_, states)) => states.iter().cloned().map(Value::Text).collect(),
        None => shape.listed(column),
    }
}
