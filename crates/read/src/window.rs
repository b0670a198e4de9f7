//! Stretches of time that move with the clock: "the last 30 days", "today", "this month". Which moments they hold is known when
//! a query runs, and not before.

use std::fmt;

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimeUnit {
    /// Sixty seconds.
    Minute,
    /// Sixty minutes.
    Hour,
    /// A day.
    Day,
    /// Seven days, from Monday where one of the calendar is meant.
    Week,
    /// A month.
    Month,
    /// Three months.
    Quarter,
    /// A year.
    Year,
}

impl TimeUnit {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Minute, Self::Hour, Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    /// The word for it, which is PostgreSQL's as well (`date_trunc`).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// Its length in seconds; that of a usual one where the calendar has several.
    pub const fn seconds(self) -> u32 {
        match self {
            Self::Minute => 60,
            Self::Hour => 3_600,
            Self::Day => 86_400,
            Self::Week => 7 * 86_400,
            Self::Month => 30 * 86_400,
            Self::Quarter => 91 * 86_400,
            Self::Year => 365 * 86_400,
        }
    }

    /// The unit that a word names, in singular or plural or as it is shortened behind a number.
    pub fn of(word: &str) -> Option<Self> {
        let one = word.trim_end_matches('s');
        let short = match one {
            "min" => Some(Self::Minute),
            "h" | "hr" => Some(Self::Hour),
            "d" => Some(Self::Day),
            _ => None,
        };
        Self::ALL.into_iter().find(|unit| unit.as_str() == one).or(short)
    }
}

/// A stretch of time that moves with the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Window {
    /// Up to now: "the last 30 days".
    Last(u16, TimeUnit),
    /// From now on: "the next 7 days".
    Next(u16, TimeUnit),
    /// What was longer ago: "older than 5 years".
    Before(u16, TimeUnit),
    /// The one of the calendar that is now: "today", "this month".
    This(TimeUnit),
    /// The one of the calendar before: "yesterday", "the previous month".
    Previous(TimeUnit),
    /// The one of the calendar that comes: "tomorrow".
    Following(TimeUnit),
}

impl Window {
    /// How long it is, in seconds; of what was longer ago, how long ago it ends.
    pub const fn seconds(self) -> u32 {
        match self {
            Self::Last(count, unit) | Self::Next(count, unit) | Self::Before(count, unit) => {
                (count as u32).saturating_mul(unit.seconds())
            }
            Self::This(unit) | Self::Previous(unit) | Self::Following(unit) => unit.seconds(),
        }
    }

    /// Its unit.
    pub const fn unit(self) -> TimeUnit {
        match self {
            Self::Last(_, unit)
            | Self::Next(_, unit)
            | Self::Before(_, unit)
            | Self::This(unit)
            | Self::Previous(unit)
            | Self::Following(unit) => unit,
        }
    }

    /// Whether it holds moments that are still to come.
    pub const fn is_ahead(self) -> bool {
        matches!(self, Self::Next(..) | Self::Following(_))
    }

    /// The stretch that words are of from their first on, and how many of them say it. A unit without a number, "last month", is
    /// one of the calendar, unless an article makes it the time up to now: "in the last month".
    pub fn said(words: &[&str], has_article: bool) -> Option<(Self, usize)> {
        let word = |at: usize| words.get(at).copied().unwrap_or_default();
        let counted = |at: usize| {
            let (digits, unit) = match word(at).find(|c: char| !c.is_ascii_digit()) {
                // "24h"
                Some(end) if end > 0 => (&word(at)[..end], (&word(at)[end..], 1)),
                Some(_) => (small_number(word(at))?, (word(at + 1), 2)),
                None => (word(at), (word(at + 1), 2)),
            };
            let count: u16 = digits.parse().ok().filter(|count| *count > 0)?;
            Some((count, TimeUnit::of(unit.0)?, unit.1))
        };
        // "Last-minute bookings" are none of the minute before.
        let unit = |at: usize| {
            TimeUnit::of(word(at)).filter(|unit| word(at).len() > 1 && *unit != TimeUnit::Minute)
        };
        match word(0) {
            "last" | "past" | "previous" => {
                if let Some((count, unit, length)) = counted(1) {
                    return Some((Self::Last(count, unit), 1 + length));
                }
                let unit = unit(1)?;
                let is_rolling = word(0) == "past"
                    || word(0) == "last" && (has_article || unit == TimeUnit::Hour);
                Some((if is_rolling { Self::Last(1, unit) } else { Self::Previous(unit) }, 2))
            }
            "next" | "coming" | "following" => {
                if let Some((count, unit, length)) = counted(1) {
                    return Some((Self::Next(count, unit), 1 + length));
                }
                let unit = unit(1).filter(|_| word(0) == "coming")?;
                Some((Self::Next(1, unit), 2))
            }
            "newer" | "younger" if word(1) == "than" => {
                counted(2).map(|(count, unit, length)| (Self::Last(count, unit), 2 + length))
            }
            "older" if word(1) == "than" => {
                counted(2).map(|(count, unit, length)| (Self::Before(count, unit), 2 + length))
            }
            "this" | "current" => unit(1).map(|unit| (Self::This(unit), 2)),
            "today" => Some((Self::This(TimeUnit::Day), 1)),
            "yesterday" => Some((Self::Previous(TimeUnit::Day), 1)),
            "tomorrow" => Some((Self::Following(TimeUnit::Day), 1)),
            _ => None,
        }
    }

