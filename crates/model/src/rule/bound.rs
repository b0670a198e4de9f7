//! "greater than 0", "at least 1", "positive", "must not exceed the total", "after the start".

use super::Meaning;
use super::sentence::{Sentence, after, compared, number, strip_end, strip_word};
use crate::{Comparison, Expression, FieldId, FieldKind, Literal};

const LEADS: &[(&str, Comparison)] = &[
    ("not be greater than ", Comparison::LessOrEqual),
    ("not be more than ", Comparison::LessOrEqual),
    ("not be less than ", Comparison::GreaterOrEqual),
    ("not be before ", Comparison::GreaterOrEqual),
    ("not be after ", Comparison::LessOrEqual),
    ("not be below ", Comparison::GreaterOrEqual),
    ("not go below ", Comparison::GreaterOrEqual),
    ("not drop below ", Comparison::GreaterOrEqual),
    ("not fall below ", Comparison::GreaterOrEqual),
    ("cannot go below ", Comparison::GreaterOrEqual),
    ("cannot drop below ", Comparison::GreaterOrEqual),
    ("cannot fall below ", Comparison::GreaterOrEqual),
    ("cannot be below ", Comparison::GreaterOrEqual),
    ("cannot be more than ", Comparison::LessOrEqual),
    ("cannot be before ", Comparison::GreaterOrEqual),
    ("cannot be after ", Comparison::LessOrEqual),
    ("cannot be earlier than ", Comparison::GreaterOrEqual),
    ("cannot be later than ", Comparison::LessOrEqual),
    ("not be earlier than ", Comparison::GreaterOrEqual),
    ("not be later than ", Comparison::LessOrEqual),
    ("be no more than ", Comparison::LessOrEqual),
    ("not exceed ", Comparison::LessOrEqual),
    ("cannot exceed ", Comparison::LessOrEqual),
    ("cannot be greater than ", Comparison::LessOrEqual),
    ("cannot be less than ", Comparison::GreaterOrEqual),
    ("greater than or equal to ", Comparison::GreaterOrEqual),
    ("less than or equal to ", Comparison::LessOrEqual),
    ("greater or equal to ", Comparison::GreaterOrEqual),
    ("greater than ", Comparison::Greater),
    ("more than ", Comparison::Greater),
    ("higher than ", Comparison::Greater),
    ("larger than ", Comparison::Greater),
    ("less than ", Comparison::Less),
    ("lower than ", Comparison::Less),
    ("smaller than ", Comparison::Less),
    ("no more than ", Comparison::LessOrEqual),
    ("not more than ", Comparison::LessOrEqual),
    ("no less than ", Comparison::GreaterOrEqual),
    ("not less than ", Comparison::GreaterOrEqual),
    ("at least ", Comparison::GreaterOrEqual),
    ("at most ", Comparison::LessOrEqual),
    ("up to ", Comparison::LessOrEqual),
    ("on or after ", Comparison::GreaterOrEqual),
    ("on or before ", Comparison::LessOrEqual),
    ("after ", Comparison::Greater),
    ("later than ", Comparison::Greater),
    ("before ", Comparison::Less),
    ("earlier than ", Comparison::Less),
    ("minimum of ", Comparison::GreaterOrEqual),
    ("maximum of ", Comparison::LessOrEqual),
    ("minimum: ", Comparison::GreaterOrEqual),
    ("maximum: ", Comparison::LessOrEqual),
    ("minimum ", Comparison::GreaterOrEqual),
    ("maximum ", Comparison::LessOrEqual),
    ("min: ", Comparison::GreaterOrEqual),
    ("max: ", Comparison::LessOrEqual),
    ("min ", Comparison::GreaterOrEqual),
    ("max ", Comparison::LessOrEqual),
    ("equal to ", Comparison::Equal),
    (">= ", Comparison::GreaterOrEqual),
    ("<= ", Comparison::LessOrEqual),
    ("> ", Comparison::Greater),
    ("< ", Comparison::Less),
    (">=", Comparison::GreaterOrEqual),
    ("<=", Comparison::LessOrEqual),
    (">", Comparison::Greater),
    ("<", Comparison::Less),
];

/// A bound that is a number or another field.
pub(crate) fn predicate(sentence: &Sentence<'_>, field: FieldId, said: &str) -> Option<Meaning> {
    if let Some(meaning) = single(sentence, field, said) {
        return Some(meaning);
    }
    // "> 0 and <= 20", "at least 1 and at most 20"
    let (low, high) = said.split_once(" and ")?;
    let high = strip_word(strip_word(high, "must"), "be");
    match (single(sentence, field, low)?, single(sentence, field, high)?) {
        (Meaning::Expression(low), Meaning::Expression(high)) => {
            Some(Meaning::Expression(Expression::All(vec![low, high])))
        }
        _ => None,
    }
}

/// One bound.
fn single(sentence: &Sentence<'_>, field: FieldId, said: &str) -> Option<Meaning> {
    let said = ["always", "come", "comes", "occur", "lie", "lies", "fall", "falls"]
        .iter()
        .fold(said, |said, word| strip_word(said, word));
    if let Some(meaning) = sign(sentence, field, said) {
        return Some(meaning);
    }
    let lower = said.to_ascii_lowercase();
    if sentence.is_number(field)
        && let Some(low) = ["or more", "or greater", "or higher", "and above"]
            .iter()
            .find_map(|end| lower.strip_suffix(end))
    {
        let low = number(low)?;
        return Some(Meaning::Expression(compared(field, Comparison::GreaterOrEqual, low)));
    }
    let (lead, comparison) = LEADS.iter().find(|(lead, _)| lower.starts_with(lead))?;
    let bound = after(said, &[lead])?;
    if let Some(number) = number(strip_end(sentence.without_unit(field, bound), &["%"])) {
        if !sentence.is_number(field) {
            return None;
        }
        return Some(Meaning::Expression(compared(field, *comparison, number)));
    }
    let other = sentence.field_phrase(bound)?;
    let comparable = !matches!(
        sentence.kind(field),
        FieldKind::Text { .. } | FieldKind::Uuid | FieldKind::Enumeration(_) | FieldKind::Boolean
    );
    (comparable && other != field).then(|| {
        Meaning::Expression(Expression::compare(
            Expression::Field(field),
            *comparison,
            Expression::Field(other),
        ))
    })
}

/// "positive", "non-negative", "not be negative", "not zero".
fn sign(sentence: &Sentence<'_>, field: FieldId, said: &str) -> Option<Meaning> {
    if !sentence.is_number(field) {
        return None;
    }
    let said = strip_word(strip_word(said, "a"), "strictly");
    let said = strip_end(said, &[" integer", " number", " value", " amount", " decimal"]);
    let comparison = match said.to_ascii_lowercase().as_str() {
        "positive" => Comparison::Greater,
        "non-negative" | "nonnegative" | "not negative" | "not be negative"
        | "cannot be negative" | "zero or positive" | "positive or zero" | "zero or more" => {
            Comparison::GreaterOrEqual
        }
        "negative" => Comparison::Less,
        "non-zero" | "not zero" | "nonzero" | "not be zero" | "cannot be zero" => {
            Comparison::NotEqual
        }
        _ => return None,
    };
    Some(Meaning::Expression(compared(field, comparison, Literal::Integer(0))))
}
