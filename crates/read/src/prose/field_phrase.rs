//! Phrases of a sentence that name a known field: "the price of a visit", "a visit's price", "`Visit.price`".

use super::resolve;
use crate::notation::Output;
use crate::words::strip_prefix_ignoring_case;

/// The field that a phrase names, with its entity: of the owner, or of the one that the phrase names too.
pub(super) fn named(phrase: &str, owner: Option<&str>, out: &Output) -> Option<(String, String)> {
    let plain = phrase.replace('`', "");
    let plain = plain.trim();
    let plain = ["the ", "an ", "a ", "each ", "every ", "all ", "its "]
        .iter()
        .find_map(|lead| strip_prefix_ignoring_case(plain, lead))
        .unwrap_or(plain)
        .trim();
    // "the due_on date" is `due_on`.
    let bare = |name: &str| {
        let name = name.trim();
        let end = [" date", " time", " field", " value", " column", " number", " address"];
        end.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name).to_owned()
    };
    let has = |entity: &str, name: &str| {
        let field = out.field(entity, name.trim()).or_else(|| out.field(entity, &bare(name)))?;
        Some((entity.to_owned(), field.to_owned()))
    };
    if plain.is_empty() || plain.split(' ').count() > 5 {
        return None;
    }
    if let Some(own) = owner.and_then(|owner| has(owner, plain)) {
        return Some(own);
    }
    let of = |entity: &str, name: &str| {
        let entity = without_article(entity);
        let rows =
            ["deleted ", "soft-deleted "].iter().find_map(|state| entity.strip_prefix(state));
        has(&resolve(rows.unwrap_or(entity), out)?, name)
    };
    if let Some((entity, name)) = plain.split_once("'s ").or_else(|| plain.split_once('.')) {
        return of(entity, name);
    }
    if let Some((name, entity)) = plain.split_once(" of ") {
        return of(entity, name);
    }
    let spaces = plain.match_indices(' ').map(|(at, _)| at);
    spaces.rev().find_map(|at| of(&plain[..at], &plain[at + 1..]))
}

pub(super) fn without_article(phrase: &str) -> &str {
    ["the ", "an ", "a ", "each ", "every ", "all "]
        .iter()
        .find_map(|lead| phrase.strip_prefix(lead))
        .unwrap_or(phrase)
        .trim()
}
