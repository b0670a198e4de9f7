//! What tells one row from the others, said of a thing: "Every reader is identified by a number".

use super::inline_fields::Named;
use super::noun::{is_attribute, phrase_at, phrases, singular};
use super::property_list::list;
use super::tag::{Tag, Token, behind};
use crate::FieldFact;

/// "identified by an organization code", "uniquely identified by its number".
pub(super) fn identified(tokens: &[Token]) -> Option<Named> {
    let at = tokens.iter().position(|token| token.is("identified"))?;
    tokens.get(at + 1).filter(|token| token.is("by"))?;
    let subject = phrases(&tokens[..at]).pop()?;
    let object = phrase_at(tokens, at + 2)?;
    let last = object.noun.rsplit(' ').next().unwrap_or_default();
    if !is_attribute(last) {
        return None;
    }
    let field = FieldFact {
        name: object.noun,
        unique: Some(true),
        required: Some(true),
        ..FieldFact::default()
    };
    Some(Named { owner: Some(subject.noun), fields: vec![field] })
}

/// "The number of a reader must be unique", "Numbers of readers are unique".
pub(super) fn unique(tokens: &[Token]) -> Option<Named> {
    let said = tokens.iter().position(|it| it.is("unique"))?;
    let first = phrase_at(tokens, 0)?;
    let last = first.noun.rsplit(' ').next().unwrap_or_default();
    let of = tokens.get(first.end).filter(|it| it.is("of") && is_attribute(last))?;
    let owner = phrase_at(tokens, first.end + 1).filter(|_| !of.is_code)?;
    // "must be unique per branch" is a rule over two.
    let passes = tokens[owner.end..said]
        .iter()
        .all(|it| matches!(it.tag, Tag::Modal | Tag::Auxiliary) || it.is_any(&["be", "is", "are"]));
    let is_all = tokens[said + 1..].iter().all(|it| it.tag == Tag::Punctuation);
    let is_thing = !super::noun::is_generic(&owner.noun) && owner.end < said;
    let name = if first.is_plural { singular(&first.noun) } else { first.noun };
    let field = FieldFact { name, unique: Some(true), ..FieldFact::default() };
    (passes && is_all && is_thing).then(|| Named { owner: Some(owner.noun), fields: vec![field] })
}

/// "A reader is identified by a number and has a first name and a last name".
pub(super) fn identified_and_had(text: &str, tokens: &[Token]) -> Option<Named> {
    let mut named = identified(tokens)?;
    let and = tokens.iter().position(|token| token.is("and"))?;
    tokens.get(and + 1).filter(|token| token.is_any(&["has", "have"]))?;
    let single = tokens.get(and + 2).is_some_and(|token| token.is_any(&["a", "an"]));
    named.fields.extend(list(behind(text, tokens, and + 2), if single { 1 } else { 2 }, 2));
    Some(named)
}
