//! Comparisons in words: "at least 5", "no later than its end", "between 1 and 10", "14 or more", and what a value is
//! compared with.

use super::super::negative;
use super::super::sentence::number;
use super::scope::{Scope, Want, bare};
use crate::names::words;
use crate::{Arithmetic, Comparison, Expression, FieldId, Literal};

const LEADS: &[(&str, Comparison)] = &[
    ("greater than or equal to ", Comparison::GreaterOrEqual),
    ("more than or equal to ", Comparison::GreaterOrEqual),
    ("less than or equal to ", Comparison::LessOrEqual),
    ("equal to or greater than ", Comparison::GreaterOrEqual),
    ("equal to or less than ", Comparison::LessOrEqual),
    ("no more than ", Comparison::LessOrEqual),
    ("not more than ", Comparison::LessOrEqual),
    ("no greater than ", Comparison::LessOrEqual),
    ("no higher than ", Comparison::LessOrEqual),
    ("no larger than ", Comparison::LessOrEqual),
    ("no longer than ", Comparison::LessOrEqual),
    ("no later than ", Comparison::LessOrEqual),
    ("not later than ", Comparison::LessOrEqual),
    ("not after ", Comparison::LessOrEqual),
    ("not above ", Comparison::LessOrEqual),
    ("no less than ", Comparison::GreaterOrEqual),
    ("not less than ", Comparison::GreaterOrEqual),
    ("no fewer than ", Comparison::GreaterOrEqual),
    ("no lower than ", Comparison::GreaterOrEqual),
    ("no smaller than ", Comparison::GreaterOrEqual),
    ("no earlier than ", Comparison::GreaterOrEqual),
    ("not earlier than ", Comparison::GreaterOrEqual),
    ("no sooner than ", Comparison::GreaterOrEqual),
    ("no shorter than ", Comparison::GreaterOrEqual),
    ("not before ", Comparison::GreaterOrEqual),
    ("not below ", Comparison::GreaterOrEqual),
    ("on or after ", Comparison::GreaterOrEqual),
    ("at or after ", Comparison::GreaterOrEqual),
    ("the same day as or later than ", Comparison::GreaterOrEqual),
    ("on or before ", Comparison::LessOrEqual),
    ("at or before ", Comparison::LessOrEqual),
    ("at or above ", Comparison::GreaterOrEqual),
    ("at or below ", Comparison::LessOrEqual),
    ("a minimum of ", Comparison::GreaterOrEqual),
    ("a maximum of ", Comparison::LessOrEqual),
    ("at least ", Comparison::GreaterOrEqual),
    ("at most ", Comparison::LessOrEqual),
    ("at the most ", Comparison::LessOrEqual),
    ("at the least ", Comparison::GreaterOrEqual),
    ("up to ", Comparison::LessOrEqual),
    ("greater than ", Comparison::Greater),
    ("more than ", Comparison::Greater),
    ("higher than ", Comparison::Greater),
    ("larger than ", Comparison::Greater),
    ("bigger than ", Comparison::Greater),
    ("longer than ", Comparison::Greater),
    ("later than ", Comparison::Greater),
    ("over ", Comparison::Greater),
    ("above ", Comparison::Greater),
    ("beyond ", Comparison::Greater),
    ("less than ", Comparison::Less),
    ("fewer than ", Comparison::Less),
    ("lower than ", Comparison::Less),
    ("smaller than ", Comparison::Less),
    ("shorter than ", Comparison::Less),
    ("earlier than ", Comparison::Less),
    ("sooner than ", Comparison::Less),
    ("below ", Comparison::Less),
    ("under ", Comparison::Less),
    ("after ", Comparison::Greater),
    ("before ", Comparison::Less),
    ("equal to ", Comparison::Equal),
    ("the same as ", Comparison::Equal),
    ("identical to ", Comparison::Equal),
    ("different from ", Comparison::NotEqual),
    ("exactly ", Comparison::Equal),
];

