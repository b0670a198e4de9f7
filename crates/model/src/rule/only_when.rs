//! "`paid_at` only if status is paid", "`paid_at` must be null unless status is paid": where a value
//! is there, a condition must hold.

use underpin_base::Phrases;

use super::Meaning;
use super::sentence::{Sentence, after, strip_end};
use super::when;
use crate::Expression;

/// A field that has a value only where a condition holds. "Only" says nothing of the rows where it
/// does hold, which may have no value.
pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    // In the row of a field the words may begin with it: "only when completed".
    let padded = format!(" {}", sentence.text);
    let text = if sentence.field().is_some() { &padded } else { sentence.text };
    let lower = text.to_ascii_lowercase();
    lower.first_of(&["only ", " unless "])?;
    // "Only failed payments have a failure reason"
    if let Some(rest) = after(sentence.text, &["only "]) {
        let verbs = [
            " may have ",
            " can have ",
            " must have ",
            " have ",
            " has ",
            " may carry ",
            " carry ",
        ];
        if let Some((rows, field)) = rest.cut_at_any(&verbs) {
            let present = Expression::IsPresent(sentence.field_phrase(field)?);
            let condition = when::rows_that(sentence, rows)?;
            let implied = Expression::Implies(Box::new(present), Box::new(condition));
            return Some(Meaning::Expression(implied));
        }
    }
    let unless = [
        " must be null unless ",
        " must be empty unless ",
        " is null unless ",
        " is empty unless ",
        " must not be set unless ",
        " cannot be set unless ",
        " is not set unless ",
        " must be absent unless ",
    ];
    let only = [" only if ", " only when ", " only where ", " only for "];
    let (separator, at) = lower.first_of(&unless).or_else(|| lower.first_of(&only))?;
    let (subject, condition) = (&text[..at], &text[at + separator.len()..]);
    // "only set when", "is set only when", "may be present only if"
    let subject = strip_end(
        subject,
        &[
            " may be set",
            " can be set",
            " must be set",
            " may be present",
            " can be present",
            " is allowed",
            " are allowed",
            " allowed",
            " is given",
            " given",
            " is permitted",
            " exists",
            " may exist",
            " is recorded",
            " recorded",
            " is stored",
            " are set",
            " may be given",
            " can be given",
            " may have a value",
            " has a value",
            " is set",
            " is present",
            " is meaningful",
            " meaningful",
            " is valid",
            " valid",
            " set",
            " present",
            " applies",
            " is used",
            " used",
            " is",
        ],
    );
    let field = match sentence.field_phrase(subject) {
        Some(field) => field,
        None if separator.starts_with(" only") && subject.trim().is_empty() => sentence.field()?,
        None => return None,
    };
    let condition = when::condition(sentence, condition)?;
    let present = Expression::IsPresent(field);
    Some(Meaning::Expression(Expression::Implies(Box::new(present), Box::new(condition))))
}

/// "is only set when …" with the adverb before the verb, as people write it.
pub(crate) fn adverb_first(text: &str) -> Option<String> {
    const LEADS: &[&str] = &[
        "is only set ",
        "is only allowed ",
        "are only allowed ",
        "only allowed ",
        "is only given ",
        "is only permitted ",
        "may only be given ",
        "can only be given ",
        "may only have a value ",
        "only has a value ",
        "only given ",
        "is only recorded ",
        "may only be present ",
        "can only be present ",
        "may only exist ",
        "is only present ",
        "must only be set ",
        "may only be set ",
        "can only be set ",
        "only set ",
        "only present ",
        "should only be set ",
        "is only valid ",
        "only valid ",
        "is only used ",
    ];
    let lower = text.to_ascii_lowercase();
    // All of them say "only".
    lower.place_of("only ")?;
    LEADS.iter().find_map(|lead| {
        let at = lower.place_of(lead)?;
        let rest = &text[at + lead.len()..];
        let follows = ["if ", "when ", "where ", "for "];
        follows
            .iter()
            .any(|word| lower[at + lead.len()..].starts_with(word))
            .then(|| format!("{}only {rest}", &text[..at]))
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use expect_test::expect;

    #[test]
    fn a_value_that_needs_a_condition() {
        check(
            &[
                ("Order", "paid_at only if status is paid"),
                ("Order", "`paid_at` is only set when status is paid"),
                ("Order", "`paid_at` must be null unless status is paid or shipped"),
                ("Order.note", "only present when quantity is 3"),
            ],
            &expect![[r#"
                rule "paid_at only if status is paid": if paid_at is present then status = 'paid'
                rule "`paid_at` is only set when status is paid": if paid_at is present then status = 'paid'
                rule "`paid_at` must be null unless status is paid or shipped": if paid_at is present then status in ('paid', 'shipped')
                rule "only present when quantity is 3": if note is present then quantity = 3
            "#]],
        );
    }

    #[test]
    fn acts_and_unknown_conditions_stay_text() {
        check(
            &[
                ("Order", "Only the owner may edit only if asked"),
                ("Order", "paid_at only if the customer agrees"),
                ("Order", "orders are shipped only when status is paid"),
            ],
            &expect![[r#"
                rule "Only the owner may edit only if asked" as text only
                rule "paid_at only if the customer agrees" as text only
                rule "orders are shipped only when status is paid" as text only
            "#]],
        );
    }
}
