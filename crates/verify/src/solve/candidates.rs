//! Values that a column may want: what stands in the conditions of its table, what goes with the values of the columns
//! beside it, and what columns of its type tend to hold.

use super::{Held, Plight, json, pattern};
use crate::dice::Dice;
use crate::foreign::{Kind, literals};
use crate::value::{Decimal, Value, parse_date, parse_timestamp};

/// Values in the form that the server reads, the dearest first; `None` is NULL.
pub(super) type Pool = Vec<Option<String>>;

const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;

impl Plight<'_> {
    /// What a column may be given. Whether it is a value of the column's type is for the server to say.
    pub(super) fn pool(&self, at: usize, dice: &mut Dice) -> Pool {
        let column = &self.table.columns[at];
        let kind = self.ground.kind(column);
        let near = self.texts_about(at);
        let mut found: Vec<String> = Vec::new();
        let held = match &self.row[at] {
            Held::Text(text) => Some(text.as_str()),
            Held::Null | Held::Default => None,
        };
        found.extend(held.map(str::to_owned));
        let quoted: Vec<String> = near.iter().flat_map(|it| literals(it)).collect();
        let numbers: Vec<Decimal> = near.iter().flat_map(|it| numbers(it)).collect();
        let beside = self.beside(at, &kind);
        match &kind {
            Kind::Labels(labels) => found.extend(labels.iter().cloned()),
            Kind::Boolean => found.extend(["true", "false"].map(str::to_owned)),
            Kind::Integer | Kind::Number { .. } => {
                found.extend(calculated(&beside));
                found.extend(stepped(&numbers));
                let small = ["1", "0", "2", "3", "5", "10", "100", "-1", "0.5", "7", "12", "1000"];
                found.extend(small.map(str::to_owned));
                found.extend((4..=60).map(|it: i32| it.to_string()));
            }
            Kind::Text { max } => {
                let plain = |it: &&String| !it.contains(['%', '^', '\\', '[', '(']);
                found.extend(quoted.iter().filter(plain).cloned());
                found.extend(pattern::texts(&quoted, dice));
                found.extend(
                    beside.iter().flat_map(|it| [it.clone(), it.to_lowercase(), it.to_uppercase()]),
                );
                if let Some(held) = held {
                    let squeezed: String =
                        held.chars().filter(char::is_ascii_alphanumeric).collect();
                    found.extend([
                        held.to_lowercase(),
                        held.to_uppercase(),
                        capitalised(held),
                        held.trim().to_owned(),
                        squeezed.to_uppercase(),
                        squeezed,
                    ]);
                }
                found.extend(
                    [
                        "x",
                        "X",
                        "1",
                        "",
                        "abc",
                        "ABC",
                        "a1",
                        "A1",
                        "x@example.com",
                        "EUR",
                        "DE",
                        "en",
                        "UTC",
                        "https://example.com/x",
                        "+4420123456",
                        "2024-06-03",
                        "{}",
                    ]
                    .map(str::to_owned),
                );
                found.extend(pattern::of_lengths(&numbers, *max, dice));
            }
            Kind::Date | Kind::Moment { .. } => {
                let is_day = kind == Kind::Date;
                found.extend(quoted.iter().filter(|it| parse_timestamp(it).is_some()).cloned());
                for text in held.into_iter().chain(beside.iter().map(String::as_str)) {
                    found.extend(around(text, is_day));
                }
                found.extend(days(is_day));
                // What the server's clock says: what is to come, and what has just been.
                found.extend(["today", "tomorrow", "yesterday"].map(str::to_owned));
            }
            Kind::Time => {
                found.extend(quoted.iter().filter(|it| it.contains(':')).cloned());
                for text in &beside {
                    found.push(text.clone());
                }
                found.extend(
                    [
                        "10:00", "09:00", "11:00", "00:00", "12:00", "17:00", "20:00", "23:59",
                        "24:00",
                    ]
                    .map(str::to_owned),
                );
            }
            Kind::Interval => {
                found.extend(quoted.clone());
                found.extend(beside.iter().cloned());
                found.extend(
                    [
                        "1 hour",
                        "1 day",
                        "30 minutes",
                        "15 minutes",
                        "7 days",
                        "1 month",
                        "1 year",
                        "0",
                        "-1 day",
                    ]
                    .map(str::to_owned),
                );
            }
            Kind::Json => found.extend(json::documents(&near, dice)),
            Kind::Range { of_dates } => found.extend(ranges(*of_dates, &beside)),
            Kind::Array => found.extend(lists(&quoted)),
            Kind::Uuid => {
                found.extend(quoted.clone());
                found.push(dice.uuid());
                found.extend(beside.iter().cloned());
            }
            Kind::Other(_) => {
                found.extend(quoted.clone());
                found.extend(
                    [
                        "1",
                        "0",
                        "10.0.0.1",
                        "10.0.0.0/8",
                        "\\x00",
                        "\\x",
                        "[1,10)",
                        "[1,2)",
                        "empty",
                        "08:00:2b:01:02:03",
                        "(1,1)",
                        "a",
                        "a.b",
                        "0101",
                        "{}",
                        "{[1,10)}",
                        "<a/>",
                    ]
                    .map(str::to_owned),
                );
            }
        }
        found.extend(quoted);
        found.extend(numbers.iter().map(ToString::to_string));
        let mut pool: Pool = Vec::new();
        if held.is_none() && !self.ground.refuses_null(column) {
            pool.push(None);
        }
        for text in found {
            if !pool.iter().any(|it| it.as_ref() == Some(&text)) {
                pool.push(Some(text));
            }
        }
        if held.is_some() && !self.ground.refuses_null(column) {
            pool.insert(pool.len().min(12), None);
        }
        pool
    }

    /// The conditions that read a column, first those that read the fewest others, then what its type, its default, the
    /// indexes and the triggers of its table say.
    fn texts_about(&self, at: usize) -> Vec<String> {
        let mut checks: Vec<(usize, String)> = self
            .table
            .checks
            .iter()
            .map(|it| (self.read(&it.expression), it.expression.to_string()))
            .filter(|(read, _)| read.contains(&at))
            .map(|(read, text)| (read.len(), text))
            .collect();
        checks.sort_by_key(|(count, _)| *count);
        let column = &self.table.columns[at];
        let mut found: Vec<String> = self.ground.conditions_of(&column.data_type);
        found.extend(checks.into_iter().map(|(_, text)| text));
        found.extend(column.default.as_ref().map(ToString::to_string));
        let called: Vec<String> =
            found.iter().flat_map(|it| self.ground.called_by(it)).map(str::to_owned).collect();
        found.extend(called);
        found
    }

    /// What the row holds in other columns of the same kind that a condition reads together with this one.
    fn beside(&self, at: usize, kind: &Kind) -> Vec<String> {
        let mut found = Vec::new();
        let together = self.table.checks.iter().map(|it| self.read(&it.expression));
        for read in together.filter(|read| read.contains(&at)) {
            for other in read.into_iter().filter(|it| *it != at) {
                let is_like = like(kind) == like(&self.ground.kind(&self.table.columns[other]));
                if let (Held::Text(text), true) = (&self.row[other], is_like) {
                    if !found.contains(text) {
                        found.push(text.clone());
                    }
                }
            }
        }
        found
    }
}

