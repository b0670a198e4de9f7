//! Fields behind a word for all that is kept of a thing: "the customer's info. i.e. name, address", "product details (name, price)".

use super::evidence::core;
use super::inline_fields::Named;
use super::noun::{phrase_at, phrases};
use super::occasion;
use super::property_list::list;
use super::tag::{Tag, Token, behind};

/// "the customer's info. i.e. name, address", "product details (name, price)", "User profile: name,
/// email".
pub(super) fn find(text: &str, tokens: &[Token]) -> Option<Named> {
    let at = tokens.iter().position(|token| {
        token.is_any(&[
            "info",
            "information",
            "details",
            "data",
            "profile",
            "profiles",
            "attributes",
            "fields",
            "detail",
        ])
    })?;
    let mut next = at + 1;
    // "the information of a book such as".
    let of = tokens.get(next).filter(|token| token.is_any(&["of", "about"]));
    let behind_of = of.and_then(|_| phrase_at(tokens, next + 1));
    next = behind_of.as_ref().map_or(next, |phrase| phrase.end);
    let first = next;
    while tokens.get(next).is_some_and(|token| {
        token.tag == Tag::Punctuation && !token.is("'s")
            || token.is_any(&["i.e", "e.g", "including", "such", "as", "like", "with", "namely"])
            || token.is("for") && tokens[at].is("fields") && next == at + 1
    }) {
        next += 1;
    }
    if next == first {
        return None;
    }
    let behind_of = behind_of.map(|phrase| core(&phrase.noun).to_owned());
    let owner = behind_of.or_else(|| {
        let phrase = phrases(&tokens[..=at]).pop()?;
        let noun = core(&phrase.noun);
        let is_bare = noun == phrase.noun || phrase.noun.split(' ').count() == 1;
        if !is_bare {
            return Some(noun.to_owned());
        }
        // "the customer's info".
        let mark = tokens
            .get(phrase.start.checked_sub(1)?)
            .filter(|token| token.is("'s") || token.is("’s"));
        let before = mark.and_then(|_| phrases(&tokens[..phrase.start - 1]).pop());
        before.map(|phrase| phrase.noun)
    });
    // "WHEN a patient arrives THEN the system SHALL take basic details (name, age)".
    let owner = owner.or_else(|| {
        let is_listed = tokens[first].is("(") || tokens[first].is("for");
        is_listed.then(|| occasion::thing(tokens)).flatten()
    })?;
    let rest = behind(text, tokens, next);
    let inside = rest.split(')').next().filter(|_| tokens[first].is("(")).unwrap_or(rest);
    let fields = list(if tokens[first].is("(") { inside } else { rest }, 2, 2);
    (!fields.is_empty()).then_some(Named { owner: Some(owner), fields })
}