const ENDS: &[(&str, Comparison)] = &[
    (" or more", Comparison::GreaterOrEqual),
    (" or higher", Comparison::GreaterOrEqual),
    (" or greater", Comparison::GreaterOrEqual),
    (" or above", Comparison::GreaterOrEqual),
    (" or later", Comparison::GreaterOrEqual),
    (" and more", Comparison::GreaterOrEqual),
    (" and above", Comparison::GreaterOrEqual),
    (" or less", Comparison::LessOrEqual),
    (" or fewer", Comparison::LessOrEqual),
    (" or lower", Comparison::LessOrEqual),
    (" or below", Comparison::LessOrEqual),
    (" or earlier", Comparison::LessOrEqual),
    (" at most", Comparison::LessOrEqual),
    (" at least", Comparison::GreaterOrEqual),
    (" at the latest", Comparison::LessOrEqual),
    (" at the earliest", Comparison::GreaterOrEqual),
];

/// What a phrase compares with, one or two of them; `denied` turns it round.
pub(super) fn comparisons(said: &str, denied: bool) -> Option<Vec<(Comparison, String)>> {
    let said = ["always ", "strictly ", "either "]
        .iter()
        .fold(said.trim(), |said, word| said.strip_prefix(word).unwrap_or(said));
    if let Some((low, high)) = ends(said) {
        let both = vec![
            (Comparison::GreaterOrEqual, low.to_owned()),
            (Comparison::LessOrEqual, high.to_owned()),
        ];
        return (!denied).then_some(both);
    }
    // "more than 0 and no more than 48"
    if let Some((low, high)) = said.split_once(" and ").filter(|_| !denied) {
        let high = high.trim_start_matches("must be ").trim_start_matches("be ");
        if let (Some(low), Some(high)) = (comparison(low), comparison(high)) {
            return Some(vec![low, high]);
        }
    }
    let (comparison, operand) = comparison(said)?;
    Some(vec![(if denied { contrary(comparison) } else { comparison }, operand)])
}

/// The two ends of "between 1 and 10", "from 0 to 5", "within a and b".
fn ends(said: &str) -> Option<(&str, &str)> {
    let between = ["between ", "within "].iter().find_map(|it| said.strip_prefix(it));
    if let Some(rest) = between {
        return rest.split_once(" and ");
    }
    let from = ["from ", "in the range from ", "in the range of ", "a fraction from "]
        .iter()
        .find_map(|it| said.strip_prefix(it))?;
    from.split_once(" to ").or_else(|| from.split_once(" through "))
}

fn comparison(said: &str) -> Option<(Comparison, String)> {
    let sign = said.trim_start_matches("a ").trim_start_matches("strictly ");
    let sign = ["amount", "number", "value", "integer"]
        .iter()
        .fold(sign, |it, noun| it.strip_suffix(noun).map_or(it, str::trim_end));
    let of_zero = match sign {
        "positive" => Some(Comparison::Greater),
        "negative" => Some(Comparison::Less),
        "non-negative" | "nonnegative" | "zero or positive" | "positive or zero"
        | "zero or more" | "zero or above" => Some(Comparison::GreaterOrEqual),
        "zero or less" | "zero or negative" => Some(Comparison::LessOrEqual),
        "zero" | "free" if sign == "zero" => Some(Comparison::Equal),
        "non-zero" | "nonzero" => Some(Comparison::NotEqual),
        _ => None,
    };
    if let Some(comparison) = of_zero {
        return Some((comparison, "0".to_owned()));
    }
    if let Some(found) =
        LEADS.iter().find_map(|(lead, it)| Some((*it, said.strip_prefix(lead)?.to_owned())))
    {
        return Some(found);
    }
    // "one seat or more", "14 days at most"
    ENDS.iter().find_map(|(end, it)| Some((*it, said.strip_suffix(end)?.to_owned()))).or_else(
        || {
            ENDS[..14].iter().find_map(|(end, it)| {
                // "50 or more words"
                let (front, behind) = said.split_once(end)?;
                (number_word(front).is_some() && behind.starts_with(' '))
                    .then(|| (*it, format!("{front}{behind}")))
            })
        },
    )
}

const fn contrary(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
        Comparison::Less => Comparison::GreaterOrEqual,
        Comparison::LessOrEqual => Comparison::Greater,
        Comparison::Greater => Comparison::LessOrEqual,
        Comparison::GreaterOrEqual => Comparison::Less,
    }
}

