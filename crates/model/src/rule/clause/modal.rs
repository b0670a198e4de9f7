//! Where the verb of a rule stands, and how binding it is: "must", "may not", "has to", "is allowed to", "needs".

use super::forms::is_participle;
use super::frame::Frame;
use super::link;
use super::{Clause, Only, Voice};

/// How binding a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Force {
    /// "must", "cannot", "has to", "is to".
    Must,
    /// "may", "can", "is allowed to".
    May,
    /// "is", "needs".
    Is,
    /// "should".
    Should,
}

/// Words before a verb, with how binding they make it and whether they deny it; the longest first.
const MODALS: &[(&[&str], Force, bool)] = &[
    (&["is", "not", "allowed", "to"], Force::Must, true),
    (&["are", "not", "allowed", "to"], Force::Must, true),
    (&["is", "not", "permitted", "to"], Force::Must, true),
    (&["are", "not", "permitted", "to"], Force::Must, true),
    (&["is", "forbidden", "to"], Force::Must, true),
    (&["are", "forbidden", "to"], Force::Must, true),
    (&["is", "never", "to"], Force::Must, true),
    (&["is", "not", "to"], Force::Must, true),
    (&["are", "not", "to"], Force::Must, true),
    (&["is", "allowed", "to"], Force::May, false),
    (&["are", "allowed", "to"], Force::May, false),
    (&["is", "permitted", "to"], Force::May, false),
    (&["is", "required", "to"], Force::Must, false),
    (&["are", "required", "to"], Force::Must, false),
    (&["is", "obliged", "to"], Force::Must, false),
    (&["has", "to"], Force::Must, false),
    (&["have", "to"], Force::Must, false),
    (&["needs", "to"], Force::Must, false),
    (&["need", "to"], Force::Must, false),
    (&["ought", "to"], Force::Should, false),
    (&["is", "to"], Force::Must, false),
    (&["are", "to"], Force::Must, false),
    (&["must"], Force::Must, false),
    (&["shall"], Force::Must, false),
    (&["cannot"], Force::Must, true),
    (&["may"], Force::May, false),
    (&["can"], Force::May, false),
    (&["should"], Force::Should, false),
];

/// What takes an obligation back, which leaves no rule.
const FREED: &[&[&str]] = &[
    &["need", "not"],
    &["not", "have", "to"],
    &["not", "need", "to"],
    &["not", "required", "to"],
    &["not", "obliged", "to"],
    &["not", "necessary"],
];

/// Verbs that stand in rules without a modal.
const FINITE: &[&str] = &[
    "needs",
    "need",
    "requires",
    "require",
    "carries",
    "carry",
    "bears",
    "bear",
    "shows",
    "show",
    "names",
    "name",
    "lasts",
    "last",
    "takes",
    "take",
    "runs",
    "run",
    "goes",
    "go",
    "lies",
    "lie",
    "stays",
    "stay",
    "remains",
    "remain",
    "becomes",
    "become",
    "ranges",
    "range",
    "equals",
    "equal",
    "exceeds",
    "exceed",
    "starts",
    "start",
    "begins",
    "begin",
    "ends",
    "end",
    "closes",
    "close",
    "opens",
    "open",
    "expires",
    "expire",
    "comprises",
    "contains",
    "contain",
    "consists",
    "consist",
    "comes",
    "come",
    "identifies",
    "identify",
    "includes",
    "include",
    "states",
    "state",
    "gives",
    "specifies",
    "gets",
    "get",
    "receives",
    "receive",
    "holds",
    "hold",
    "keeps",
    "keep",
    "belongs",
    "belong",
    "precedes",
    "follows",
    "differs",
    "differ",
    "changes",
    "change",
    "overlap",
    "overlaps",
    "repeat",
    "repeats",
    "occurs",
    "occur",
    "appears",
    "appear",
    "has",
    "have",
    "exists",
    "exist",
    "falls",
    "fall",
    "costs",
    "cost",
    "weighs",
    "weigh",
    "spans",
    "span",
    "lives",
    "live",
    "share",
    "shares",
    "mentions",
    "lacks",
    "lack",
    "exists",
];

/// Adverbs between a modal and its verb that change nothing.
const IDLE: &[&str] = &[
    "also",
    "always",
    "ever",
    "then",
    "still",
    "already",
    "at",
    "any",
    "time",
    "strictly",
    "both",
    "automatically",
    "in",
    "case",
    "itself",
    "themselves",
    "all",
];

