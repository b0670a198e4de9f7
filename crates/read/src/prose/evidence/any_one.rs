//! What speaks for nouns by what sentences say of any one of them.

use super::{Notes, core};
use crate::prose::noun::phrase_at;
use crate::prose::tag::{Tag, Token};
use crate::prose::{Evidence, inline_fields, lexicon};

/// "A copy belongs to a branch", "Every reader gets a card": what is said of any one of a thing.
pub(super) fn any_one(notes: &mut Notes<'_, '_>) {
    const SAYING: &[&str] = &[
        "has",
        "belongs",
        "carries",
        "records",
        "consists",
        "contains",
        "gets",
        "holds",
        "refers",
        "comprises",
        "is",
    ];
    let tokens = notes.tokens();
    // The number of a requirement stands before its sentence.
    let is_number = |token: &Token| {
        token.tag == Tag::Punctuation || token.lower.contains(|c: char| c.is_ascii_digit())
    };
    let start = tokens.iter().take(4).take_while(|token| is_number(token)).count();
    if !tokens.get(start).is_some_and(|token| token.is_any(&["a", "an", "each", "every"])) {
        return;
    }
    let Some(phrase) = phrase_at(tokens, start).filter(|phrase| !phrase.is_plural) else { return };
    // "Every table belongs to a club" is said of whatever is stored, and names nothing.
    let is_any = tokens[start].is_any(&["each", "every"]);
    if is_any && lexicon::ROWS.contains(&phrase.noun.to_lowercase().as_str()) {
        return;
    }
    let skipped = tokens[phrase.end..]
        .iter()
        .take_while(|token| matches!(token.tag, Tag::Modal | Tag::Adverb))
        .count();
    let verb = phrase.end + skipped;
    let says = tokens.get(verb).is_some_and(|token| token.is_any(SAYING));
    // "A copy is a physical item of a title", but no "A user is able to".
    let defines = !tokens.get(verb).is_some_and(|token| token.is("is"))
        || tokens.get(verb + 1).is_some_and(|token| token.is_any(&["a", "an"]))
        || is_choice(&tokens[verb + 1..]);
    // What has properties has been noted for it.
    let is_noted = || {
        let found = inline_fields::in_clause(notes.clause);
        found.is_some_and(|found| found.owner.as_deref() == Some(phrase.noun.as_str()))
    };
    if says && defines && core(&phrase.noun) == phrase.noun && !is_noted() {
        notes.note(&phrase.noun, Evidence::AnyOne);
    }
}

/// "available, on loan or lost": what something can be.
fn is_choice(tokens: &[Token]) -> bool {
    let ends = tokens.iter().position(|token| token.is_any(&[".", ";", "when", "if", "unless"]));
    let said = &tokens[..ends.unwrap_or(tokens.len())];
    said.len() <= 12
        && said.get(1).is_some_and(|token| token.is_any(&[",", "or"]))
        && said.iter().any(|token| token.is("or"))
}
