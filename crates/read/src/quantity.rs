//! Numbers with their units as people write them: row counts, durations, rates.

use crate::words::{first_word, lower_words};

/// The first number in a text and what follows it: `2,200,000`, `10k`, `1.5 million`.
pub(crate) fn number(text: &str) -> Option<(f64, &str)> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let rest = &text[start..];
    let end = rest
        .char_indices()
        .find(|&(at, c)| {
            let separates = matches!(c, ',' | '.' | '_' | ' ' | '\'')
                && rest[at + c.len_utf8()..].starts_with(|next: char| next.is_ascii_digit())
                && (c != ' ' || is_thousands(&rest[at + 1..]))
                && (c != ',' || is_thousands(&rest[at + 1..]));
            !(c.is_ascii_digit() || separates)
        })
        .map_or(rest.len(), |(at, _)| at);
    let digits: String = rest[..end].chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    let value: f64 = digits.parse().ok()?;
    let after = &rest[end..];
    if let Some((power, after)) = power_of_ten(after) {
        return Some((value * power, after));
    }
    let trimmed = after.trim_start();
    let word = first_word(trimmed).unwrap_or_default();
    let scale = match word.as_str() {
        "k" | "thousand" => 1e3,
        "m" | "million" | "mio" if after.len() == trimmed.len() || word != "m" => 1e6,
        "b" | "bn" | "billion" => 1e9,
        _ => return Some((value, after)),
    };
    // The first word may stand behind a sign, as in "3 (k": then it counts nothing.
    let is_next = trimmed.get(..word.len()).is_some_and(|text| text.eq_ignore_ascii_case(&word));
    Some(if is_next { (value * scale, &trimmed[word.len()..]) } else { (value, after) })
}

/// "e9" behind "1": what the number is to be multiplied by, and what follows.
fn power_of_ten(text: &str) -> Option<(f64, &str)> {
    let rest = text.strip_prefix(['e', 'E'])?;
    let rest = rest.strip_prefix('+').unwrap_or(rest);
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let exponent: i32 = rest[..end].parse().ok().filter(|exponent| *exponent <= 15)?;
    let ends = !rest[end..].starts_with(char::is_alphanumeric);
    ends.then(|| (10_f64.powi(exponent), &rest[end..]))
}

fn is_thousands(text: &str) -> bool {
    text.chars().take_while(char::is_ascii_digit).count() == 3
}

/// The seconds of a duration such as `5 minutes`, `< 20 ms (p95)` or `nightly`.
pub(crate) fn seconds(text: &str) -> Option<f64> {
    if let Some((value, rest)) = number(text) {
        let unit = rest.trim_start_matches(['-', ' ', '+']);
        if let Some(seconds) = unit_seconds(unit) {
            return Some(value * seconds);
        }
    }
    let words = lower_words(text);
    if let [count, unit, ..] = &words[..]
        && let (Some(value), Some(seconds)) = (spelled(count), unit_seconds(unit))
    {
        return Some(value * seconds);
    }
    words.iter().find_map(|word| match word.as_str() {
        "continuous" | "continuously" | "zero" => Some(0.0),
        "hourly" | "hour" => Some(3600.0),
        "daily" | "nightly" | "night" | "day" => Some(86_400.0),
        "weekly" | "week" => Some(604_800.0),
        "monthly" | "month" => Some(2_629_800.0),
        "second" => Some(1.0),
        "minute" => Some(60.0),
        _ => None,
    })
}

/// A small number in words.
pub(crate) fn spelled(word: &str) -> Option<f64> {
    const NUMBERS: &[(&str, f64)] = &[
        ("one", 1.0),
        ("two", 2.0),
        ("three", 3.0),
        ("four", 4.0),
        ("five", 5.0),
        ("six", 6.0),
        ("seven", 7.0),
        ("eight", 8.0),
        ("nine", 9.0),
        ("ten", 10.0),
        ("twelve", 12.0),
        ("thirty", 30.0),
        ("sixty", 60.0),
        ("ninety", 90.0),
    ];
    NUMBERS.iter().find(|(name, _)| *name == word).map(|(_, value)| *value)
}

