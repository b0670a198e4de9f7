//! "greater than 0", "at least 1", "positive", "must not exceed the total", "after the start".

use underpin_base::Phrases;

use super::equal::operand;
use super::sentence::{Sentence, after, compared, number, strip_end, strip_word};
use super::{Meaning, negative};
use crate::{Comparison, Expression, FieldId, FieldKind, Literal};

const LEADS: &[(&str, Comparison)] = &[
    ("not before ", Comparison::GreaterOrEqual),
    ("not after ", Comparison::LessOrEqual),
    ("not earlier than ", Comparison::GreaterOrEqual),
    ("not later than ", Comparison::LessOrEqual),
    ("no earlier than ", Comparison::GreaterOrEqual),
    ("no later than ", Comparison::LessOrEqual),
    ("not lower than ", Comparison::GreaterOrEqual),
    ("not higher than ", Comparison::LessOrEqual),
    ("not greater than ", Comparison::LessOrEqual),
    ("not smaller than ", Comparison::GreaterOrEqual),
    ("not be lower than ", Comparison::GreaterOrEqual),
    ("not be higher than ", Comparison::LessOrEqual),
    ("not be above ", Comparison::LessOrEqual),
    ("not be smaller than ", Comparison::GreaterOrEqual),
    ("no lower than ", Comparison::GreaterOrEqual),
    ("no higher than ", Comparison::LessOrEqual),
    ("no smaller than ", Comparison::GreaterOrEqual),
    ("no greater than ", Comparison::LessOrEqual),
    ("not below ", Comparison::GreaterOrEqual),
    ("not above ", Comparison::LessOrEqual),
    ("never below ", Comparison::GreaterOrEqual),
    ("never above ", Comparison::LessOrEqual),
    ("never before ", Comparison::GreaterOrEqual),
    ("never after ", Comparison::LessOrEqual),
    ("not fall below ", Comparison::GreaterOrEqual),
    ("not go above ", Comparison::LessOrEqual),
    ("not precede ", Comparison::GreaterOrEqual),
    ("cannot precede ", Comparison::GreaterOrEqual),
    ("cannot be below ", Comparison::GreaterOrEqual),
    ("cannot be above ", Comparison::LessOrEqual),
    ("cannot be lower than ", Comparison::GreaterOrEqual),
    ("cannot be higher than ", Comparison::LessOrEqual),
    ("cannot drop below ", Comparison::GreaterOrEqual),
    ("cannot go below ", Comparison::GreaterOrEqual),
    ("cannot fall below ", Comparison::GreaterOrEqual),
    ("the same as or after ", Comparison::GreaterOrEqual),
    ("the same as or before ", Comparison::LessOrEqual),
    ("the same day or after ", Comparison::GreaterOrEqual),
    ("the same day as or after ", Comparison::GreaterOrEqual),
    ("at or after ", Comparison::GreaterOrEqual),
    ("at or before ", Comparison::LessOrEqual),
    ("equal to or after ", Comparison::GreaterOrEqual),
    ("equal to or greater than ", Comparison::GreaterOrEqual),
    ("equal to or less than ", Comparison::LessOrEqual),
    ("above ", Comparison::Greater),
    ("over ", Comparison::Greater),
    ("below ", Comparison::Less),
    ("under ", Comparison::Less),
    ("not be greater than ", Comparison::LessOrEqual),
    ("not be more than ", Comparison::LessOrEqual),
    ("not be less than ", Comparison::GreaterOrEqual),
    ("not be before ", Comparison::GreaterOrEqual),
    ("not be after ", Comparison::LessOrEqual),
    ("not be below ", Comparison::GreaterOrEqual),
    ("not go below ", Comparison::GreaterOrEqual),
    ("not drop below ", Comparison::GreaterOrEqual),
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
    ("starting at ", Comparison::GreaterOrEqual),
    ("starting from ", Comparison::GreaterOrEqual),
    ("starts at ", Comparison::GreaterOrEqual),
    ("starts from ", Comparison::GreaterOrEqual),
    ("counted from ", Comparison::GreaterOrEqual),
    ("from ", Comparison::GreaterOrEqual),
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
    ("limited to ", Comparison::LessOrEqual),
    ("capped at ", Comparison::LessOrEqual),
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

/// What stands behind a bound.
const ENDS: &[(&str, Comparison)] = &[
    (" or more", Comparison::GreaterOrEqual),
    (" or greater", Comparison::GreaterOrEqual),
    (" or higher", Comparison::GreaterOrEqual),
    (" or above", Comparison::GreaterOrEqual),
    (" or later", Comparison::GreaterOrEqual),
    (" and above", Comparison::GreaterOrEqual),
    (" and later", Comparison::GreaterOrEqual),
    (" or less", Comparison::LessOrEqual),
    (" or fewer", Comparison::LessOrEqual),
    (" or lower", Comparison::LessOrEqual),
    (" or below", Comparison::LessOrEqual),
    (" or earlier", Comparison::LessOrEqual),
    (" and below", Comparison::LessOrEqual),
    (" at most", Comparison::LessOrEqual),
    (" at least", Comparison::GreaterOrEqual),
];

/// A bound that is a number or another field.
pub(crate) fn predicate(sentence: &Sentence<'_>, field: FieldId, said: &str) -> Option<Meaning> {
    if let Some(meaning) = single(sentence, field, said) {
        return Some(meaning);
    }
    // "> 0 and <= 20", "at least 1 and at most 20"
    let (low, high) = said.cut_at(" and ")?;
    let high = strip_word(strip_word(strip_word(high, "must"), "shall"), "be");
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
        && let Some((bound, comparison)) =
            ENDS.iter().find_map(|(end, it)| Some((lower.strip_suffix(end)?, *it)))
    {
        let bound = number(sentence.without_unit(field, bound))?;
        return Some(Meaning::Expression(compared(field, comparison, bound)));
    }
    let (lead, comparison) = LEADS.iter().find(|(lead, _)| lower.starts_with(lead))?;
    let bound = after(said, &[lead])?;
    if let Some(number) = number(strip_end(sentence.without_unit(field, bound), &["%"])) {
        if !sentence.is_number(field) {
            return None;
        }
        return Some(Meaning::Expression(compared(field, *comparison, number)));
    }
    if let Some(inner) = negative::of(bound).filter(|_| sentence.is_number(field)) {
        let bound = operand(sentence, inner)?.negative()?;
        let of = Expression::Field(field);
        return Some(Meaning::Expression(Expression::compare(of, *comparison, bound)));
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
    let nouns = [
        " whole number",
        " whole numbers",
        " integer",
        " integers",
        " number",
        " numbers",
        " value",
        " values",
        " amount",
        " amounts",
        " decimal",
        " decimals",
    ];
    let said = strip_end(said, &nouns);
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
