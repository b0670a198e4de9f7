//! New values for columns, by type and name, different from all before where a key asks for it.

use std::collections::{BTreeMap, BTreeSet};

use underpin_pg::{QualifiedName, Type};

use super::shape::is_text;
use super::{NOW, Shape, Shapes};
use crate::dice::Dice;
use crate::value::{Decimal, Value};

const DAY: i64 = 86_400;

/// Makes values.
#[derive(Debug, Clone, Default)]
pub struct Fresh {
    counter: i64,
    /// Values that PostgreSQL accepted where the rules on a column are not understood.
    advice: BTreeMap<(QualifiedName, usize), Vec<Value>>,
    /// Columns in which a row needs a value although the table asks for none.
    needed: BTreeSet<(QualifiedName, usize)>,
    /// Columns that rows leave empty, since some other value was found to be refused.
    empty: BTreeSet<(QualifiedName, usize)>,
}

impl Fresh {
    /// What the shapes of tables leave no other choice of: values that have a partition.
    pub fn of(shapes: &Shapes<'_>) -> Self {
        let mut fresh = Self::default();
        for shape in shapes.values() {
            if let Some((column, values)) = shape.values_with_a_partition() {
                fresh.advise_any(&shape.table.name, column, values);
            }
        }
        fresh
    }

    /// Remembers a value that PostgreSQL accepts for a column whose rules are not understood.
    pub fn advise(&mut self, table: &QualifiedName, column: usize, value: Value) {
        self.advise_any(table, column, vec![value]);
    }

    /// Likewise of several values, which are given in turn.
    pub fn advise_any(&mut self, table: &QualifiedName, column: usize, values: Vec<Value>) {
        self.advice.insert((table.clone(), column), values);
    }

    /// Remembers that rows need a value in a column.
    pub fn need(&mut self, table: &QualifiedName, column: usize) {
        self.needed.insert((table.clone(), column));
    }

    /// Remembers that rows leave a column empty where they may.
    pub fn leave(&mut self, table: &QualifiedName, column: usize) {
        self.empty.insert((table.clone(), column));
    }

    /// Whether rows leave a column empty where they may.
    pub fn is_left(&self, table: &QualifiedName, column: usize) -> bool {
        self.empty.contains(&(table.clone(), column))
    }

    /// Whether rows were found to need a value in a column.
    pub fn is_needed(&self, table: &QualifiedName, column: usize) -> bool {
        self.needed.contains(&(table.clone(), column))
    }

    /// Forgets what was remembered for a column.
    pub fn forget(&mut self, table: &QualifiedName, column: usize) {
        self.advice.remove(&(table.clone(), column));
        self.needed.remove(&(table.clone(), column));
    }

    /// A new one that knows what another was advised.
    pub fn advised_by(other: &Self) -> Self {
        Self {
            counter: 0,
            advice: other.advice.clone(),
            needed: other.needed.clone(),
            empty: other.empty.clone(),
        }
    }

    /// The value remembered for a column.
    pub fn advised(&self, table: &QualifiedName, column: usize) -> Option<&Value> {
        self.advice.get(&(table.clone(), column))?.first()
    }

    /// A number that was not given out before.
    pub fn number(&mut self) -> i64 {
        self.counter += 1;
        self.counter
    }

    /// A value of the column's type, never NULL.
    pub fn value(&mut self, shape: &Shape<'_>, column: usize, dice: &mut Dice) -> Value {
        let advice = self.advice.get(&(shape.table.name.clone(), column));
        match advice.map(Vec::as_slice) {
            Some([only]) => return only.clone(),
            Some(several @ [_, ..]) => {
                let turn = usize::try_from(self.counter).unwrap_or_default() % several.len();
                let value = several[turn].clone();
                self.counter += 1;
                return value;
            }
            Some([]) | None => {}
        }
        let definition = &shape.table.columns[column];
        if is_text(&definition.data_type) {
            let longest = shape.longest(column).unwrap_or(64);
            return Value::Text(self.text(
                definition.name.as_str(),
                longest,
                shape.is_in_key(column),
                dice,
            ));
        }
        self.of_type(&definition.data_type, shape.is_in_key(column), dice)
    }

