//! "0 to 99", "between 1 and 5", "1-5", "1..5", "[0, 100]".

use super::Meaning;
use super::sentence::{Sentence, after, compared, number, strip_end, strip_word};
use crate::{Comparison, Expression, FieldId, Literal};

/// A number between two bounds, both included.
pub(crate) fn predicate(sentence: &Sentence<'_>, field: FieldId, said: &str) -> Option<Meaning> {
    if !sentence.is_number(field) {
        return None;
    }
    let said = ["an", "a", "valid", "whole", "integer", "number", "percentage", "value", "score"]
        .iter()
        .fold(said, |said, word| strip_word(said, word));
    let (low, high) = bounds(sentence.without_unit(field, said))?;
    let low = compared(field, Comparison::GreaterOrEqual, low);
    let high = compared(field, Comparison::LessOrEqual, high);
    Some(Meaning::Expression(Expression::All(vec![low, high])))
}

/// The two numbers of a range.
pub(crate) fn bounds(said: &str) -> Option<(Literal, Literal)> {
    let said = strip_end(said, &[" (inclusive)", " inclusive", ", inclusive", "%"]);
    let inner = after(
        said,
        &[
            "between ",
            "from ",
            "in the range ",
            "in range ",
            "within ",
            "range: ",
            "range ",
            "range:",
        ],
    )
    .unwrap_or(said);
    let inner = strip_end(inner, &[" (inclusive)", " inclusive"]);
    let inner = inner.trim_matches(|c| matches!(c, '[' | ']'));
    let separators = [" to ", " and ", "..", " - ", "-", ", ", ","];
    separators.iter().find_map(|separator| {
        // The first number may have a sign of its own.
        let at = inner
            .char_indices()
            .skip(1)
            .find(|&(at, _)| inner.get(at..).is_some_and(|rest| rest.starts_with(separator)))?;
        let (low, high) = (&inner[..at.0], &inner[at.0 + separator.len()..]);
        Some((number(low.trim_end_matches('%'))?, number(high)?))
    })
}
