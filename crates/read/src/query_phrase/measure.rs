//! How often and how fast, as sentences say it.

use crate::words::strip_prefix_ignoring_case;
use crate::{PatternFact, quantity};

/// Takes what a phrase says of frequency and latency.
pub(super) fn of(text: &str, pattern: &mut PatternFact) {
    pattern.latency_ms = latency_ms(text);
    pattern.frequency = frequency(text);
    pattern.per_second = pattern.frequency.as_deref().and_then(rate);
}

/// Adds what a text beside a phrase says of frequency and latency.
pub(crate) fn add(text: &str, pattern: &mut PatternFact) {
    if let Some(frequency) = frequency(text) {
        pattern.per_second = rate(&frequency);
        pattern.frequency = Some(frequency);
    }
    pattern.latency_ms = latency_ms(text).or(pattern.latency_ms);
}

/// A phrase, and what stands behind its last commas of how often and how soon: "orders of a user, newest first, 30/s, 20 ms".
pub(crate) fn parted(text: &str) -> (&str, &str) {
    let mut end = text.trim_end_matches(['.', ' ']).len();
    let whole = end;
    while let Some(at) = text[..end].rfind(", ").filter(|at| is_only(&text[at + 2..end])) {
        end = at;
    }
    (&text[..end], &text[end..whole])
}

/// Whether a phrase says nothing but how often or how soon.
fn is_only(text: &str) -> bool {
    let words = text.split_whitespace().count();
    // "100,000 rows a day": how many come, in calls that nobody counts.
    let rest = quantity::number(text).map_or("", |(_, rest)| rest.trim_start());
    let comes = text.starts_with(|c: char| c.is_ascii_digit())
        && ["rows a", "rows per", "rows each", "rows/"].iter().any(|it| rest.starts_with(it));
    let begins = |leads: &[&str]| leads.iter().any(|lead| text.to_lowercase().starts_with(lead));
    let is_soon = begins(&["within", "under", "below", "less", "p5", "p9", "<", "≤", "max"])
        && latency_ms(text).is_some();
    words <= 5 && (comes || is_soon || frequency(text).is_some())
}

/// Whether a phrase says how often or how soon.
pub(crate) fn is_told(text: &str) -> bool {
    latency_ms(text).is_some() || frequency(text).as_deref().and_then(rate).is_some()
}

fn rate(text: &str) -> Option<f64> {
    let lower = text.to_lowercase();
    if let Some(unit) = lower.strip_prefix("every ").or_else(|| once(&lower)) {
        return quantity::seconds(unit)
            .filter(|seconds| *seconds > 0.0)
            .map(|seconds| 1.0 / seconds);
    }
    quantity::per_second(text)
}

/// The stretch of time in which something is done once: "hour" in "once per hour".
fn once(lower: &str) -> Option<&str> {
    let rest = lower.strip_prefix("once ")?;
    ["per ", "a ", "an ", "every ", "each "].iter().find_map(|lead| rest.strip_prefix(lead))
}

/// "under a second", "within 500ms", "p95 < 200 ms", "in less than 2 seconds".
fn latency_ms(text: &str) -> Option<f64> {
    let lower = text.to_lowercase();
    if [
        "under a second",
        "within a second",
        "less than a second",
        "sub-second",
        "within one second",
        "under one second",
    ]
    .iter()
    .any(|words| lower.contains(words))
    {
        return Some(1000.0);
    }
    [
        "under ",
        "within ",
        "less than ",
        "< ",
        "<",
        "≤ ",
        "≤",
        "at most ",
        "below ",
        "max ",
        "p95 ",
        "p50 ",
        "p99 ",
        "up to ",
    ]
    .iter()
    .flat_map(|lead| lower.match_indices(lead).map(move |(at, _)| at + lead.len()))
    .find_map(|at| {
        let rest = lower[at..].trim_start_matches(['<', '≤', '=', ':', ' ', '~']);
        if !rest.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let (value, unit) = quantity::number(rest)?;
        let unit = unit.trim_start();
        let unit = &unit[..unit.find(|c: char| !c.is_alphabetic()).unwrap_or(unit.len())];
        let ms = match unit {
            "ms" | "msec" | "milliseconds" | "millisecond" => value,
            "s" | "sec" | "secs" | "second" | "seconds" => value * 1e3,
            _ => return None,
        };
        (ms > 0.0 && ms <= 120_000.0).then_some((ms * 1e3).round() / 1e3)
    })
}

/// A number without the words before it that say that it is not exact: "about 5 per second".
pub(super) fn exactly(text: &str) -> &str {
    const ABOUT: &[&str] =
        &["about ", "around ", "roughly ", "approximately ", "approx. ", "some ", "circa ", "ca. "];
    ABOUT.iter().find_map(|it| strip_prefix_ignoring_case(text, it)).unwrap_or(text)
}

/// "1000/day", "every minute", "300 times per hour", "high frequency", as written.
fn frequency(text: &str) -> Option<String> {
    let pieces = text.split(['(', ')', ',', ';', '—', '–']);
    // "newest first: 40 times a second".
    let pieces = pieces.chain(text.split(" - ").skip(1)).chain(text.split(": ").skip(1));
    for piece in pieces {
        let piece = piece.trim().trim_end_matches('.');
        let piece = exactly(piece);
        let lower = piece.to_lowercase();
        let short = piece.split_whitespace().count() <= 5;
        let counts = piece.starts_with(|c: char| c.is_ascii_digit() || c == '~')
            && quantity::per_second(piece).is_some();
        let repeats =
            lower.starts_with("every ") && quantity::seconds(&lower["every ".len()..]).is_some();
        let repeats = repeats || once(&lower).is_some_and(|unit| quantity::seconds(unit).is_some());
        let says = lower.ends_with("frequency")
            || lower.ends_with("frequent")
            || matches!(
                lower.as_str(),
                "hourly" | "daily" | "nightly" | "weekly" | "monthly" | "hot path"
            );
        if short && (counts || repeats || says) {
            return Some(piece.to_owned());
        }
    }
    None
}
