//! "unique regardless of case", "case-insensitive": letters that differ in nothing but their case are the same.

use underpin_base::Phrases;

use super::sentence::{Sentence, strip_end};
use crate::FieldId;

/// Ways to say it, the longest first.
const PHRASES: &[&str] = &[
    "we don't care about upper and lower case",
    "we don't care about upper/lower case",
    "we do not care about case",
    "we don't care about case",
    "upper/lower case does not matter",
    "upper and lower case do not matter",
    "upper and lower case make no difference",
    "however they are capitalised",
    "however they are capitalized",
    "however it is capitalised",
    "however it is capitalized",
    "whatever its case",
    "whatever their case",
    "letter case makes no difference",
    "letter case does not matter",
    "upper and lower case are the same",
    "case makes no difference",
    "case does not matter",
    "case doesn't matter",
    "without regard to upper and lower case",
    "regardless of upper and lower case",
    "regardless of upper or lower case",
    "without regard to letter case",
    "regardless of letter case",
    "without regard to case",
    "regardless of the case",
    "irrespective of case",
    "independent of case",
    "regardless of case",
    "case-insensitively",
    "case insensitively",
    "case-insensitive",
    "case insensitive",
    "ignoring the case",
    "ignoring case",
    "ignore case",
];

/// The text without the words that say so; `None` where it says nothing of the kind, or denies it.
pub(crate) fn without(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    ["case", "capitali"].iter().find_map(|it| lower.place_of(it))?;
    let (phrase, at) = lower.first_of(PHRASES)?;
    let (front, back) = (&text[..at], &text[at + phrase.len()..]);
    let denied =
        ["not", "no", "never"].contains(&front.split_whitespace().last().unwrap_or_default());
    if denied {
        return None;
    }
    let front = front.trim_end().trim_end_matches(['(', ',', ';']).trim_end();
    let back = back.trim_start().trim_start_matches(')');
    let (front, back) = (front.trim(), back.trim());
    let gap =
        if front.is_empty() || back.is_empty() || back.starts_with([',', ';']) { "" } else { " " };
    Some(format!("{front}{gap}{back}"))
}

/// The fields that a sentence is about of which nothing else is said: "The email is", "Emails are compared", "The handle and
/// the email of an author are".
pub(crate) fn subjects(sentence: &Sentence<'_>) -> Option<Vec<FieldId>> {
    let ends = [" must be compared", " is compared", " are compared", " must be", " is", " are"];
    let front = strip_end(sentence.text, &ends);
    match front {
        "" | "must be" | "is" | "are" | "compared" => sentence.field().map(|field| vec![field]),
        front => sentence.fields(front),
    }
}

#[cfg(test)]
mod tests {
    use super::without;
    use crate::test_support::Facts;

    #[test]
    fn words_around_it_stay() {
        for (text, rest) in [
            (
                "The email of a guest is unique regardless of case",
                Some("The email of a guest is unique"),
            ),
            ("unique (case-insensitive)", Some("unique")),
            ("unique, case-insensitive", Some("unique")),
            ("case-insensitive", Some("")),
            ("unique, case doesn't matter", Some("unique")),
            ("we don't care about upper/lower case", Some("")),
            ("unique ignoring case per tenant", Some("unique per tenant")),
            ("unique (case-insensitive), required", Some("unique, required")),
            ("not case-insensitive", None),
            ("unique with respect to case", None),
            ("in lower case", None),
        ] {
            assert_eq!(without(text).as_deref(), rest, "{text}");
        }
    }

    #[test]
    fn one_sentence_may_be_about_several_fields() {
        let (model, _) = Facts::default()
            .entity("Author")
            .field("Author", "id: uuid*")
            .field("Author", "handle: text!")
            .field("Author", "email: text!")
            .field("Author", "bio: text?")
            .rule("Author", "The handle and the email of an author are case-insensitive")
            .build();
        let ignoring: Vec<&str> = model
            .fields
            .iter()
            .filter(|field| field.ignores_case)
            .map(|field| &*field.name)
            .collect();
        assert_eq!(ignoring, ["handle", "email"]);
    }
}
