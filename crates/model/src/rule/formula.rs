//! Formulas over field names: `start < end`, `total = subtotal + tax`.

use super::Meaning;
use super::sentence::{Sentence, number};
use super::sql;
use crate::{Comparison, Expression, FieldId};

/// A formula and nothing else.
pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    let text = sentence.text;
    let upper = text.to_ascii_uppercase();
    let has_sign = text.contains(['<', '>', '=']);
    if !has_sign && !upper.contains(" IN (") && !upper.contains(" BETWEEN ") {
        return None;
    }
    let text = text.replace("==", "=").replace("!=", "<>").replace("&&", " AND ");
    let text = text.replace("||", " OR ").replace(" !== ", " <> ");
    sql::expression(sentence.draft(), sentence.entity(), &text)
        .or_else(|| chain(sentence, &text))
        .map(Meaning::Expression)
}

/// "0 <= rating <= 5", as mathematicians write it, also with digits in groups.
fn chain(sentence: &Sentence<'_>, text: &str) -> Option<Expression<FieldId>> {
    let plain = text.replace("<=", "≤");
    let [low, middle, high] = plain.split(['<', '≤']).collect::<Vec<_>>().try_into().ok()?;
    let field = sentence.field_phrase(middle)?;
    let signs: Vec<char> = plain.chars().filter(|c| matches!(c, '<' | '≤')).collect();
    let side = |text: &str| match number(text) {
        Some(number) => Some(Expression::Literal(number)),
        None => Some(Expression::Field(sentence.field_phrase(text)?)),
    };
    let compared = |left, sign, right| {
        let comparison = if sign == '<' { Comparison::Less } else { Comparison::LessOrEqual };
        Expression::compare(left, comparison, right)
    };
    let middle = || Expression::Field(field);
    Some(Expression::All(vec![
        compared(side(low)?, signs[0], middle()),
        compared(middle(), signs[1], side(high)?),
    ]))
}
