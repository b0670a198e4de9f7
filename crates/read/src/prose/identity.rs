//! What tells one row from the others, said of a thing: "Every reader is identified by a number".

use super::inline_fields::Named;
use super::noun::{is_attribute, phrase_at, phrases};
use super::property_list::list;
use super::tag::{Token, behind};
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

/// "A reader is identified by a number and has a first name and a last name".
pub(super) fn identified_and_had(text: &str, tokens: &[Token]) -> Option<Named> {
    let mut named = identified(tokens)?;
    let and = tokens.iter().position(|token| token.is("and"))?;
    tokens.get(and + 1).filter(|token| token.is_any(&["has", "have"]))?;
    let single = tokens.get(and + 2).is_some_and(|token| token.is_any(&["a", "an"]));
    named.fields.extend(list(behind(text, tokens, and + 2), if single { 1 } else { 2 }, 2));
    Some(named)
}
