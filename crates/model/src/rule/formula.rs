//! Formulas over field names: `start < end`, `total = subtotal + tax`.

use super::Meaning;
use super::sentence::Sentence;
use super::sql;

/// A formula and nothing else.
pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    let text = sentence.text.as_str();
    let upper = text.to_ascii_uppercase();
    let has_sign = text.contains(['<', '>', '=']);
    if !has_sign && !upper.contains(" IN (") && !upper.contains(" BETWEEN ") {
        return None;
    }
    let text = text.replace("==", "=").replace("!=", "<>").replace("&&", " AND ");
    let text = text.replace("||", " OR ").replace(" !== ", " <> ");
    sql::expression(sentence.draft, sentence.entity, &text).map(Meaning::Expression)
}
