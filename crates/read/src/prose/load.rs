//! How many use the system at a time, and how much more is called at its peak: "500 concurrent users", "peak 200 requests
//! per second", "peaks three times the average at noon".

use smol_str::SmolStr;

use super::placed_sentences;
use crate::document::{BlockKind, Document, Inline};
use crate::notation::Output;
use crate::quantity::{number, per_second, spelled};
use crate::words::lower_words;
use crate::{Fact, LoadMeasure};

pub(crate) const DOC: &str = "A line or sentence that says how many use the system at a time, or what is called at its peak.";

/// Who uses a system.
const USERS: &[&str] = &[
    "users",
    "customers",
    "clients",
    "people",
    "visitors",
    "players",
    "members",
    "sessions",
    "agents",
    "guests",
    "shoppers",
    "readers",
    "students",
    "employees",
];
/// Words for doing so together.
const TOGETHER: &[&str] = &["concurrent", "concurrently", "simultaneous", "simultaneously"];
/// Words for the time of the most calls.
const PEAK: &[&str] = &["peak", "peaks", "peaking", "burst", "bursts", "spike", "spikes"];
/// Words for all other times.
const USUAL: &[&str] = &["average", "normal", "usual", "mean", "baseline", "regular", "ordinary"];
/// A limit for one of them counts not all.
const OF_ONE: &[&str] = &["per", "each", "every", "one"];

pub(crate) fn read(document: &Document<'_>, out: &mut Output) {
    for (_, block) in out.blocks(document) {
        let mut facts = Vec::new();
        let mut line = |inline: &Inline| {
            for (text, range) in placed_sentences(inline) {
                let is_open = out.is_open(document, range.start)
                    || out.reader_at(document, range.start).starts_with("prose-");
                if !is_open {
                    continue;
                }
                for (measure, value) in said(&text) {
                    let text = text.trim().to_owned();
                    let fact = Fact::Load { measure, value, text };
                    facts.push((document.span(range.clone()), fact));
                }
            }
        };
        match &block.kind {
            BlockKind::Paragraph(inline) => line(inline),
            BlockKind::List(list) => list.items.iter().for_each(|item| line(&item.content)),
            BlockKind::Table(_) | BlockKind::Code(_) => {}
        }
        for (span, fact) in facts {
            out.state(document, span, fact);
        }
    }
}

/// What a sentence says.
fn said(text: &str) -> Vec<(LoadMeasure, f64)> {
    let words = lower_words(text);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let (is_together, is_peak) = (has(TOGETHER), has(PEAK));
    if !(is_together || is_peak || text.contains("at the same time")) || text.contains('?') {
        return Vec::new();
    }
    let mut found = Vec::new();
    found.extend(users(text).map(|users| (LoadMeasure::ConcurrentUsers, users)));
    if is_peak {
        found.extend(rate(text).map(|rate| (LoadMeasure::PeakRate, rate)));
        if has(USUAL) {
            found.extend(factor(text).map(|factor| (LoadMeasure::PeakFactor, factor)));
        }
    }
    found
}

/// The places at which numbers begin.
fn numbers(text: &str) -> impl Iterator<Item = usize> {
    let mut before = ' ';
    text.char_indices().filter_map(move |(at, c)| {
        let begins = c.is_ascii_digit() && !(before.is_alphanumeric() || ",._".contains(before));
        before = c;
        begins.then_some(at)
    })
}

/// "500 concurrent users", "up to 2,000 users at the same time".
fn users(text: &str) -> Option<f64> {
    numbers(text).find_map(|at| {
        let (value, rest) = number(&text[at..])?;
        // "5 concurrent sessions per user" is a limit.
        let words = lower_words(rest);
        let near = words.iter().take(4);
        let noun = near.clone().position(|word| USERS.contains(&word.as_str()))?;
        let is_of_one = words.get(noun + 1).is_some_and(|word| OF_ONE.contains(&word.as_str()))
            || lower_words(&text[..at]).iter().any(|word| OF_ONE.contains(&word.as_str()));
        let is_joined = near.take(noun).all(|word| {
            TOGETHER.contains(&word.as_str())
                || matches!(word.as_str(), "active" | "online" | "logged" | "in" | "parallel")
        });
        let is_together = words.iter().take(noun + 6).any(|word| TOGETHER.contains(&word.as_str()))
            || rest.contains("at the same time");
        (is_joined && is_together && !is_of_one && value >= 1.0).then_some(value)
    })
}

/// "200 requests per second", "12,000 req/min".
fn rate(text: &str) -> Option<f64> {
    numbers(text).find_map(|at| {
        let rate = per_second(&text[at..])?;
        // "A batch of 500 a day" is no rate of calls.
        let (_, rest) = number(&text[at..])?;
        let words = lower_words(rest);
        let is_call = words.first().is_some_and(|word| {
            matches!(
                word.as_str(),
                "requests" | "request" | "req" | "rps" | "qps" | "tps" | "queries" | "calls" | "s"
            )
        });
        let is_of_one = words.iter().skip(3).take(2).any(|word| OF_ONE.contains(&word.as_str()));
        (is_call && !is_of_one && rate > 0.0).then_some(rate)
    })
}

/// "Three times the average", "3x the normal load", "twice the usual rate".
fn factor(text: &str) -> Option<f64> {
    let words = lower_words(text);
    let usual = words.iter().position(|word| USUAL.contains(&word.as_str()))?;
    let value = words[..usual].iter().enumerate().rev().find_map(|(at, word)| {
        let next = words.get(at + 1).map(SmolStr::as_str);
        match word.as_str() {
            "twice" | "double" => Some(2.0),
            "triple" | "thrice" => Some(3.0),
            word if matches!(next, Some("times" | "fold" | "x")) => {
                spelled(word).or_else(|| word.parse().ok())
            }
            word => word.strip_suffix('x').and_then(|number| number.parse().ok()),
        }
    })?;
    (value > 1.0 && value <= 1_000.0).then_some(value)
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn users_rates_and_factors() {
        check(
            "# Shop\n\n## Load\n\n- 500 concurrent users\n- The system supports up to 2,000 users at the same time.\n- Peak load: 200 requests per second\n- At peak, 12,000 req/min are expected.\n- Traffic peaks at three times the average at noon.\n- Peak traffic is 5x the normal load.\n",
            &expect![[r#"
                5 prose-load  load concurrent_users: 500 -- 500 concurrent users
                6 prose-load  load concurrent_users: 2000 -- The system supports up to 2,000 users at the same time.
                7 prose-load  load peak_per_second: 200 -- Peak load: 200 requests per second
                8 prose-load  load peak_per_second: 200 -- At peak, 12,000 req/min are expected.
                9 prose-load  load peak_factor: 3 -- Traffic peaks at three times the average at noon.
                10 prose-load  load peak_factor: 5 -- Peak traffic is 5x the normal load.
            "#]],
        );
    }

    #[test]
    fn limits_and_other_numbers_are_no_load() {
        check(
            "# Shop\n\n## Load\n\n- Each user may have 5 concurrent sessions.\n- 5 concurrent sessions per user\n- 300 requests per minute per client at peak\n- 20 concurrent orders\n- Peak season lasts 3 months.\n- 200 requests per second\n",
            &expect![[r#"
                5 prose-rule-sentence  rule *: Each user may have 5 concurrent sessions [inferred: its words bind, and it is a rule where fields give it a meaning]
                6 prose-entities  entity User
                6 prose-entities  entity Session
                6 prose-cardinality  relationship User 1:N Session
                7 prose-entities  candidate Client -- 300 requests per minute per client at peak
            "#]],
        );
    }
}
