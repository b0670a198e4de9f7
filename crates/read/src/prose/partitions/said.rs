//! What the words of a sentence say of partitions, whatever the names in it mean.

use std::ops::Range;

use crate::{ListedPart, OtherRows, SplitMethod, SplitPeriod};

/// A word of a sentence, with its place.
struct Word {
    lower: String,
    range: Range<usize>,
}

fn split(text: &str) -> Vec<Word> {
    let is_inside = |c: char| c.is_alphanumeric() || c == '_';
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, is_inside(c)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                words.push(Word { lower: text[from..at].to_lowercase(), range: from..at });
                start = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }
    words
}

/// What a sentence says.
#[derive(Debug)]
pub(crate) struct Said {
    /// By what a row is told its partition.
    pub(crate) method: Option<SplitMethod>,
    /// How long a time one holds.
    pub(crate) period: Option<SplitPeriod>,
    /// How many there are.
    pub(crate) count: Option<u32>,
    /// The partitions of a list.
    pub(crate) lists: Vec<ListedPart>,
    /// What becomes of other rows.
    pub(crate) others: Option<OtherRows>,
    /// Where the first word about partitions begins.
    begin: usize,
    /// Where the words for the field may stand: up to the values.
    key: Range<usize>,
}

/// Words that weigh something instead of asking for it.
const WEIGHING: &[&str] = &[
    "consider",
    "considered",
    "considering",
    "might",
    "could",
    "may",
    "later",
    "future",
    "eventually",
    "phase",
    "if",
    "once",
    "when",
    "unless",
    "not",
    "no",
    "never",
    "without",
    "avoid",
    "example",
    "optionally",
];

/// Words that tell of partitions that are none of a table's.
const OF_OTHERS: &[&str] = &[
    "kafka",
    "topic",
    "topics",
    "kinesis",
    "stream",
    "streams",
    "broker",
    "brokers",
    "dynamodb",
    "cosmos",
    "cassandra",
    "disk",
    "network",
    "spark",
];

/// Whether a sentence or heading asks for what it speaks of, and does not only weigh it.
pub(crate) fn is_intended(text: &str) -> bool {
    !text.contains('?') && !split(text).iter().any(|word| WEIGHING.contains(&&*word.lower))
}

/// What becomes of rows that no partition is stated for, in lower-case words.
pub(super) fn others(lower: &str) -> Option<OtherRows> {
    let words = split(lower);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&&*word.lower));
    let is_other = has(&["other", "others", "else", "rest", "remaining", "unknown", "outside"]);
    if is_other && has(&["refused", "rejected", "refuse", "reject", "error"]) {
        Some(OtherRows::Refused)
    } else if lower.contains("default partition") || is_other && has(&["default"]) {
        Some(OtherRows::Kept)
    } else {
        None
    }
}

/// What is noted beside a field: "partition key", "hash partition key, 16 partitions", "partitioned by month".
pub(super) fn noted(text: &str) -> Option<(Option<SplitMethod>, Option<SplitPeriod>, Option<u32>)> {
    let words = split(text);
    let at = words.iter().position(|it| {
        matches!(&*it.lower, "partition" | "partitioned" | "partitioning" | "partitions")
    })?;
    let next = words.get(at + 1).map_or("", |it| &*it.lower);
    let is_key = next == "key" || next == "by" || SplitPeriod::parse(next).is_some();
    if !is_key || !is_intended(text) {
        return None;
    }
    let method = words.iter().find_map(|it| SplitMethod::parse(&it.lower));
    let period = words.iter().find_map(|it| SplitPeriod::parse(&it.lower));
    let count = words.iter().find_map(|it| it.lower.parse().ok()).filter(|it: &u32| *it > 1);
    Some((method, period, count))
}

