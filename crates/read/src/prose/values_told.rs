//! Values that are told of a thing or of any of its properties, where no word says that values follow: "A copy is available,
//! reserved or lost", "The size of a parcel is small, medium or large".

use super::evidence::core;
use super::noun::{is_attribute, phrase_at};
use super::tag::{Tag, Token};
use super::values::{Listed, values};

/// Whether a word before "statuses" tells which of them, and not whose: "allowed statuses".
pub(super) fn is_sort(word: &str) -> bool {
    matches!(
        &*word.to_lowercase(),
        "automated"
            | "automatic"
            | "allowed"
            | "possible"
            | "valid"
            | "available"
            | "supported"
            | "default"
            | "current"
            | "initial"
            | "final"
    )
}

/// "A copy is available, on loan, reserved or lost": the states of a thing, said of any one of it.
pub(super) fn being(text: &str, tokens: &[Token]) -> Option<Listed> {
    let is_state = |value: &String| {
        ["ed", "able", "ible", "ing"].iter().any(|end| value.ends_with(end))
            || matches!(
                value.as_str(),
                "active" | "inactive" | "open" | "new" | "paid" | "free" | "lost" | "sold"
            )
    };
    let first = tokens.first()?;
    let is_any = first.tag == Tag::Determiner && first.is_any(&["a", "an", "each", "every"]);
    // "Trips are either running, finished or cancelled": all of them.
    let is_said_of_all = tokens.iter().any(|token| token.is("either"));
    let subject =
        phrase_at(tokens, 0).filter(|it| if it.is_plural { is_said_of_all } else { is_any })?;
    let verb = subject.end
        + tokens[subject.end..]
            .iter()
            .take_while(|token| matches!(token.tag, Tag::Modal | Tag::Adverb))
            .count();
    tokens.get(verb).filter(|token| token.is_any(&["is", "be", "are"]))?;
    // "one of: new, open, done", "in one of the states new, open, done": nothing else is listed so.
    let is_lead = |token: &&Token| {
        token.is_any(&[
            "either",
            "one",
            "of",
            "in",
            "the",
            "following",
            "these",
            "states",
            "statuses",
            "conditions",
            ":",
        ])
    };
    let lead = tokens[verb + 1..].iter().take_while(is_lead).count();
    let leads = &tokens[verb + 1..verb + 1 + lead];
    let is_sure = leads.windows(2).any(|pair| pair[0].is("one") && pair[1].is("of"))
        && (leads.last().is_some_and(|it| it.is(":"))
            || leads.iter().any(|it| it.is_any(&["states", "statuses", "conditions"])));
    let rest = text.get(tokens.get(verb + 1 + lead)?.range.start..)?;
    if !rest.contains(',') || !is_sure && !rest.contains(" or ") {
        return None;
    }
    let values = values(rest);
    let are_short = values.iter().all(|value| value.split(' ').count() <= 2);
    let states = values.iter().filter(|value| is_state(value)).count();
    (values.len() >= 3 && are_short && (is_sure || states * 2 >= values.len())).then(|| Listed {
        owner: core(&subject.noun).to_owned(),
        property: "status".to_owned(),
        values,
    })
}

/// "The size of a parcel is small, medium or large", "a size of small, medium or large": whether words say outright which values
/// any property takes.
pub(super) fn is_told(text: &str, tokens: &[Token], at: usize) -> bool {
    if !is_attribute(&tokens[at].lower) || tokens[at].tag != Tag::Noun {
        return false;
    }
    let of = tokens.get(at + 1).filter(|it| it.is("of")).and_then(|_| phrase_at(tokens, at + 2));
    let had = tokens[..at].iter().any(|it| it.is_any(&["has", "have"]));
    let mut next = of.map_or(at + 1, |of| of.end);
    let lead = tokens[next.min(tokens.len())..]
        .iter()
        .take_while(|it| {
            it.tag == Tag::Modal || it.is_any(&["is", "be", "one", "of", "either", ":"])
        })
        .count();
    let is_verb =
        tokens[next.min(tokens.len())..].iter().take(lead).any(|it| it.is_any(&["is", "be"]));
    if is_verb {
        next += lead;
    } else if had && tokens.get(at + 1).is_some_and(|it| it.is("of")) {
        next = at + 2;
    } else {
        return false;
    }
    let rest = tokens.get(next).and_then(|it| text.get(it.range.start..)).unwrap_or_default();
    let found = values(rest);
    let is_plain = |value: &String| {
        value.chars().all(|c| c.is_alphabetic() || c == '-')
            && !is_attribute(value)
            && !value.ends_with("ed")
            && value.starts_with(char::is_lowercase)
    };
    let is_list =
        rest.contains(" or ") || tokens[..next].iter().rev().take(3).any(|it| it.is("one"));
    found.len() >= 3 && is_list && found.iter().all(is_plain)
}
