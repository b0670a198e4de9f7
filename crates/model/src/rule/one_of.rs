//! "one of: a, b, c", "either a or b", "in ('a', 'b')".

use super::Meaning;
use super::sentence::{Sentence, after, number, values};
use crate::pass::enumerations::same;
use crate::{Expression, FieldId, Literal};

/// A value out of a list.
pub(crate) fn predicate(sentence: &Sentence<'_>, field: FieldId, said: &str) -> Option<Meaning> {
    let list = after(
        said,
        &["one of: ", "one of the following: ", "one of ", "either ", "in (", "in [", "in: "],
    )?;
    let list = values(list);
    // A long part is a sentence and no value.
    if list.len() < 2 || list.iter().any(|value| value.split(' ').count() > 3) {
        return None;
    }
    let of = sentence.draft().model.field(field);
    if let Some(known) = sentence.draft().model.values_of(of)
        && same(known, &list)
    {
        return Some(Meaning::Known("the values of the field".to_owned()));
    }
    let literals = list.into_iter().map(|value| {
        if sentence.is_number(field) { number(&value) } else { Some(Literal::Text(value)) }
    });
    let literals = literals.collect::<Option<Vec<_>>>()?;
    Some(Meaning::Expression(Expression::OneOf(Box::new(Expression::Field(field)), literals)))
}
