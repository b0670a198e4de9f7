//! Values that a key needs to differ: each carries a number, in a form that the rules on its column take.

use underpin_pg::{TextPattern, Type};

use super::mix::{mix, uuid, uuid_text};
use super::pool::is_taken;
use super::words::{Meaning, base36};
use crate::row::{NOW, Shape, is_text};
use crate::rule::Term;
use crate::value::{Decimal, Value};

const DAY: i64 = 86_400;

/// How the values of a column carry their number.
#[derive(Debug, Clone)]
pub(super) enum Form {
    /// Counted up from a number.
    Count {
        from: i64,
        scale: u32,
    },
    Uuid(u64),
    /// A day, counted back from the fixed one, or on from it.
    Day {
        from: i64,
        step: i64,
    },
    /// A moment, in steps of so many seconds.
    Moment {
        from: i64,
        step: i64,
    },
    /// A believable text.
    Meant(Meaning),
    /// Letters before the number, and to how many digits it is filled up.
    Digits {
        before: String,
        width: usize,
        base: Base,
    },
    /// One character of each list, the last moves first.
    Pattern(Vec<Vec<char>>),
    Bytes(u64),
    Address,
}

/// In which digits a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
    Ten,
    ThirtySix,
    LoudThirtySix,
}

impl Form {
    /// The form for a column, and how many values it has at most (`u64::MAX` for as many as there are rows).
    pub(super) fn of(
        shape: &Shape<'_>,
        column: usize,
        salt: u64,
        most: u64,
    ) -> Option<(Self, u64)> {
        let definition = &shape.table.columns[column];
        let forms = match &definition.data_type {
            Type::SmallInt | Type::Integer | Type::BigInt => {
                [1, 0, 10, 100, 1_000, 1_900].map(|from| Self::Count { from, scale: 0 }).to_vec()
            }
            Type::Numeric(Some((_, scale))) => {
                [1, 0].map(|from| Self::Count { from, scale: u32::from(*scale) }).to_vec()
            }
            Type::Numeric(None) | Type::DoublePrecision => vec![Self::Count { from: 1, scale: 0 }],
            Type::Date => vec![
                Self::Day { from: NOW / DAY - 1, step: -1 },
                Self::Day { from: NOW / DAY + 4_000, step: 1 },
            ],
            Type::TimestampTz => vec![
                Self::Moment { from: NOW - 60, step: -60 },
                Self::Moment { from: NOW + 4_000 * DAY, step: 60 },
            ],
            Type::Uuid => return Some((Self::Uuid(salt), u64::MAX)),
            Type::Bytea => return Some((Self::Bytes(salt), u64::MAX)),
            Type::Inet => return Some((Self::Address, 1 << 24)),
            data_type if is_text(data_type) => texts(shape, column),
            _ => return None,
        };
        let best = forms.into_iter().map(|form| {
            let room = form.room(shape, column, most);
            (form, room)
        });
        best.reduce(|best, next| if next.1 > best.1 { next } else { best }).filter(|it| it.1 > 0)
    }

    /// How many numbers from 0 up to `most` the rules on the column take.
    fn room(&self, shape: &Shape<'_>, column: usize, most: u64) -> u64 {
        let fits = |number: u64| {
            self.has(number)
                && is_taken(shape, column, &self.value(number))
                && self.fits_type(&shape.table.columns[column].data_type, number)
        };
        let probes = [0, 1, 9, 10, 35, 36, 100].into_iter().filter(|&probe| probe < most);
        let all_take = probes.chain(most.checked_sub(1)).all(fits);
        if all_take {
            return u64::MAX;
        }
        // Limits are upper ones: the first number that is refused is the end.
        let (mut taken, mut refused) = (0, most);
        while taken < refused {
            let middle = u64::midpoint(taken, refused);
            if fits(middle) { taken = middle + 1 } else { refused = middle }
        }
        if (0..taken.min(12)).all(fits) { taken } else { 0 }
    }

    /// Whether a form has so many values.
    fn has(&self, number: u64) -> bool {
        match self {
            Self::Pattern(lists) => {
                let mut room = 1_u64;
                for list in lists {
                    room = room.saturating_mul(u64::try_from(list.len()).unwrap_or(u64::MAX));
                }
                number < room
            }
            Self::Digits { width, base, .. } if *width > 0 => {
                let radix: u64 = if *base == Base::Ten { 10 } else { 36 };
                let digits = u32::try_from(*width).unwrap_or(u32::MAX);
                number < radix.saturating_pow(digits)
            }
            _ => true,
        }
    }

