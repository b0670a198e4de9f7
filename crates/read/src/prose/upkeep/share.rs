//! Sentences about which part of the rows is so: "80 % of orders are delivered", "most tickets are closed (90 %)", "phone is
//! missing for 30 % of customers". What must be so of a part, within a time or at least, is no share but an objective.

use std::ops::Range;

/// A part of the rows of a thing.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Share {
    /// The thing.
    pub(super) subject: String,
    /// What is so of the part.
    pub(super) part: Part,
    /// Of a hundred rows.
    pub(super) percent: f64,
}

/// What is so of a part of the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// They have a value, in the field if one is named.
    Is(Option<String>, String),
    /// They have no value in a field.
    Lacks(String),
}

/// Words that make a sentence speak of something else than what is: a bound, a wish, a condition.
const OTHERWISE: &[&str] = &[
    "must", "shall", "should", "may", "can", "cannot", "could", "within", "least", "most", "more",
    "less", "fewer", "if", "when", "unless", "between", "up", "than", "under", "goal", "target",
];
/// Before a number, or before a thing of which a number is told later.
const LEADS: &[&str] = &[
    "about",
    "approximately",
    "around",
    "roughly",
    "some",
    "only",
    "nearly",
    "almost",
    "typically",
    "usually",
    "on",
    "average",
    "currently",
    "we",
    "expect",
    "that",
    "an",
    "estimated",
    "~",
    "ca",
    "circa",
    "over",
    "in",
    "production",
    "normally",
    "today",
    "most",
    "many",
    "few",
    "all",
    "the",
    "our",
    "its",
    "their",
    "a",
    "another",
    "other",
    "remaining",
    "mostly",
    "roughly",
];
const BE: &[&str] = &["are", "is", "were", "was", "be", "stay", "remain"];
/// Words between a verb and the value that it leads to.
const FILLERS: &[&str] = &[
    "already",
    "still",
    "currently",
    "eventually",
    "usually",
    "in",
    "the",
    "status",
    "state",
    "marked",
    "as",
    "of",
    "type",
    "a",
    "an",
    "ever",
    "mostly",
    "finally",
];
const MISSING: &[&str] =
    &["missing", "empty", "null", "unset", "absent", "unknown", "blank", "lacking", "omitted"];
const THERE: &[&str] = &["set", "present", "filled", "given", "known", "provided", "there"];

/// A word or a mark of a text.
struct Word {
    lower: String,
    range: Range<usize>,
}

/// What a sentence says of parts of the rows of a thing; nothing where it says anything else beside.
pub(super) fn shares(text: &str) -> Vec<Share> {
    if !(text.contains('%') || text.to_ascii_lowercase().contains("percent")) {
        return Vec::new();
    }
    let words = words(text);
    let reading = Reading { text, words: &words };
    // "Most" leads where its number stands in brackets, and "at most" is a bound; "end up" is none.
    let is_bound = |at: usize, word: &str| {
        OTHERWISE.contains(&word)
            && match word {
                "most" => at > 0 && words[at - 1].lower == "at",
                "up" => words.get(at + 1).is_some_and(|next| next.lower == "to"),
                _ => true,
            }
    };
    if words.iter().enumerate().any(|(at, word)| is_bound(at, &word.lower)) {
        return Vec::new();
    }
    let found = reading
        .parts()
        .or_else(|| reading.in_brackets().map(|it| vec![it]))
        .or_else(|| reading.of_field().map(|it| vec![it]))
        .or_else(|| reading.listed());
    found.unwrap_or_default()
}

fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut is_open = false;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        // "0.5" and "1.234" go on, the end of a sentence does not.
        let goes_on = c.is_alphanumeric()
            || matches!(c, '_' | '-')
            || c == '.' && text[end..].starts_with(|next: char| next.is_ascii_digit());
        if goes_on {
            match words.last_mut().filter(|_| is_open) {
                Some(word) => {
                    word.lower.extend(c.to_lowercase());
                    word.range.end = end;
                }
                None => words.push(Word { lower: c.to_lowercase().collect(), range: at..end }),
            }
        } else if matches!(c, '%' | '(' | ')' | ',' | ';' | ':' | '~') {
            words.push(Word { lower: c.to_string(), range: at..end });
        }
        is_open = goes_on;
    }
    words
}

struct Reading<'t> {
    text: &'t str,
    words: &'t [Word],
}