/// A text of letters alone, with a capital first.
fn capitalised(text: &str) -> String {
    let letters = text.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase());
    letters.enumerate().map(|(at, c)| if at == 0 { c.to_ascii_uppercase() } else { c }).collect()
}

/// Kinds whose values may be those of each other.
fn like(kind: &Kind) -> u8 {
    match kind {
        Kind::Text { .. } | Kind::Labels(_) => 0,
        Kind::Integer | Kind::Number { .. } => 1,
        Kind::Boolean => 2,
        Kind::Date | Kind::Moment { .. } | Kind::Range { .. } => 3,
        Kind::Time => 4,
        Kind::Interval => 5,
        Kind::Uuid => 6,
        Kind::Json => 7,
        Kind::Array => 8,
        Kind::Other(_) => 9,
    }
}

/// The numbers in a condition.
pub(super) fn numbers(text: &str) -> Vec<Decimal> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-' || c == '_'))
        .filter_map(Decimal::parse)
        .collect()
}

/// Numbers with those just above and below.
fn stepped(numbers: &[Decimal]) -> Vec<String> {
    let mut found = Vec::new();
    for step in [0, 1, -1] {
        found.extend(numbers.iter().filter_map(|it| it.plus(Decimal::from(step))));
    }
    found.iter().map(ToString::to_string).collect()
}

