//! "A note cannot exist without a visit", "every booking belongs to exactly one room": a reference
//! that must be there.

use underpin_base::Phrases;

use super::Meaning;
use super::sentence::{Sentence, strip_end, strip_word};
use crate::names::words;

const VERBS: &[&str] = &[
    " cannot exist without ",
    " must not exist without ",
    " must always belong to ",
    " always belongs to ",
    " must belong to ",
    " belongs to ",
    " belong to ",
    " must be linked to ",
    " must be assigned to ",
    " must be associated with ",
    " must be attached to ",
    " must reference ",
    " must refer to ",
    " must have ",
    " has exactly ",
];

/// A row of this entity needs one of another.
pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    let text = sentence.text;
    let lower = sentence.lower;
    // What all of the verbs have in common is less to look for.
    lower.first_of(&["belong", " must ", " without ", " has exactly "])?;
    let (verb, at) = lower.first_of(VERBS)?;
    let own = &sentence.draft().model.entity(sentence.entity()).name;
    let subject = ["each", "every", "a", "an", "the", "all"]
        .iter()
        .fold(&text[..at], |subject, word| strip_word(subject, word));
    let is_own = sentence.draft().noun(subject) == Some(sentence.entity())
        || words(own).ends_with(&words(subject)) && !subject.is_empty();
    if !is_own {
        return None;
    }
    let counted = ["exactly one ", "one ", "a single ", "an existing ", "a valid ", "an ", "a "];
    let rest = &text[at + verb.len()..];
    let rest_lower = rest.to_ascii_lowercase();
    let lead = counted.iter().find(|lead| rest_lower.starts_with(*lead))?;
    let target = strip_end(&rest[lead.len()..], &[" record", " at all times"]);
    // "must have a name" says the same of a field, and "has exactly one name".
    let field = sentence.key_phrase(sentence.entity(), target)?;
    let required = sentence.draft().model.field(field);
    (required.references.is_some() || matches!(verb, " must have " | " has exactly "))
        .then_some(Meaning::Required(vec![field]))
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use expect_test::expect;

    #[test]
    fn references_that_must_be_there() {
        check(
            &[
                ("Review", "A review cannot exist without a product"),
                ("Review", "Every review belongs to exactly one user"),
                ("Order", "An order must have a note"),
                ("Order", "Each order has exactly one status"),
            ],
            &expect![[r#"
                rule "A review cannot exist without a product" became `Review.product_id` is required
                rule "Every review belongs to exactly one user" became `Review.user_id` is required
                rule "An order must have a note" became `Order.note` is required
                rule "Each order has exactly one status" became `Order.status` is required
            "#]],
        );
    }

    #[test]
    fn other_possessions_stay_text() {
        check(
            &[
                ("Order", "An order must have at least one line"),
                ("Order", "A user belongs to a merchant"),
                ("Review", "A review belongs to the people"),
                ("Review", "A review must have a heart"),
                ("Review", "A review has exactly two hearts"),
            ],
            &expect![[r#"
                rule "A review belongs to the people" as text only
                rule "A review must have a heart" as text only
                rule "A review has exactly two hearts" as text only
                rule "An order must have at least one line" as text only
                rule "A user belongs to a merchant" as text only
            "#]],
        );
    }
}