    fn of_type(&mut self, data_type: &Type, is_unique: bool, dice: &mut Dice) -> Value {
        match data_type {
            Type::SmallInt | Type::Integer | Type::BigInt if is_unique => {
                Value::integer(self.number())
            }
            Type::SmallInt => Value::integer(dice.between(1, 5)),
            Type::Integer | Type::BigInt => Value::integer(dice.between(1, 1000)),
            Type::Numeric(Some((precision, scale))) => {
                let digits = u32::from(precision.saturating_sub(*scale)).min(3);
                let greatest = 10_i64.pow(digits + u32::from(*scale).min(6)) - 1;
                let units = if is_unique { self.number() } else { dice.between(1, greatest) };
                Value::Number(Decimal::new(i128::from(units), u32::from(*scale)))
            }
            Type::Numeric(None) | Type::DoublePrecision => {
                let units = if is_unique { self.number() } else { dice.between(1, 99_999) };
                Value::Number(Decimal::new(i128::from(units), 2))
            }
            Type::Text => Value::Text(self.text("text", 64, is_unique, dice)),
            Type::Boolean => Value::Boolean(dice.percent(30)),
            Type::Date => Value::Date(NOW / DAY - 1 - dice.between(0, 700)),
            Type::Time => Value::Time(dice.between(0, DAY - 1)),
            // Two years before the fixed moment, to the second.
            Type::TimestampTz => Value::Timestamp(NOW - 1 - dice.between(0, 700 * DAY)),
            Type::Interval => Value::Interval(dice.between(1, 7 * DAY)),
            Type::Uuid => Value::Raw(dice.uuid()),
            Type::Jsonb => Value::Raw(json(dice)),
            Type::Bytea => Value::Raw(format!("\\x{:08x}", self.number())),
            Type::Inet => {
                let number = self.number();
                Value::Raw(format!(
                    "10.{}.{}.{}",
                    number >> 16 & 255,
                    number >> 8 & 255,
                    number & 255
                ))
            }
            Type::TsVector => Value::Raw(format!("word{}", dice.below(1000))),
            Type::Array(element) => {
                let count = 1 + dice.index(3);
                Value::List((0..count).map(|_| self.of_type(element, false, dice)).collect())
            }
            Type::Other(name) => match name.as_str() {
                "json" => Value::Raw(json(dice)),
                name if name.starts_with("timestamp") => {
                    Value::Timestamp(NOW - 1 - dice.between(0, 700 * DAY))
                }
                name if name.starts_with("bit") => Value::Raw("0".to_owned()),
                name if name.starts_with("macaddr") => {
                    Value::Raw(format!("08:00:2b:{:02x}:00:01", dice.below(256)))
                }
                "cidr" => Value::Raw("10.0.0.0/8".to_owned()),
                "point" => Value::Raw(format!("({},{})", dice.below(90), dice.below(90))),
                "xml" => Value::Raw("<a/>".to_owned()),
                _ => Value::Raw(self.number().to_string()),
            },
            Type::Named(_) | Type::Trigger => Value::Raw(self.number().to_string()),
        }
    }

    /// Lower-case words with the column's name and, for a key, a number that was not there before.
    fn text(&mut self, name: &str, longest: usize, is_unique: bool, dice: &mut Dice) -> String {
        let number = if is_unique { self.number() } else { dice.between(0, 9_999) };
        let digits = base36(number);
        let stem: String =
            name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
        let whole = if name.to_lowercase().contains("email") {
            format!("person{digits}@example.com")
        } else {
            format!("{stem}-{digits}")
        };
        if whole.chars().count() <= longest {
            return whole;
        }
        // What tells texts apart stands at the end.
        digits.chars().skip(digits.len().saturating_sub(longest)).collect()
    }
}

fn base36(mut number: i64) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut digits = Vec::new();
    loop {
        let digit = usize::try_from(number.rem_euclid(36)).expect("below 36");
        digits.push(char::from(DIGITS[digit]));
        number = number.div_euclid(36);
        if number <= 0 {
            break;
        }
    }
    digits.into_iter().rev().collect()
}

/// An object of a few members, with few of some values and many of others.
fn json(dice: &mut Dice) -> String {
    format!(
        r#"{{"colour": "colour-{}", "size": {}, "code": "code-{}"}}"#,
        dice.below(12),
        dice.below(40),
        dice.below(5_000)
    )
}
