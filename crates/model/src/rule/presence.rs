//! "is required", "must not be empty", "mandatory".

use underpin_base::Phrases;

use super::Meaning;
use super::sentence::{Sentence, strip_word};
use crate::{Comparison, Expression, FieldId, Literal};

/// "A book without a title cannot be saved".
pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    const REFUSED: &[&str] = &[
        " cannot be ",
        " must not be ",
        " is not accepted",
        " is not allowed",
        " is rejected",
        " is refused",
        " is invalid",
    ];
    let (rows, rest) = sentence.text.cut_at(" without ")?;
    let (names, verb) = rest.cut_at_any(REFUSED)?;
    let rows = ["a", "an", "any", "the", "no"].iter().fold(rows, |it, word| strip_word(it, word));
    // What is done in vain is one word: "saved", "placed".
    (!verb.trim().contains(' ') && sentence.draft().noun(rows)? == sentence.entity())
        .then_some(())?;
    let names = names.replace(" or ", ", ");
    Some(Meaning::Required(sentence.fields(&names)?))
}

/// A value must be there, or must not be the empty text.
pub(crate) fn predicate(sentence: &Sentence<'_>, field: FieldId, said: &str) -> Option<Meaning> {
    match said.to_ascii_lowercase().as_str() {
        "required" | "mandatory" | "not null" | "not be null" | "cannot be null" | "provided"
        | "present" | "set" | "specified" | "be required" | "non-null" | "be provided" => {
            Some(Meaning::Required(vec![field]))
        }
        "optional" | "nullable" => Some(Meaning::Known("the field says so already".to_owned())),
        "not empty" | "not be empty" | "cannot be empty" | "non-empty" | "not blank"
        | "not be blank" | "cannot be blank" | "nonempty" | "a non-empty string" => {
            if !sentence.is_text(field) {
                return None;
            }
            Some(Meaning::Expression(Expression::compare(
                Expression::Length(Box::new(Expression::Field(field))),
                Comparison::Greater,
                Expression::Literal(Literal::Integer(0)),
            )))
        }
        _ => None,
    }
}