impl Said {
    /// What a sentence says, where it asks for partitions by something.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let words = split(text);
        let at = words.iter().position(|it| {
            matches!(&*it.lower, "partition" | "partitioned" | "partitioning" | "partitions")
        })?;
        let is = |at: usize, list: &[&str]| {
            words.get(at).is_some_and(|word| list.contains(&&*word.lower))
        };
        let method_at = |at: usize| words.get(at).and_then(|it| SplitMethod::parse(&it.lower));
        // "Hash-partitioned", "list partitions", "monthly partitions".
        let before = at.checked_sub(1);
        let mut method = before.and_then(method_at);
        let adverb = |at: usize| {
            let word = &words.get(at)?.lower;
            SplitPeriod::parse(word).filter(|_| word.ends_with("ly"))
        };
        let mut period = before.and_then(adverb).or_else(|| adverb(at + 1));
        let begin = if method.is_some() || period.is_some() { at - 1 } else { at };
        // Up to three words of what is split may stand between: "partition the messages table by".
        let by = (at + 1..words.len()).take(5).find(|&it| is(it, &["by", "on", "per"]));
        let mut key = words[at].range.end;
        if let Some(by) = by {
            let mut next = by + 1;
            while is(next, &["the", "a", "each", "every", "calendar"]) {
                next += 1;
            }
            method = method.or_else(|| method_at(next));
            let said = words.get(next).and_then(|it| SplitPeriod::parse(&it.lower));
            period = period.or(said);
            // "One partition per region": each value has its own.
            if is(by, &["per"]) && period.is_none() {
                method = method.or(Some(SplitMethod::List));
            }
            key = words[by].range.end;
            if method_at(next).is_some() || said.is_some() {
                key = words[next].range.end;
            }
        } else if is_own(&words, at) {
            // "Tenants of the enterprise class have partitions of their own."
            method = method.or(Some(SplitMethod::List));
            key = text.len();
        } else if method.is_none() && period.is_none() {
            return None;
        }
        let (lists, end) = lists(text, key, method, period);
        let head = split(&text[..end]);
        let is_other =
            |word: &Word| WEIGHING.contains(&&*word.lower) || OF_OTHERS.contains(&&*word.lower);
        if text.contains('?') || head.iter().any(is_other) {
            return None;
        }
        let count = (0..words.len()).find_map(|it| {
            let number: u32 = words[it].lower.parse().ok()?;
            let is_counted =
                is(it + 1, &["partition", "partitions", "parts", "buckets", "shards", "ways"]);
            let is_led = it > at && is(it - 1, &["into", "modulus", "in", "across", "over"]);
            (is_counted || is_led).then_some(number).filter(|it| *it > 1)
        });
        if !lists.is_empty() {
            method = Some(SplitMethod::List);
        }
        let others = others(&text.to_lowercase());
        let begin = words[begin].range.start;
        Some(Self { method, period, count, lists, others, begin, key: key..end })
    }

    /// The words before those about partitions.
    pub(super) fn front<'t>(&self, text: &'t str) -> &'t str {
        &text[..self.begin]
    }

    /// The runs of words that may name the field, the longest first at each place.
    pub(super) fn candidates<'t>(&self, text: &'t str) -> impl Iterator<Item = String> + 't {
        let words: Vec<String> =
            split(&text[self.key.clone()]).into_iter().map(|it| it.lower).collect();
        let runs = (0..words.len()).flat_map(|at| (1..=3).rev().map(move |length| at..at + length));
        let found: Vec<String> =
            runs.filter_map(|run| words.get(run).map(|it| it.join("_"))).collect();
        found.into_iter()
    }

    /// The names between brackets or commas where the field stands.
    pub(super) fn listed_fields(&self, text: &str) -> Vec<String> {
        split(&text[self.key.clone()]).into_iter().map(|it| it.lower).collect()
    }

    /// The words where the field must stand, though nothing is known of that name.
    pub(super) fn words_for_field(&self, text: &str) -> Option<String> {
        const LEADING: &[&str] = &["of", "on", "by", "the", "its", "their", "over", "using"];
        let words = split(&text[self.key.clone()]);
        let mut rest = words.iter().skip_while(|it| LEADING.contains(&&*it.lower));
        let first = rest.next()?;
        let is_name = !first.lower.starts_with(|c: char| c.is_ascii_digit())
            && !matches!(
                &*first.lower,
                "into" | "with" | "in" | "and" | "partition" | "partitions" | "month" | "to"
            );
        is_name.then(|| {
            let range = self.key.start + first.range.start..self.key.start + first.range.end;
            text[range].to_owned()
        })
    }
}

/// Whether the partitions at a place are said to be somebody's own.
fn is_own(words: &[Word], at: usize) -> bool {
    let is =
        |at: usize, list: &[&str]| words.get(at).is_some_and(|word| list.contains(&&*word.lower));
    is(at + 1, &["of"]) && is(at + 2, &["its", "their"]) && is(at + 3, &["own"])
        || at > 0 && is(at - 1, &["own", "dedicated", "separate"])
}

/// The values behind a colon, in brackets or behind "into", each of which has a partition, and where the words before
/// them end.
fn lists(
    text: &str,
    from: usize,
    method: Option<SplitMethod>,
    period: Option<SplitPeriod>,
) -> (Vec<ListedPart>, usize) {
    let none = (Vec::new(), text.len());
    if period.is_some() || matches!(method, Some(SplitMethod::Hash | SplitMethod::Range)) {
        return none;
    }
    let rest = &text[from..];
    let values = |range: Range<usize>| -> Vec<ListedPart> {
        let all = rest[range].split([',', ';', '/', '|']).flat_map(|it| it.split(" and "));
        let plain = |it: &str| {
            let it = it.trim().trim_start_matches("and ");
            it.trim_matches(|c: char| "`'\"*. ".contains(c)).to_owned()
        };
        all.map(plain)
            .filter(|it| !it.is_empty() && it.split(' ').count() <= 2)
            .map(|it| ListedPart { name: None, values: vec![it] })
            .collect()
    };
    // In brackets directly behind BY stands the field.
    if let Some(open) = rest.find('(').filter(|&open| !rest[..open].trim().is_empty()) {
        if let Some(close) = rest[open..].find(')') {
            let found = values(open + 1..open + close);
            if found.len() > 1 {
                return (found, from + open);
            }
        }
    }
    let sentence = rest.find([';', '.']).unwrap_or(rest.len());
    if let Some(colon) = rest[..sentence].find(": ") {
        let found = values(colon + 1..sentence);
        if found.len() > 1 {
            return (found, from + colon);
        }
    }
    if let Some(into) = rest[..sentence].find(" into ") {
        let found = values(into + " into ".len()..sentence);
        let is_number = |it: &ListedPart| it.values[0].starts_with(|c: char| c.is_ascii_digit());
        if found.len() > 1 && !found.iter().any(is_number) {
            return (found, from + into);
        }
    }
    none
}