impl Reading<'_> {
    fn is(&self, at: usize, any: &[&str]) -> bool {
        self.words.get(at).is_some_and(|word| any.contains(&word.lower.as_str()))
    }

    fn after(&self, mut at: usize, skipped: &[&str]) -> usize {
        while self.is(at, skipped) {
            at += 1;
        }
        at
    }

    /// The number of per cent at a word, and what follows it.
    fn percent(&self, at: usize) -> Option<(f64, usize)> {
        let at = self.after(at, LEADS);
        let value: f64 = self.words.get(at)?.lower.parse().ok()?;
        let end = if self.is(at + 1, &["%", "percent"]) {
            at + 2
        } else if self.is(at + 1, &["per"]) && self.is(at + 2, &["cent"]) {
            at + 3
        } else {
            return None;
        };
        (value > 0.0 && value <= 100.0).then_some((value, end))
    }

    /// The text of some words, as written.
    fn written(&self, words: Range<usize>) -> Option<String> {
        const LONGEST: usize = 8;
        if words.is_empty() || words.len() > LONGEST || words.end > self.words.len() {
            return None;
        }
        let (first, last) = (&self.words[words.start], &self.words[words.end - 1]);
        Some(self.text[first.range.start..last.range.end].replace(['`', '"', '\''], ""))
    }

    /// The first word from one on that is one of these; the end where there is none.
    fn find(&self, from: usize, any: &[&str]) -> usize {
        (from..self.words.len()).find(|&at| self.is(at, any)).unwrap_or(self.words.len())
    }

    /// What the words behind a thing say of a part of it.
    fn predicate(&self, at: usize, end: usize) -> Option<(Part, bool)> {
        if self.is(at, &["have", "has", "lack", "lacks"]) {
            let lacks = self.is(at, &["lack", "lacks"]) || self.is(at + 1, &["no"]);
            let field = self.after(at + 1, &["no", "a", "an", "any", "their", "its"]);
            return Some((Part::Lacks(self.written(field..end)?), lacks));
        }
        let at = if self.is(at, BE) { at + 1 } else { at };
        if self.is(at, &["without"]) {
            let field = self.after(at + 1, &["a", "an", "any", "their", "its"]);
            return Some((Part::Lacks(self.written(field..end)?), true));
        }
        let is_so = !self.is(at, &["not"]);
        let from = self.after(at + usize::from(!is_so), FILLERS);
        let ends = [
            &["at", "any", "time"][..],
            &["at", "any", "moment"],
            &["at", "a", "time"],
            &["on", "average"],
        ];
        let cut = ends.iter().find(|words| {
            let first = end.checked_sub(words.len()).filter(|&first| first > from);
            first.is_some_and(|first| {
                (first..end).zip(words.iter()).all(|(at, word)| self.is(at, &[word]))
            })
        });
        let end = end - cut.map_or(0, |words| words.len());
        Some((Part::Is(None, self.written(from..end)?), is_so))
    }

    /// "80 % of orders are delivered, 5 % cancelled": at least one part, and nothing else.
    fn parts(&self) -> Option<Vec<Share>> {
        let (mut percent, of) = self.percent(0)?;
        if !self.is(of, &["of"]) {
            return None;
        }
        let from = self.after(of + 1, &["the", "all", "our", "its", "their"]);
        let mut verb = (from + 1..self.words.len().min(from + 5))
            .find(|&at| self.is(at, BE) || self.is(at, &["have", "has", "lack", "lacks", "end"]))?;
        let subject = self.written(from..verb)?;
        // "End up cancelled": how it came to be so.
        if self.is(verb, &["end"]) {
            verb = self.after(verb + 1, &["up"]);
        }
        let mut shares = Vec::new();
        loop {
            let end = self.find(verb, &[",", ";", "and", "while", "("]);
            let (part, is_so) = self.predicate(verb, end)?;
            let percent_of_it = if is_so { percent } else { 100.0 - percent };
            shares.push(Share { subject: subject.clone(), part, percent: percent_of_it });
            if end == self.words.len() {
                return Some(shares);
            }
            let next = self.after(end, &[",", ";", "and", "while"]);
            let (following, behind) = self.percent(next)?;
            percent = following;
            verb = self.after(behind, &["of", "them", "these"]);
        }
    }

    /// "Most tickets are closed (90 %)".
    fn in_brackets(&self) -> Option<Share> {
        let open = self.find(0, &["("]);
        let (percent, close) = self.percent(open + 1)?;
        if !self.is(close, &[")"]) || close + 1 != self.words.len() {
            return None;
        }
        let from = self.after(0, LEADS);
        let verb = (from + 1..open)
            .find(|&at| self.is(at, BE) || self.is(at, &["have", "has", "lack", "lacks"]))?;
        let subject = self.written(from..verb)?;
        let (part, is_so) = self.predicate(verb, open)?;
        Some(Share { subject, part, percent: if is_so { percent } else { 100.0 - percent } })
    }

    /// "Phone is missing for 30 % of customers".
    fn of_field(&self) -> Option<Share> {
        let from = self.after(0, &["the", "a"]);
        let verb = self.find(from, BE);
        let at = self.after(verb + 1, &["left", "not", "usually", "typically"]);
        let is_denied = self.is(at.wrapping_sub(1), &["not"]);
        let is_missing = self.is(at, MISSING);
        if !(is_missing || self.is(at, THERE)) {
            return None;
        }
        let preposition = self.after(at + 1, &["out"]);
        if !self.is(preposition, &["for", "in", "on", "of", "by"]) {
            return None;
        }
        let (percent, of) = self.percent(preposition + 1)?;
        if !self.is(of, &["of"]) {
            return None;
        }
        let subject = self.after(of + 1, &["the", "all", "our"]);
        let subject = self.written(subject..self.words.len())?;
        let part = Part::Lacks(self.written(from..verb)?);
        let percent = if is_missing == is_denied { 100.0 - percent } else { percent };
        Some(Share { subject, part, percent })
    }

    /// "Order status: 80 % delivered, 5 % cancelled", "orders by status: delivered 80 %, cancelled 5 %".
    fn listed(&self) -> Option<Vec<Share>> {
        let colon = self.find(0, &[":"]);
        let from = self.after(0, &["the"]);
        let by = self.find(from, &["by", "per"]);
        let (subject, field) = if by < colon {
            (self.written(from..by)?, self.written(by + 1..colon)?)
        } else {
            let last = colon.checked_sub(1).filter(|&last| last > from)?;
            (self.written(from..last)?, self.written(last..colon)?)
        };
        let mut shares = Vec::new();
        let mut at = colon + 1;
        while at < self.words.len() {
            let end = self.find(at, &[",", ";", "and"]);
            let (percent, value) = match self.percent(at) {
                Some((percent, behind)) => (percent, behind..end),
                None => {
                    let number = (at..end).find(|&it| self.percent(it).is_some())?;
                    let (percent, behind) = self.percent(number)?;
                    (percent, if behind == end { at..number } else { return None })
                }
            };
            let part = Part::Is(Some(field.clone()), self.written(value)?);
            shares.push(Share { subject: subject.clone(), part, percent });
            at = self.after(end, &[",", ";", "and"]);
        }
        (shares.len() > 1).then_some(shares)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    #[test]
    fn parts_of_the_rows() {
        let text = "\
80 % of orders are delivered.
About 5% of the orders are cancelled at any time
We expect that 60 percent of orders are delivered, 30 % shipped and 5 % are cancelled.
Most tickets are closed (90 %)
Phone is missing for 30 % of customers.
The middle name is set for only 12.5 % of customers
20 % of customers have no phone
20 % of customers have a phone
2 % of users are not active
1 % of orders end up refunded
Order status: 80 % delivered, 5 % cancelled
Tickets by priority: low 70 %, high 30 %
15 % of tickets are in status `waiting`
At least 95 % of requests are answered within 200 ms
80 % of orders must be delivered
5-10 % of orders are late
Discount is at most 50 %
The fee is 5 % of the total
A discount of 10 % is given
";
        let read = |line: &str| {
            let shares = super::shares(line);
            let shares =
                shares.iter().map(|it| format!("{} {:?} {}", it.subject, it.part, it.percent));
            let said = shares.collect::<Vec<_>>().join("; ");
            format!("{line} => {}\n", if said.is_empty() { "nothing" } else { &said })
        };
        expect![[r#"
            80 % of orders are delivered. => orders Is(None, "delivered") 80
            About 5% of the orders are cancelled at any time => orders Is(None, "cancelled") 5
            We expect that 60 percent of orders are delivered, 30 % shipped and 5 % are cancelled. => orders Is(None, "delivered") 60; orders Is(None, "shipped") 30; orders Is(None, "cancelled") 5
            Most tickets are closed (90 %) => tickets Is(None, "closed") 90
            Phone is missing for 30 % of customers. => customers Lacks("Phone") 30
            The middle name is set for only 12.5 % of customers => customers Lacks("middle name") 87.5
            20 % of customers have no phone => customers Lacks("phone") 20
            20 % of customers have a phone => customers Lacks("phone") 80
            2 % of users are not active => users Is(None, "active") 98
            1 % of orders end up refunded => orders Is(None, "refunded") 1
            Order status: 80 % delivered, 5 % cancelled => Order Is(Some("status"), "delivered") 80; Order Is(Some("status"), "cancelled") 5
            Tickets by priority: low 70 %, high 30 % => Tickets Is(Some("priority"), "low") 70; Tickets Is(Some("priority"), "high") 30
            15 % of tickets are in status `waiting` => tickets Is(None, "waiting") 15
            At least 95 % of requests are answered within 200 ms => nothing
            80 % of orders must be delivered => nothing
            5-10 % of orders are late => nothing
            Discount is at most 50 % => nothing
            The fee is 5 % of the total => nothing
            A discount of 10 % is given => nothing
        "#]].assert_eq(&text.lines().map(read).collect::<String>());
    }
}