    /// The stretch that a whole text names, as [`fmt::Display`] writes it or as people do.
    pub fn of(text: &str) -> Option<Self> {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower.split_whitespace().collect();
        let has_article = words.first() == Some(&"the");
        let words = &words[usize::from(has_article)..];
        let following = match words {
            ["next", unit] => TimeUnit::of(unit).map(Self::Following),
            ["this", "minute"] => Some(Self::This(TimeUnit::Minute)),
            ["previous", "minute"] => Some(Self::Previous(TimeUnit::Minute)),
            _ => None,
        };
        let said = Self::said(words, has_article).filter(|(_, length)| *length == words.len());
        said.map(|(window, _)| window).or(following)
    }
}

/// The digits of a number that is written out, as small ones are.
fn small_number(word: &str) -> Option<&'static str> {
    Some(match word {
        "two" => "2",
        "three" => "3",
        "four" => "4",
        "five" => "5",
        "six" => "6",
        "seven" => "7",
        "ten" => "10",
        "twelve" => "12",
        "thirty" => "30",
        "ninety" => "90",
        _ => return None,
    })
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let several = |count: u16| if count == 1 { "" } else { "s" };
        match self {
            Self::Last(count, unit) => {
                write!(f, "last {count} {}{}", unit.as_str(), several(*count))
            }
            Self::Next(count, unit) => {
                write!(f, "next {count} {}{}", unit.as_str(), several(*count))
            }
            Self::Before(count, unit) => {
                write!(f, "older than {count} {}{}", unit.as_str(), several(*count))
            }
            Self::This(unit) => write!(f, "this {}", unit.as_str()),
            Self::Previous(unit) => write!(f, "previous {}", unit.as_str()),
            Self::Following(unit) => write!(f, "next {}", unit.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{TimeUnit, Window};

    #[test]
    fn what_is_written_is_read_again() {
        for unit in TimeUnit::ALL {
            for window in [
                Window::Last(1, unit),
                Window::Last(30, unit),
                Window::Next(7, unit),
                Window::Before(5, unit),
                Window::Previous(unit),
                Window::Following(unit),
            ] {
                assert_eq!(Window::of(&window.to_string()), Some(window), "{window}");
            }
        }
        assert_eq!(Window::of("this month"), Some(Window::This(TimeUnit::Month)));
    }

    #[test]
    fn people_say_it_in_other_words() {
        for (text, expected) in [
            ("the last 30 days", Some("last 30 days")),
            ("last two weeks", Some("last 2 weeks")),
            ("past 24h", Some("last 24 hours")),
            ("the last month", Some("last 1 month")),
            ("last month", Some("previous month")),
            ("the previous month", Some("previous month")),
            ("today", Some("this day")),
            ("current quarter", Some("this quarter")),
            ("coming week", Some("next 1 week")),
            ("newer than 3 days", Some("last 3 days")),
            ("older than five years", Some("older than 5 years")),
            ("older than the others", None),
            // Rows and letters.
            ("last 5 orders", None),
            ("last s", None),
            ("last 0 days", None),
            ("this order", None),
            ("last", None),
        ] {
            assert_eq!(Window::of(text).map(|it| it.to_string()).as_deref(), expected, "{text}");
        }
    }
}
