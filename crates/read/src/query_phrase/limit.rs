//! How many rows a phrase wants at once: "top 10", "20 per page", "the 5 most recent readings".

use super::phrase::Word;

/// "20 per page", "pages of 20", "paged by 20", "limit of 50", "at most 100 rows".
fn page(words: &[Word<'_>]) -> Option<u32> {
    let lower = |at: usize| words.get(at).map_or("", |word| word.lower.as_str());
    (0..words.len()).find_map(|at| {
        let rows: u32 = lower(at).parse().ok().filter(|rows| (1..=10_000).contains(rows))?;
        let before = |back: usize| at.checked_sub(back).map_or("", &lower);
        let is_page = lower(at + 1) == "per" && matches!(lower(at + 2), "page" | "batch")
            || before(1) == "of" && matches!(before(2), "page" | "pages" | "batches" | "limit")
            || before(1) == "by" && matches!(before(2), "paged" | "paginated")
            || before(1) == "size" && matches!(before(2), "page" | "batch")
            || matches!(before(1), "limit" | "limited")
            || before(1) == "to" && before(2) == "limited"
            || matches!((before(2), before(1)), ("at", "most") | ("up", "to"))
                && (matches!(lower(at + 1), "rows" | "results" | "records" | "at")
                    || stands_alone(words, at - 2, at))
            || matches!((lower(at + 1), lower(at + 2), lower(at + 3)), ("at", "a", "time"))
            || matches!(lower(at + 1), "rows" | "results") && stands_alone(words, at, at + 1);
        is_page.then_some(rows)
    })
}

/// Whether words from one to another stand between marks: ", at most 20,".
fn stands_alone(words: &[Word<'_>], from: usize, to: usize) -> bool {
    let is_parted = |word: &Word<'_>| matches!(word.mark, ',' | ';' | ')' | '.');
    let begins = from > 0 && (is_parted(&words[from - 1]) || words[from].opens);
    begins && words.get(to).is_some_and(|word| to + 1 == words.len() || is_parted(word))
}

/// "top 10", "first 20", "the latest 5", "the next task only".
pub(super) fn limit(words: &[Word<'_>]) -> Option<u32> {
    if let Some(rows) = page(words) {
        return Some(rows);
    }
    // "The 20 newest orders".
    let is_end = |word: &str| {
        matches!(word, "newest" | "latest" | "oldest" | "earliest" | "cheapest" | "largest")
    };
    let ends = words.windows(2).find(|pair| is_end(&pair[1].lower));
    if let Some(rows) = ends.and_then(|pair| pair[0].lower.parse().ok()).filter(|rows| *rows > 0) {
        return Some(rows);
    }
    // "The 5 most recent readings".
    let recent = words.windows(3).find(|it| it[1].lower == "most" && it[2].lower == "recent");
    if let Some(rows) = recent.and_then(|it| it[0].lower.parse().ok()).filter(|rows| *rows > 0) {
        return Some(rows);
    }
    words.windows(2).enumerate().find_map(|(at, pair)| {
        let leads = matches!(
            pair[0].lower.as_str(),
            "top" | "first" | "last" | "latest" | "limit" | "next" | "recent" | "newest"
        );
        let rows: u32 =
            pair[1].lower.parse().ok().filter(|&rows| leads && rows > 0 && rows <= 10_000)?;
        // "the last 30 days" is a range of time.
        let unit = words.get(at + 2).map_or("", |word| word.lower.as_str());
        let is_time = matches!(
            unit.trim_end_matches('s'),
            "day" | "hour" | "minute" | "month" | "week" | "year" | "second" | "h" | "d"
        );
        // "newest first (100 times a minute)" tells how often.
        let behind = words.get(at + 3).map_or("", |word| word.lower.as_str());
        let is_often = matches!(unit, "times" | "ms" | "requests" | "calls" | "queries")
            || matches!(unit, "per" | "a" | "an")
                && matches!(behind, "second" | "minute" | "hour" | "day" | "week" | "month");
        (!is_time && !is_often && !is_rate(&words[at + 1], &words[at + 2..])).then_some(rows)
    })
}

/// Whether a number counts calls and no rows: "100/s", "100 rps", "100 per second", but not "20 per page".
fn is_rate(number: &Word<'_>, behind: &[Word<'_>]) -> bool {
    const UNITS: &[&str] = &[
        "s", "sec", "secs", "second", "min", "minute", "m", "h", "hour", "d", "day", "week",
        "month",
    ];
    let word = |at: usize| behind.get(at).map_or("", |word| word.lower.as_str());
    let is_unit = |at: usize| UNITS.contains(&word(at));
    let counts = matches!(word(0), "times" | "calls" | "requests" | "queries");
    number.mark == '/' && is_unit(0)
        || matches!(word(0), "rps" | "qps" | "tps" | "rpm")
        || word(0) == "per" && is_unit(1)
        || counts && word(1) == "per" && is_unit(2)
}
