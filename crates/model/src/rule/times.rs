//! "A loan may be renewed at most three times": the number that counts how often it was done, or the rows of which there is
//! one each time.

use underpin_base::Phrases;

use super::Meaning;
use super::clause::root;
use super::moment::stem;
use super::number_of_rows::whole_number;
use super::rows_of;
use super::sentence::{Sentence, compared, strip_end, strip_word};
use crate::names::words;
use crate::{Comparison, EntityId, Expression, FieldId, FieldKind};

/// Between what is done and how often.
const AT_MOST: &[&str] =
    &[" at most ", " no more than ", " not more than ", " up to ", " a maximum of "];

/// A bound on a number that has its name from what is counted.
pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    // "…, and its limit is never lowered below its uses" says of the limit what the limit says.
    let said =
        sentence.lower.cut_at(" times, and ").filter(|(_, rest)| rest.holds(" lowered below "));
    let text = said.map_or(sentence.lower.as_str(), |(front, _)| front);
    let in_all = strip_end(text, &[" in all", " in total", " altogether", " overall", " ever"]);
    let text = strip_end(in_all, &[" times", " time"]);
    (said.is_some() || text.len() < in_all.len()).then_some(())?;
    let denied = text.cut_at(" more than ").filter(|(front, _)| front.holds(" not be "));
    let denied = denied.map(|(front, number)| (front.replacen(" not be ", " be ", 1), number));
    let (front, number) = match &denied {
        Some((front, number)) => (front.as_str(), *number),
        None => text.cut_at_any(AT_MOST)?,
    };
    let (rows, verb) = front.cut_at_any(&[
        " can be ",
        " may be ",
        " must be ",
        " shall be ",
        " is ",
        " are ",
        " can only be ",
        " may only be ",
    ])?;
    let rows = ["a", "an", "each", "every", "the", "any"]
        .iter()
        .fold(rows, |it, word| strip_word(it, word));
    let owner = sentence.draft().noun(rows)?;
    if owner == sentence.entity() {
        if let (Some(field), Some(bound)) =
            (counter(sentence, verb.trim()), whole_number(number.trim()))
        {
            return Some(Meaning::Expression(compared(field, Comparison::LessOrEqual, bound)));
        }
    }
    done_each_time(sentence, owner, verb.trim(), number.trim())
}

/// "A voucher may be redeemed at most 100 times": its redemptions are counted.
fn done_each_time(
    sentence: &Sentence<'_>,
    owner: EntityId,
    verb: &str,
    number: &str,
) -> Option<Meaning> {
    let model = &sentence.draft().model;
    let verb = root(verb);
    let own = words(&model.entity(owner).name);
    let is_named = |id: EntityId| {
        let name = words(&model.entity(id).name);
        let rest = name.strip_prefix(own.as_slice()).unwrap_or(&name);
        matches!(rest, [noun] if root(&underpin_read::singular(noun)) == verb)
    };
    let mut found = model.entities().map(|(id, _)| id).filter(|&id| is_named(id));
    let rows = found.next()?;
    (found.next().is_none() && rows != owner).then_some(())?;
    let by = rows_of::reference(sentence, rows, owner)?;
    let bound = match whole_number(number) {
        Some(number) => Expression::Literal(number),
        None => Expression::Field(rows_of::number_of(sentence, owner, number)?),
    };
    Some(Meaning::Expression(Expression::Together {
        by: vec![by],
        amount: None,
        comparison: Comparison::LessOrEqual,
        bound: Box::new(bound),
        condition: None,
    }))
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
