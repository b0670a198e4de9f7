//! The conditions of a sentence: what joins them to it, and where they begin and end.

use super::modal::Force;
use super::{Clause, Only};

/// What joins a condition to its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// "if", "when", "whenever", "where", "in case", "for": in these rows.
    When,
    /// "once", "as soon as": from then on.
    Once,
    /// "after", which may also be a comparison.
    After,
    /// "before", which may also be a comparison.
    Before,
    /// "until".
    Until,
    /// "while", "as long as".
    While,
    /// "unless".
    Unless,
    /// "only if", "only for".
    OnlyIf,
    /// "if and only if".
    Exactly,
    /// "without": where something is absent.
    Without,
    /// "within", "in", "per", in front: what rows share.
    Within,
}

/// What begins a condition, the longest first.
const LINKS: &[(&[&str], Link)] = &[
    (&["if", "and", "only", "if"], Link::Exactly),
    (&["exactly", "when"], Link::Exactly),
    (&["exactly", "if"], Link::Exactly),
    (&["precisely", "when"], Link::Exactly),
    (&["only", "if"], Link::OnlyIf),
    (&["only", "when"], Link::OnlyIf),
    (&["only", "while"], Link::OnlyIf),
    (&["only", "after"], Link::OnlyIf),
    (&["only", "once"], Link::OnlyIf),
    (&["only", "where"], Link::OnlyIf),
    (&["only", "for"], Link::OnlyIf),
    (&["except", "when"], Link::Unless),
    (&["except", "if"], Link::Unless),
    (&["except", "for"], Link::Unless),
    (&["as", "long", "as"], Link::While),
    (&["so", "long", "as"], Link::While),
    (&["as", "soon", "as"], Link::Once),
    (&["in", "case"], Link::When),
    (&["provided", "that"], Link::When),
    (&["if"], Link::When),
    (&["when"], Link::When),
    (&["whenever"], Link::When),
    (&["where"], Link::When),
    (&["once"], Link::Once),
    (&["after"], Link::After),
    (&["before"], Link::Before),
    (&["until"], Link::Until),
    (&["while"], Link::While),
    (&["unless"], Link::Unless),
];

/// What may begin a condition in front only, where it ends at a comma.
const LEADS: &[(&[&str], Link)] = &[
    (&["without"], Link::Without),
    (&["for"], Link::When),
    (&["within"], Link::Within),
    (&["per"], Link::Within),
    (&["in"], Link::Within),
    (&["among"], Link::Within),
    (&["during"], Link::While),
];

/// "Only once per day" counts, and begins no condition.
const COUNTING: &[&str] =
    &["per", "for", "in", "on", "at", "a", "every", "each", "within", "by", "and"];

/// Whether words begin with a phrase; most are ruled out by their first.
pub(super) fn begins(words: &[&str], phrase: &[&str]) -> bool {
    words.first() == phrase.first() && words.starts_with(phrase)
}

/// The link that begins at a word, and how many words it has.
pub(super) fn at(words: &[&str], at: usize) -> Option<(Link, usize)> {
    let (phrase, link) = LINKS.iter().find(|(phrase, _)| begins(&words[at..], phrase))?;
    let follows = words.get(at + phrase.len()).copied();
    if phrase.last() == Some(&"once") && follows.is_none_or(|it| COUNTING.contains(&it)) {
        return None;
    }
    follows.filter(|it| *it != ",").map(|_| (*link, phrase.len()))
}

/// Asides that a CHECK says anyway: it lets in what has no value.
fn is_presence(words: &[&str]) -> bool {
    let rest = words.strip_prefix(&["it", "is"]).or_else(|| words.strip_prefix(&["they", "are"]));
    let rest = rest.or_else(|| words.strip_prefix(&["one", "is"]));
    let rest = rest.or_else(|| words.strip_prefix(&["both", "are"])).unwrap_or(words);
    matches!(
        rest,
        ["given"
            | "set"
            | "present"
            | "known"
            | "any"
            | "provided"
            | "specified"
            | "available"
            | "recorded"
            | "defined"
            | "stated"
            | "there"
            | "entered"]
            | ["filled", "in"]
            | ["there", "is", "one" | "any"]
            | ["there", "are", "any"]
            | ["it" | "one", "exists"]
            | ["they" | "both", "exist"]
    )
}

