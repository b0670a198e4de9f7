//! Numbers, durations and verdicts as people read them.

use underpin_claim::Verdict;

/// A whole number with commas between thousands; fractions are rounded away.
pub(crate) fn count(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut out = String::new();
    if value <= -0.5 {
        out.push('-');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A quantity with as many decimals as it deserves, without trailing zeros.
pub(crate) fn quantity(value: f64) -> String {
    // The sum of nothing is minus zero.
    let value = value + 0.0;
    let decimals = match value.abs() {
        it if it >= 100.0 => 0,
        it if it >= 10.0 => 1,
        it if it >= 0.1 => 2,
        _ => 4,
    };
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        count(value)
    }
}

/// Milliseconds with their unit.
pub(crate) fn milliseconds(value: f64) -> String {
    // A hundredth is more than two runs agree on.
    format!("{} ms", quantity((value * 100.0).round() / 100.0))
}

/// A time span in the largest unit that leaves a whole number.
pub(crate) fn duration(seconds: f64) -> String {
    // "Every month" is kept as a twelfth of 365.25 days.
    const UNITS: [(f64, &str); 5] = [
        (2_629_800.0, "month"),
        (86_400.0, "day"),
        (3_600.0, "hour"),
        (60.0, "minute"),
        (1.0, "second"),
    ];
    for (length, name) in UNITS {
        let number = seconds / length;
        if number >= 1.0 && (number - number.round()).abs() < 1e-9 {
            return plural(number, name);
        }
    }
    format!("{} seconds", quantity(seconds))
}

/// A count with its noun.
pub(crate) fn plural(number: f64, noun: &str) -> String {
    let ending = if (number - 1.0).abs() < f64::EPSILON {
        ""
    } else if noun.ends_with('x') {
        "es"
    } else {
        "s"
    };
    format!("{} {noun}{ending}", count(number))
}

/// A count of things with its noun.
pub(crate) fn things(number: usize, noun: &str) -> String {
    plural(f64::from(u32::try_from(number).unwrap_or(u32::MAX)), noun)
}

/// A verdict in words.
pub(crate) const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Proven => "proven",
        Verdict::Refuted => "REFUTED",
        Verdict::NotRun => "not run",
        Verdict::Assumed => "assumed",
    }
}

/// A sentence with its capital and its full stop. A first word that is a name in code stays as it is.
pub(crate) fn sentence(words: &str) -> String {
    let words = words.trim();
    let first = words.split_whitespace().next().unwrap_or_default();
    let mut out = String::with_capacity(words.len() + 1);
    let mut characters = words.chars();
    if first.chars().all(|c| c.is_alphabetic() || "'-".contains(c)) {
        out.extend(characters.by_ref().take(1).flat_map(char::to_uppercase));
    }
    out.push_str(characters.as_str());
    if !out.is_empty() && !out.ends_with(['.', '!', '?', ':']) {
        out.push('.');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(count(1_800_000.4), "1,800,000");
        assert_eq!(count(999.0), "999");
        assert_eq!(quantity(12_345.6), "12,346");
        assert_eq!(quantity(0.5), "0.5");
        assert_eq!(quantity(3.0), "3");
        assert_eq!(duration(300.0), "5 minutes");
        assert_eq!(duration(3600.0), "1 hour");
        assert_eq!(duration(90.0), "90 seconds");
        assert_eq!(things(2, "index"), "2 indexes");
        assert_eq!(sentence("it is so"), "It is so.");
        assert_eq!(sentence("order_id is so."), "order_id is so.");
        assert_eq!(sentence("Größe"), "Größe.");
        assert_eq!(sentence("amount, total are so"), "amount, total are so.");
        assert_eq!(sentence(""), "");
    }
}
