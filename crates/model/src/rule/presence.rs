//! "is required", "must not be empty", "mandatory".

use super::Meaning;
use super::sentence::Sentence;
use crate::{Comparison, Expression, FieldId, Literal};

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
