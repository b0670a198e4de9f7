//! "1-80 characters", "max 2,000 characters", "maximum length of 80", "exactly 3 characters".

use super::Meaning;
use super::range::bounds;
use super::sentence::{Sentence, after, number, strip_end, strip_word};
use crate::{Comparison, Expression, FieldId, Literal};

/// How long a text is.
pub(crate) fn predicate(sentence: &Sentence<'_>, field: FieldId, said: &str) -> Option<Meaning> {
    if !sentence.is_text(field) {
        return None;
    }
    let said = strip_word(said, "have");
    let said = after(said, &["consist of ", "consists of "]).unwrap_or(said);
    let said = strip_word(strip_word(said, "has"), "a");
    let in_characters = strip_end(
        said,
        &[
            " characters long",
            " chars long",
            " characters",
            " chars",
            " char",
            " character",
            " characters in length",
            " letters long",
        ],
    );
    let counted = in_characters.len() < said.len();
    let of_length = after(
        in_characters,
        &["length of ", "length: ", "length between ", "length ", "character length "],
    );
    let lead = of_length.unwrap_or(in_characters);
    if (counted || of_length.is_some())
        && let Some((Literal::Integer(low), Literal::Integer(high))) = bounds(lead)
    {
        let both = vec![
            length(field, Comparison::GreaterOrEqual, low),
            length(field, Comparison::LessOrEqual, high),
        ];
        return Some(Meaning::Expression(Expression::All(both)));
    }
    let length_leads = [
        "maximum length of ",
        "maximum length: ",
        "maximum length ",
        "max length of ",
        "max length: ",
        "max length ",
        "maxlength: ",
        "maxlength ",
        "max. ",
    ];
    let leads = [
        "not exceed ",
        "not be longer than ",
        "no longer than ",
        "not longer than ",
        "at most ",
        "up to ",
        "maximum of ",
        "maximum ",
        "max ",
        "max: ",
        "no more than ",
        "<= ",
        "<=",
        "cannot exceed ",
        "limited to ",
        "restricted to ",
        "maximum: ",
    ];
    // Of a text, "max 80" can only mean its length.
    let upper = after(in_characters, &length_leads).or_else(|| after(lead, &leads));
    if let Some(Literal::Integer(max)) = upper.and_then(number) {
        return Some(Meaning::MaximumLength(field, u32::try_from(max).ok().filter(|m| *m > 0)?));
    }
    let lower_leads = [
        "minimum length of ",
        "minimum length: ",
        "minimum length ",
        "min length of ",
        "min length: ",
        "min length ",
        "minlength: ",
        "minlength ",
        "at least ",
        "minimum of ",
        "minimum ",
        "min ",
        "min: ",
        "no less than ",
        ">= ",
        ">=",
    ];
    if let Some(Literal::Integer(min)) = after(in_characters, &lower_leads).and_then(number) {
        return Some(Meaning::Expression(length(field, Comparison::GreaterOrEqual, min)));
    }
    let exact = strip_word(in_characters, "exactly");
    match number(exact) {
        Some(Literal::Integer(exact)) if counted => {
            Some(Meaning::Expression(length(field, Comparison::Equal, exact)))
        }
        _ => None,
    }
}

/// A text has at most so many characters.
pub(crate) fn shorter_than(field: FieldId, max: u32) -> Expression<FieldId> {
    length(field, Comparison::LessOrEqual, i64::from(max))
}

fn length(field: FieldId, comparison: Comparison, characters: i64) -> Expression<FieldId> {
    Expression::compare(
        Expression::Length(Box::new(Expression::Field(field))),
        comparison,
        Expression::Literal(Literal::Integer(characters)),
    )
}