/// What numbers come to: sums, differences, products, and what is just above and below each.
fn calculated(texts: &[String]) -> Vec<String> {
    const MOST: usize = 5;
    let numbers: Vec<Decimal> =
        texts.iter().filter_map(|it| Decimal::parse(it)).take(MOST).collect();
    let mut found: Vec<Decimal> = numbers.clone();
    for (at, one) in numbers.iter().enumerate() {
        for (other_at, other) in numbers.iter().enumerate().filter(|(other, _)| *other != at) {
            found.extend(one.minus(*other));
            if other_at > at {
                found.extend(one.plus(*other));
                found.extend(one.times(*other));
            }
        }
    }
    for step in [1, -1] {
        found.extend(numbers.iter().filter_map(|it| it.plus(Decimal::from(step))));
    }
    // Of three and more: all but one from the sum of the rest, and the sum of all.
    if numbers.len() > 2 {
        let sum = numbers.iter().try_fold(Decimal::from(0), |sum, it| sum.plus(*it));
        found.extend(sum);
        for number in &numbers {
            let twice = number.plus(*number);
            found.extend(sum.zip(twice).and_then(|(sum, twice)| twice.minus(sum)));
        }
    }
    found.iter().map(ToString::to_string).collect()
}

/// Days and moments near another.
fn around(text: &str, is_day: bool) -> Vec<String> {
    let Some(moment) = parse_timestamp(text).or_else(|| parse_date(text).map(|day| day * DAY))
    else {
        return Vec::new();
    };
    let days = [0, DAY, -DAY, 7 * DAY, -7 * DAY, 30 * DAY, -30 * DAY, 100 * DAY, 365 * DAY];
    if is_day {
        return days.iter().filter_map(|step| written(moment + step, is_day)).collect();
    }
    let whole = moment - moment.rem_euclid(HOUR);
    let hours = [0, HOUR, HOUR / 2, 2 * HOUR, -HOUR, HOUR / 4];
    let of_hours = hours.iter().map(|step| whole + step);
    let all = of_hours.chain(days.iter().map(|step| moment + step));
    all.chain([moment + HOUR, moment - HOUR]).filter_map(|it| written(it, is_day)).collect()
}

fn written(moment: i64, is_day: bool) -> Option<String> {
    if is_day { Value::Date(moment.div_euclid(DAY)) } else { Value::Timestamp(moment) }.text()
}

/// Days of all kinds: each of a week, the first and the last of a month, long ago and far away.
fn days(is_day: bool) -> Vec<String> {
    /// 2024-06-03, a Monday.
    const MONDAY: i64 = 19_877;
    const NOON: i64 = DAY / 2;
    let week = (0..7).map(|it| MONDAY + it);
    // 2024-06-01, 2024-06-30, 2024-01-01, 2024-12-31, 2024-02-29; 1990-01-01, 2000-01-01, 2100-01-01, 1970-01-01.
    let others = [19_875, 19_904, 19_723, 20_088, 19_782, 7_305, 10_957, 47_482, 0];
    week.chain(others)
        .flat_map(|day| {
            if is_day {
                vec![day * DAY]
            } else {
                vec![day * DAY + NOON, day * DAY, day * DAY + NOON + 3_600]
            }
        })
        .filter_map(|moment| written(moment, is_day))
        .collect()
}

fn ranges(of_dates: bool, beside: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for one in beside {
        found.extend(beside.iter().map(|other| format!("[\"{one}\",\"{other}\")")));
        found.push(format!("[\"{one}\",)"));
    }
    let fixed: &[&str] = if of_dates {
        &[
            "[2024-06-03,2024-06-10)",
            "[2024-06-03,2024-06-04)",
            "[2024-06-01,2024-07-01)",
            "[2024-01-01,2025-01-01)",
            "[2024-06-03,)",
        ]
    } else {
        &[
            "[2024-06-03 10:00+00,2024-06-03 11:00+00)",
            "[2024-06-03 00:00+00,2024-06-04 00:00+00)",
            "[2024-06-03 10:00+00,2024-06-10 10:00+00)",
            "[2024-06-03 10:00+00,)",
        ]
    };
    found.extend(fixed.iter().map(|it| (*it).to_owned()));
    found.push("empty".to_owned());
    found
}

/// Lists of the words that stand in the conditions, and of numbers.
fn lists(quoted: &[String]) -> Vec<String> {
    const LONGEST: usize = 12;
    let quote = |word: &String| format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""));
    let mut found: Vec<String> = quoted.iter().map(|it| format!("{{{}}}", quote(it))).collect();
    for length in 2..=quoted.len().min(LONGEST) {
        let words: Vec<String> = quoted[..length].iter().map(quote).collect();
        found.push(format!("{{{}}}", words.join(",")));
    }
    for length in 0..=LONGEST {
        let items: Vec<String> = (1..=length).map(|it| it.to_string()).collect();
        found.push(format!("{{{}}}", items.join(",")));
    }
    found
}