fn unit_seconds(text: &str) -> Option<f64> {
    let end = text.find(|c: char| !(c.is_alphabetic() || c == 'µ')).unwrap_or(text.len());
    Some(match text[..end].to_lowercase().as_str() {
        "µs" | "us" | "microseconds" => 1e-6,
        "ms" | "msec" | "millisecond" | "milliseconds" => 1e-3,
        "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3600.0,
        "d" | "day" | "days" => 86_400.0,
        "w" | "week" | "weeks" => 604_800.0,
        // A twelfth of a year of 365.25 days.
        "mo" | "month" | "months" => 2_629_800.0,
        "y" | "yr" | "year" | "years" => 31_557_600.0,
        _ => return None,
    })
}

/// Whether a word is a unit of time: "ms", "days".
pub(crate) fn is_duration_unit(word: &str) -> bool {
    unit_seconds(word).is_some()
}

/// How often a month holds a unit of time, with 30 days to the month: "day" is 30, "year" a twelfth.
pub(crate) fn months(unit: &str) -> Option<f64> {
    Some(match unit {
        "second" | "sec" | "s" => 2_592_000.0,
        "minute" | "min" => 43_200.0,
        "hour" | "hr" | "h" => 720.0,
        "day" | "d" => 30.0,
        "week" => 30.0 / 7.0,
        "month" | "mo" => 1.0,
        "year" | "yr" | "annum" => 1.0 / 12.0,
        _ => return None,
    })
}

/// How often in a month something happens "daily".
pub(crate) fn months_of_adverb(word: &str) -> Option<f64> {
    months(match word {
        "hourly" => "hour",
        "daily" => "day",
        "weekly" => "week",
        "monthly" => "month",
        "yearly" | "annual" | "annually" => "year",
        _ => return None,
    })
}

/// Whole days of a duration.
pub(crate) fn days(text: &str) -> Option<u32> {
    let days = (seconds(text)? / 86_400.0).round();
    // A duration of more than 2^32 days is a slip of the pen.
    (0.0..=f64::from(u32::MAX)).contains(&days).then(|| {
        let text = format!("{days:.0}");
        text.parse().unwrap_or(u32::MAX)
    })
}

/// Whether words for how long something is kept say that it has no end: "kept forever", "no time limit".
pub fn is_without_limit(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        "no time limit",
        "no retention limit",
        "without time limit",
        "without a time limit",
        "forever",
        "for ever",
        "indefinite",
        "permanently",
        "unlimited",
    ]
    .iter()
    .any(|words| lower.contains(words))
}

/// Calls in a second: `400/s`, `500/day`, `300 per minute`, `12 times an hour`.
pub(crate) fn per_second(text: &str) -> Option<f64> {
    let (value, rest) = number(text)?;
    let rest = rest.trim_start().to_lowercase();
    let rest = rest
        .trim_start_matches("requests")
        .trim_start_matches("queries")
        .trim_start_matches("calls")
        .trim_start_matches("times")
        .trim_start_matches("req")
        .trim_start_matches(['x', '+', '~'])
        .trim_start();
    if rest.starts_with("rps") || rest.starts_with("qps") || rest.starts_with("tps") {
        return Some(value);
    }
    let unit = ["/", "per ", "a ", "an ", "each ", "every "]
        .iter()
        .find_map(|lead| rest.strip_prefix(lead))?;
    Some(value / unit_seconds(unit.trim_start())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_durations_and_rates() {
        assert_eq!(number("2,200,000 rows").map(|(n, _)| n), Some(2_200_000.0));
        assert_eq!(number("about 10k").map(|(n, _)| n), Some(10_000.0));
        assert_eq!(number("1.5 million").map(|(n, _)| n), Some(1_500_000.0));
        assert_eq!(seconds("< 20 ms (p95)"), Some(0.02));
        assert_eq!(seconds("5 minutes"), Some(300.0));
        assert_eq!(seconds("Every night"), Some(86_400.0));
        assert_eq!(days("36 months"), Some(1096));
        assert_eq!(days("10 years"), Some(3653));
        assert_eq!(per_second("400/s"), Some(400.0));
        assert_eq!(per_second("300/min"), Some(5.0));
        assert_eq!(per_second("often"), None);
    }
}