/// The parts of a sentence without the conditions around it.
pub(super) fn clause(words: &[&str], frame: Frame) -> Option<Clause> {
    let freed = |at: usize| FREED.iter().any(|it| link::begins(&words[at..], it));
    if (0..words.len()).any(freed) {
        return None;
    }
    if let Some(verb) = frame.done {
        let (subject, conditions) = link::behind(words);
        return Some(Clause {
            subject,
            force: Force::Must,
            negated: frame.negated,
            only: None,
            verb,
            voice: Voice::Passive,
            object: String::new(),
            conditions,
            exclusive: false,
        });
    }
    let (at, length, force, negated) = place(words)?;
    // "Published articles always have …"
    let ends_so = |it: &&str| matches!(*it, "always" | "also" | "then" | "both");
    let front = words[..at].len() - words[..at].iter().rev().take_while(|it| ends_so(it)).count();
    let subject = words[..front].join(" ").replace(" ,", ",");
    let mut rest = &words[at + length..];
    if negated && frame.negated {
        return None;
    }
    let mut negated = negated || frame.negated;
    let mut only = frame.only.then_some(Only::Subject);
    let mut is_firm = false;
    let changed: Vec<&str>;
    loop {
        match rest {
            ["not" | "never", ..] => {
                if negated {
                    return None;
                }
                negated = true;
                is_firm |= rest[0] == "never";
                rest = &rest[1..];
            }
            ["no", "longer", tail @ ..]
            | ["under", "no", "circumstances", tail @ ..]
            | ["at", "no", "time", tail @ ..]
            | ["in", "no", "case", tail @ ..] => {
                if negated {
                    return None;
                }
                negated = true;
                rest = tail;
            }
            ["neither", tail @ ..] => {
                if negated {
                    return None;
                }
                negated = true;
                rest = tail;
            }
            ["only", tail @ ..] if link::at(rest, 0).is_none() && !counts(tail) => {
                only = only.or(Some(Only::Verb));
                rest = tail;
            }
            // "at most", "in stock" are no adverbs.
            ["at" | "in", follows, ..] if !matches!(*follows, "any" | "all") => break,
            [word, tail @ ..] if IDLE.contains(word) && !tail.is_empty() => {
                is_firm |= *word == "always";
                rest = tail;
            }
            _ => break,
        }
    }
    // "must be never more than", "can be neither changed nor …"
    if rest.first() == Some(&"be") {
        if let Some("never" | "not" | "neither") = rest.get(1).copied() {
            if negated {
                return None;
            }
            negated = true;
            is_firm = true;
            changed = [&rest[..1], &rest[2..]].concat();
            rest = &changed;
        }
    }
    let force = match force {
        Force::May if negated => Force::Must,
        Force::Should if is_firm => Force::Must,
        force => force,
    };
    let is_copula = length == 1 && matches!(words[at], "is" | "are" | "was" | "were");
    let (verb, voice, rest) = verb(rest, is_copula)?;
    let (object, conditions) = link::behind(rest);
    Some(Clause {
        subject,
        force,
        negated,
        only,
        verb,
        voice,
        object,
        conditions,
        exclusive: false,
    })
}

/// "only one", "only once", "only a single": a number, and no adverb of the verb.
fn counts(tail: &[&str]) -> bool {
    matches!(tail, ["one" | "once" | "a" | "two" | "three", ..])
}

/// The verb, whether the subject acts, and what follows.
fn verb<'w, 't>(rest: &'w [&'t str], is_copula: bool) -> Option<(String, Voice, &'w [&'t str])> {
    let (first, rest) = if is_copula { (&"be", rest) } else { rest.split_first()? };
    if *first != "be" {
        return Some(((*first).to_owned(), Voice::Active, rest));
    }
    let rest = match rest {
        ["always" | "also" | "ever", tail @ ..] if !tail.is_empty() => tail,
        _ => rest,
    };
    match rest {
        [done, tail @ ..] if is_participle(done) => {
            Some(((*done).to_owned(), Voice::Passive, tail))
        }
        _ => Some(("be".to_owned(), Voice::Active, rest)),
    }
}

/// Where the verb group begins, how many words lead to the verb, how binding it is and whether it is denied.
fn place(words: &[&str]) -> Option<(usize, usize, Force, bool)> {
    let modal = (0..words.len()).find_map(|at| {
        let found = MODALS.iter().find(|(phrase, ..)| link::begins(&words[at..], phrase));
        // "is to" of "is to the left" cannot be told; a verb follows "must".
        found.map(|(phrase, force, negated)| (at, phrase.len(), *force, *negated))
    });
    if modal.is_some() {
        return modal;
    }
    let end = (0..words.len()).find(|&at| at > 0 && link::at(words, at).is_some());
    let main = &words[..end.unwrap_or(words.len())];
    // "Names" and "states" are nouns where a plainer verb follows.
    finite(main, |word, next| match word {
        "is" | "are" | "was" | "were" => Some(1),
        "does" | "do" if next == Some("not") => Some(1),
        "has" | "have" => Some(0),
        _ => None,
    })
    .or_else(|| {
        finite(main, |word, next| match word {
            "never" if next.is_some() => Some(0),
            word if FINITE.contains(&word) => Some(0),
            _ => None,
        })
    })
}

/// Words that stand before nouns only.
const ARTICLES: &[&str] = &["a", "an", "the", "each", "every", "one", "its", "their", "any"];

/// The first verb that is not that of a relative clause.
fn finite(
    words: &[&str],
    length: impl Fn(&str, Option<&str>) -> Option<usize>,
) -> Option<(usize, usize, Force, bool)> {
    let mut inside = 0;
    for (at, word) in words.iter().enumerate().skip(1) {
        if matches!(*word, "that" | "which" | "who" | "whose") {
            inside += 1;
            continue;
        }
        // "The load of a run never …": a noun stands behind an article.
        if FINITE.contains(word) && ARTICLES.contains(&words[at - 1]) {
            continue;
        }
        let is_verb = matches!(*word, "is" | "are" | "was" | "were" | "has" | "have")
            || FINITE.contains(word);
        let Some(length) = length(word, words.get(at + 1).copied()) else {
            // A verb of another sort ends a relative clause as well.
            inside -= usize::from(inside > 0 && is_verb);
            continue;
        };
        if inside > 0 {
            inside -= 1;
            continue;
        }
        return Some((at, length, Force::Is, false));
    }
    None
}