    fn fits_type(&self, data_type: &Type, number: u64) -> bool {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        match (self, data_type) {
            (Self::Count { from, .. }, Type::SmallInt) => from + number <= i64::from(i16::MAX),
            (Self::Count { from, .. }, Type::Integer) => from + number <= i64::from(i32::MAX),
            (Self::Count { from, .. }, Type::Numeric(Some((precision, _)))) => {
                from + number < 10_i64.saturating_pow(u32::from(*precision))
            }
            _ => true,
        }
    }

    /// The text of a number; nothing where the form is of another kind.
    pub(super) fn write(&self, number: u64, text: &mut String) {
        match self {
            Self::Meant(meaning) => meaning.write(mix(number), Some(number), text),
            Self::Digits { before, width, base } => {
                let digits = match base {
                    Base::Ten => number.to_string(),
                    Base::ThirtySix => base36(number),
                    Base::LoudThirtySix => base36(number).to_uppercase(),
                };
                text.push_str(before);
                text.extend(std::iter::repeat_n('0', width.saturating_sub(digits.len())));
                text.push_str(&digits);
            }
            Self::Pattern(lists) => {
                let mut rest = number;
                let mut characters = Vec::with_capacity(lists.len());
                for list in lists.iter().rev() {
                    let length = u64::try_from(list.len()).expect("a length has at most 64 bits");
                    characters.push(list[usize::try_from(rest % length).expect("below a usize")]);
                    rest /= length;
                }
                text.extend(characters.into_iter().rev());
            }
            Self::Count { .. }
            | Self::Uuid(_)
            | Self::Day { .. }
            | Self::Moment { .. }
            | Self::Bytes(_)
            | Self::Address => {}
        }
    }

    /// The value of a number.
    pub(super) fn value(&self, number: u64) -> Value {
        let count = i64::try_from(number).unwrap_or(i64::MAX);
        match self {
            Self::Count { from, scale } => {
                Value::Number(Decimal::new(i128::from(from + count), *scale))
            }
            Self::Uuid(salt) => Value::Raw(uuid_text(uuid(*salt, number))),
            Self::Day { from, step } => Value::Date(from + count * step),
            Self::Moment { from, step } => Value::Timestamp(from + count * step),
            Self::Meant(_) | Self::Digits { .. } | Self::Pattern(_) => {
                let mut text = String::new();
                self.write(number, &mut text);
                Value::Text(text)
            }
            Self::Bytes(salt) => Value::Raw(bytes_text(uuid(*salt, number))),
            Self::Address => Value::Raw(format!(
                "10.{}.{}.{}",
                number >> 16 & 255,
                number >> 8 & 255,
                number & 255
            )),
        }
    }
}

/// 32 bytes, as of a SHA-256, in the form in which PostgreSQL reads them.
pub(super) fn bytes_text(bytes: u128) -> String {
    format!("\\x{bytes:032x}{:032x}", bytes.rotate_left(40))
}

fn texts(shape: &Shape<'_>, column: usize) -> Vec<Form> {
    let name = shape.name(column).as_str().to_lowercase();
    let table = shape.table.name.name.as_str();
    let stem: String = name.chars().filter(char::is_ascii_alphanumeric).take(6).collect();
    let digits = |before: String, width, base| Form::Digits { before, width, base };
    let mut forms = vec![
        Form::Meant(Meaning::of(table, &name)),
        digits(format!("{stem}-"), 0, Base::ThirtySix),
        digits(stem.clone(), 0, Base::ThirtySix),
        digits(stem.to_uppercase(), 6, Base::Ten),
    ];
    let patterns = shape.rules.iter().filter(|rule| rule.columns == [column]);
    for pattern in patterns.filter_map(|rule| pattern_of(rule.term.as_ref()?)) {
        let most = shape.longest(column).unwrap_or(usize::MAX);
        for long in [12, 8, 6, 4, 2, 1, 0] {
            forms.extend(pattern.places(long).filter(|it| it.len() <= most).map(Form::Pattern));
        }
    }
    forms.push(digits(String::new(), 0, Base::ThirtySix));
    for width in [12, 8, 6, 4, 3, 2] {
        for base in [Base::Ten, Base::ThirtySix, Base::LoudThirtySix] {
            forms.push(digits(String::new(), width, base));
        }
    }
    forms
}

fn pattern_of(term: &Term) -> Option<TextPattern> {
    match term {
        Term::Matches(_, pattern) => TextPattern::parse(pattern),
        Term::All(list) => list.iter().find_map(pattern_of),
        _ => None,
    }
}