/// A sentence without the conditions that stand in front of it or between commas, and these.
pub(super) fn around<'t>(words: &[&'t str]) -> (Vec<&'t str>, Vec<(Link, String)>) {
    let mut rest = words.to_vec();
    let mut found = Vec::new();
    // In front, "once a show …" counts nothing.
    let once = (rest.first() == Some(&"once")).then_some((Link::Once, 1));
    let lead = once.or_else(|| at(&rest, 0)).or_else(|| {
        let (phrase, link) = LEADS.iter().find(|(phrase, _)| rest.starts_with(phrase))?;
        Some((*link, phrase.len()))
    });
    // "After publication the slug cannot be changed": one word, and the subject begins.
    let short = lead.is_some_and(|(link, length)| {
        matches!(link, Link::After | Link::Before | Link::Once)
            && matches!(rest.get(length + 1), Some(&("the" | "a" | "an" | "its" | "no")))
    });
    if let (Some((link, length)), true) = (lead, short) {
        found.push((link, rest[length].to_owned()));
        rest.drain(..=length);
    } else if let (Some((link, length)), Some(comma)) =
        (lead, rest.iter().position(|it| *it == ","))
    {
        if comma > length {
            let condition = &rest[length..comma];
            if !(link == Link::When && is_presence(condition)) {
                found.push((link, condition.join(" ")));
            }
            rest.drain(..=comma);
            if rest.first() == Some(&"then") {
                rest.remove(0);
            }
        }
    }
    // "the number, once issued, is …", "…, if any"
    let mut from = 0;
    while let Some(open) = rest[from..].iter().position(|it| *it == ",").map(|it| it + from) {
        let close = rest[open + 1..].iter().position(|it| *it == ",").map(|it| it + open + 1);
        let end = close.unwrap_or(rest.len());
        from = open + 1;
        let Some((link, length)) = at(&rest, open + 1) else { continue };
        let condition = &rest[(open + 1 + length).min(end)..end];
        if link == Link::When && is_presence(condition) {
            rest.drain(open..close.map_or(end, |close| close + 1));
            from = open.min(rest.len());
        } else if close.is_some() && !condition.is_empty() {
            found.push((link, condition.join(" ")));
            rest.drain(open..=end);
            from = open.min(rest.len());
        }
    }
    // "must be positive if given"
    for length in [2, 3, 4] {
        let Some(start) = rest.len().checked_sub(length).filter(|it| *it > 2) else { continue };
        if at(&rest, start)
            .is_some_and(|(link, of)| link == Link::When && is_presence(&rest[start + of..]))
        {
            rest.truncate(start);
            break;
        }
    }
    (rest, found)
}

/// What stands behind the verb: the object, and the conditions that follow it.
pub(super) fn behind(words: &[&str]) -> (String, Vec<(Link, String)>) {
    let mut object = Vec::new();
    let mut conditions: Vec<(Link, Vec<&str>)> = Vec::new();
    let mut position = 0;
    while position < words.len() {
        // "on or after" and "at or before" compare.
        let compares =
            position > 0 && matches!(words[position - 1], "or" | "not" | "later" | "day");
        match at(words, position).filter(|_| !compares) {
            Some((link, length)) => {
                conditions.push((link, Vec::new()));
                position += length;
            }
            None => {
                let word = words[position];
                match conditions.last_mut() {
                    Some((_, condition)) => condition.push(word),
                    None => object.push(word),
                }
                position += 1;
            }
        }
    }
    let trimmed =
        |words: &[&str]| words.join(" ").replace(" ,", ",").trim_matches([',', ' ']).to_owned();
    (trimmed(&object), conditions.iter().map(|(link, it)| (*link, trimmed(it))).collect())
}

/// "…, others must not", "…, unpaid ones do not": what holds of these rows does of no others.
pub(super) fn exclusive(words: &[&str]) -> Option<usize> {
    let comma = words.iter().rposition(|it| matches!(*it, "," | "and" | "but"))?;
    let rest = words[comma + 1..].strip_prefix(&["and"]).unwrap_or(&words[comma + 1..]);
    let [front @ .., verb, "not"] = rest else { return None };
    let is_others = matches!(
        front,
        ["others" | "other" | "all", ..] | [_, "ones"] | ["the", "others" | "rest"]
    );
    (is_others && matches!(*verb, "must" | "do" | "may" | "are" | "can" | "have")).then_some(
        if words[comma] == "," {
            comma
        } else {
            comma.checked_sub(1).filter(|&at| words[at] == ",").unwrap_or(comma)
        },
    )
}

/// "may only be cancelled before it starts": "only" before the verb is about the condition.
pub(super) fn settle(clause: &mut Clause) {
    // "there can be a winner only if …" binds.
    let binds =
        clause.conditions.iter().any(|(link, _)| matches!(link, Link::OnlyIf | Link::Exactly));
    if binds && clause.force == Force::May {
        clause.force = Force::Must;
    }
    // "If there is a limit, it must be positive" is about the limit.
    if matches!(clause.subject.as_str(), "it" | "they") {
        let noun = clause.conditions.iter().enumerate().find_map(|(at, (link, text))| {
            let noun = text.strip_prefix("there is ").filter(|_| *link == Link::When)?;
            (!noun.starts_with("no ")).then(|| (at, noun.to_owned()))
        });
        if let Some((at, noun)) = noun {
            clause.conditions.remove(at);
            clause.subject = noun;
        }
    }
    if clause.only != Some(Only::Verb) || clause.negated {
        return;
    }
    if let [(link, _)] = &mut clause.conditions[..] {
        if matches!(link, Link::When | Link::Once | Link::After | Link::While) {
            *link = Link::OnlyIf;
            clause.only = None;
            if clause.force == Force::May {
                clause.force = Force::Must;
            }
        }
    }
}
