//! "A loan may be renewed at most three times": the number that counts how often it was done.

use underpin_base::Phrases;

use super::Meaning;
use super::moment::stem;
use super::number_of_rows::whole_number;
use super::sentence::{Sentence, compared, strip_end, strip_word};
use crate::names::words;
use crate::{Comparison, FieldId, FieldKind};

/// Between what is done and how often.
const AT_MOST: &[&str] =
    &[" at most ", " no more than ", " not more than ", " up to ", " a maximum of "];

/// A bound on a number that has its name from what is counted.
pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    let text = strip_end(sentence.lower, &[" times", " time"]);
    (text.len() < sentence.lower.len()).then_some(())?;
    let (front, number) = text.cut_at_any(AT_MOST)?;
    let (rows, verb) = front.cut_at_any(&[
        " can be ",
        " may be ",
        " must be ",
        " is ",
        " are ",
        " can only be ",
        " may only be ",
    ])?;
    let rows = ["a", "an", "each", "every", "the", "any"]
        .iter()
        .fold(rows, |it, word| strip_word(it, word));
    (sentence.draft().entity(rows)? == sentence.entity()).then_some(())?;
    let field = counter(sentence, verb.trim())?;
    let bound = whole_number(number.trim())?;
    Some(Meaning::Expression(compared(field, Comparison::LessOrEqual, bound)))
}

/// The one whole number that is named after a verb: "renewed" is counted by `renewals`, `renewal_count`.
fn counter(sentence: &Sentence<'_>, verb: &str) -> Option<FieldId> {
    const SHORTEST: usize = 3;
    let verb = stem(verb);
    (verb.len() >= SHORTEST && !verb.contains(' ')).then_some(())?;
    let mut counting = sentence.draft().model.fields_of(sentence.entity()).filter(|(_, field)| {
        matches!(field.kind, FieldKind::Integer { .. })
            && words(&field.name).iter().any(|word| word.starts_with(verb))
    });
    let (only, _) = counting.next()?;
    counting.next().is_none().then_some(only)
}

#[cfg(test)]
mod tests {
    use crate::test_support::{Facts, condition};

    /// The rule of a loan that a sentence became.
    fn said(rule: &str) -> String {
        let (model, _) = Facts::default()
            .entity("Loan")
            .field("Loan", "id: uuid*")
            .field("Loan", "renewals: integer!")
            .field("Loan", "reminder_count: integer!")
            .field("Loan", "extension_days: integer!")
            .field("Loan", "extensions: integer!")
            .rule("Loan", rule)
            .build();
        condition(&model)
    }

    #[test]
    fn how_often_something_is_done() {
        assert_eq!(said("A loan may be renewed at most three times"), "renewals <= 3");
        assert_eq!(said("Each loan can be reminded no more than 2 times"), "reminder_count <= 2");
    }

    #[test]
    fn what_nothing_counts_or_two_might() {
        assert_eq!(said("A loan may be sold at most three times"), "");
        assert_eq!(said("A loan may be extended at most three times"), "");
        assert_eq!(said("A loan may be renewed at most three days"), "");
    }
}
