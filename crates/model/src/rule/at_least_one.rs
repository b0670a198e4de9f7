//! "at least one of a, b or c", "either a or b is required", "exactly one of a and b must be set",
//! "a and b cannot both be empty".

use underpin_base::Phrases;

use super::Meaning;
use super::sentence::{Sentence, after, strip_end, strip_word, values};
use crate::{Expression, FieldId};

/// Which of several fields must have a value.
pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    let text = sentence.text;
    // Each way to say it has one of these between the fields or behind them.
    sentence.lower.first_of(&[" or ", " of ", " both be ", " all be "])?;
    if let Some(list) = not_both_empty(text) {
        return Some(Meaning::Expression(any(&fields(sentence, list)?)));
    }
    let said = strip_end(
        text,
        &[
            " must be provided",
            " must be present",
            " must be set",
            " must be given",
            " must be specified",
            " must be filled",
            " must be filled in",
            " has to be set",
            " is required",
            " are required",
            " must exist",
            " must not be null",
            " is set",
            " is present",
            " is provided",
            " must be non-null",
            " needs to be set",
        ],
    );
    // "A customer needs an email or a phone".
    let verbs = [
        " must have ",
        " must provide ",
        " must give ",
        " must specify ",
        " needs ",
        " need ",
        " requires ",
    ];
    let owned = verbs.iter().find_map(|verb| {
        let (rows, list) = said.cut_at(verb)?;
        let rows = ["each", "every", "a", "an", "the"]
            .iter()
            .fold(rows.trim(), |rows, word| strip_word(rows, word));
        (sentence.draft().noun(rows) == Some(sentence.entity())).then_some(list)
    });
    let has_verb = said.len() < text.len() || owned.is_some();
    let said = owned.unwrap_or(said);
    let said = after(said, &["there must be ", "requires ", "must have "]).unwrap_or(said);
    if let Some(list) = after(said, &["exactly one of ", "only one of ", "one and only one of "]) {
        let list = fields(sentence, strip_word(list, "either"))?;
        return Some(Meaning::Expression(Expression::All(vec![any(&list), at_most_one(&list)])));
    }
    if let Some(list) = after(said, &["at most one of ", "no more than one of "]) {
        return has_verb
            .then(|| fields(sentence, list))?
            .map(|list| Meaning::Expression(at_most_one(&list)));
    }
    if let Some(list) = after(said, &["at least one of ", "one or more of ", "any of "]) {
        return Some(Meaning::Expression(any(&fields(sentence, list)?)));
    }
    let list = match after(said, &["at least ", "either "]) {
        Some(list) if list.contains(" or ") => list,
        // "email or phone is required"
        None if has_verb && said.contains(" or ") && !said.contains(" and ") => said,
        _ => return None,
    };
    Some(Meaning::Expression(any(&fields(sentence, list)?)))
}

/// "a and b cannot both be empty", "a and b must not both be null".
fn not_both_empty(text: &str) -> Option<&str> {
    let front = strip_end(
        text,
        &[
            " cannot both be empty",
            " cannot both be null",
            " must not both be empty",
            " must not both be null",
            " cannot all be empty",
            " cannot all be null",
            " cannot both be missing",
        ],
    );
    (front.len() < text.len()).then_some(front)
}

/// All parts must be fields: "at least one of the items" is about other rows.
fn fields(sentence: &Sentence<'_>, list: &str) -> Option<Vec<FieldId>> {
    let list = strip_word(list, "the following:");
    let found = values(strip_word(list, "both"))
        .iter()
        .map(|part| {
            sentence.field_phrase(part).or_else(|| sentence.key_phrase(sentence.entity(), part))
        })
        .collect::<Option<Vec<_>>>()?;
    (found.len() > 1).then_some(found)
}

fn any(fields: &[FieldId]) -> Expression<FieldId> {
    let present = fields.iter().map(|&field| Expression::IsPresent(field)).collect();
    Expression::Any(present)
}

/// No two of them.
fn at_most_one(fields: &[FieldId]) -> Expression<FieldId> {
    let mut pairs = Vec::new();
    for (at, &one) in fields.iter().enumerate() {
        for &other in &fields[at + 1..] {
            let both = vec![Expression::IsPresent(one), Expression::IsPresent(other)];
            pairs.push(Expression::Not(Box::new(Expression::All(both))));
        }
    }
    Expression::All(pairs)
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use expect_test::expect;

    #[test]
    fn some_of_several() {
        check(
            &[
                ("Order", "at least one of `starts_at`, `ends_at` or note is required"),
                ("Order", "Either starts_at or note must be present"),
                ("Order", "starts_at or note is required"),
                ("Order", "Exactly one of paid_at and note must be set"),
                ("Order", "paid_at and note cannot both be empty"),
                ("Order", "at most one of paid_at and note is set"),
            ],
            &expect![[r#"
                rule "at least one of `starts_at`, `ends_at` or note is required": starts_at is present or ends_at is present or note is present
                rule "Either starts_at or note must be present": starts_at is present or note is present
                rule "starts_at or note is required": starts_at is present or note is present
                rule "Exactly one of paid_at and note must be set": (paid_at is present or note is present) and (not (paid_at is present and note is present))
                rule "paid_at and note cannot both be empty": paid_at is present or note is present
                rule "at most one of paid_at and note is set": not (paid_at is present and note is present)
            "#]],
        );
    }

    #[test]
    fn other_rows_and_other_words_stay_text() {
        check(
            &[
                ("Order", "at least one of the lines"),
                ("Order", "Either the user or the merchant pays"),
                ("Order", "starts_at or the weather is required"),
                ("Order", "at least one of paid_at"),
            ],
            &expect![[r#"
                rule "at least one of the lines" as text only
                rule "Either the user or the merchant pays" as text only
                rule "starts_at or the weather is required" as text only
                rule "at least one of paid_at" as text only
            "#]],
        );
    }
}