/// A number in digits or as a word.
pub(super) fn number_word(word: &str) -> Option<Literal> {
    const NAMES: &[&str] = &[
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    match NAMES.iter().position(|it| *it == word) {
        Some(at) => Some(Literal::Integer(i64::try_from(at).ok()?)),
        None => number(word),
    }
}

/// The value that a phrase stands for beside a field: a number of its unit, another field, a sum.
pub(super) fn operand(
    scope: &Scope<'_>,
    left: FieldId,
    phrase: &str,
) -> Option<Expression<FieldId>> {
    let phrase = phrase.trim();
    if scope.is_moment(left) {
        let other = scope.moment(phrase).filter(|&it| it != left)?;
        return Some(Expression::Field(other));
    }
    if !scope.is_number(left) {
        // Only equality can be meant of the rest, and only of fields of one kind.
        let other = scope.field_of(phrase, Want::Any).filter(|&it| it != left)?;
        let same = scope.model.field(other).kind == scope.model.field(left).kind;
        return same.then_some(Expression::Field(other));
    }
    if let Some(literal) = counted(scope, left, phrase) {
        return Some(Expression::Literal(literal));
    }
    calculated(scope, left, phrase)
}

/// "5000 mg" of `dose_mg`, "30 days" of `trial_days`, "0", "two".
fn counted(scope: &Scope<'_>, left: FieldId, phrase: &str) -> Option<Literal> {
    let phrase = phrase.trim_end_matches('%').trim_end();
    if let Some(literal) = number_word(phrase) {
        return Some(literal);
    }
    match phrase {
        "once" => return Some(Literal::Integer(1)),
        "twice" => return Some(Literal::Integer(2)),
        _ => {}
    }
    let (front, unit) = phrase.rsplit_once(' ')?;
    let field = scope.model.field(left);
    let singular = |word: &str| word.strip_suffix('s').unwrap_or(word).to_owned();
    let is_unit = unit == "times"
        || words(&field.name).iter().any(|it| singular(it) == singular(unit))
        || field.unit.as_deref().is_some_and(|it| singular(it) == singular(unit))
        || (field.unit.is_none()
            && matches!(
                field.kind,
                crate::FieldKind::Money { .. } | crate::FieldKind::Decimal { .. }
            )
            && matches!(unit, "euro" | "euros" | "dollars" | "pounds" | "eur" | "usd"));
    is_unit.then(|| number_word(front))?
}

/// "the sum of a and b", "a plus b", "a less b", "twelve times a", a field.
fn calculated(scope: &Scope<'_>, left: FieldId, phrase: &str) -> Option<Expression<FieldId>> {
    let phrase = bare(phrase);
    if let (None, Some(inner)) = (number_word(phrase), negative::of(phrase)) {
        return calculated(scope, left, inner)?.negative();
    }
    if let Some(other) = scope.field_of(phrase, Want::Number) {
        return (other != left).then_some(Expression::Field(other));
    }
    let join = |one: &str, operator, other: &str| {
        let both = (calculated(scope, left, one)?, calculated(scope, left, other)?);
        Some(Expression::Calculate(Box::new(both.0), operator, Box::new(both.1)))
    };
    for (lead, operator) in [
        ("sum of ", Arithmetic::Add),
        ("total of ", Arithmetic::Add),
        ("product of ", Arithmetic::Multiply),
        ("difference between ", Arithmetic::Subtract),
        ("difference of ", Arithmetic::Subtract),
    ] {
        if let Some((one, other)) = phrase.strip_prefix(lead).and_then(|it| it.rsplit_once(" and "))
        {
            return join(one, operator, other);
        }
    }
    for (between, operator) in [
        (" plus ", Arithmetic::Add),
        (" less ", Arithmetic::Subtract),
        (" minus ", Arithmetic::Subtract),
        (" times ", Arithmetic::Multiply),
        (" multiplied by ", Arithmetic::Multiply),
    ] {
        if let Some((one, other)) = phrase.rsplit_once(between) {
            return join(one, operator, other);
        }
    }
    let twice = phrase
        .strip_prefix("twice ")
        .map(|it| ("two", it))
        .or_else(|| phrase.strip_prefix("double ").map(|it| ("two", it)));
    if let Some((number, rest)) = twice {
        return join(number, Arithmetic::Multiply, rest);
    }
    number_word(phrase).map(Expression::Literal)
}
