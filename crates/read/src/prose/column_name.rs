//! Columns by the words that sentences have for them: "a nullable completed-at timestamp", "the lead identifier".

use crate::FieldFact;
use crate::words::strip_prefix_ignoring_case;

/// Words before a name that say whether it may be empty, as a condition or as a rule.
const BEFORE: &[(&str, Option<bool>)] = &[
    ("nullable ", Some(false)),
    ("non-nullable ", Some(true)),
    ("not-null ", None),
    ("non-null ", None),
    ("null ", None),
];

/// Gives a field the name of its column where the sentence spells it in words.
pub(super) fn of_words(field: &mut FieldFact) {
    for (mark, required) in BEFORE {
        if let Some(rest) = strip_prefix_ignoring_case(&field.name, mark).map(str::to_owned) {
            field.name = rest;
            field.required = field.required.or(*required);
        }
    }
    let lower = field.name.to_lowercase();
    if matches!(lower.as_str(), "unique identifier" | "identifier")
        && (lower.starts_with("unique") || field.unique == Some(true))
    {
        "id".clone_into(&mut field.name);
        field.primary_key = Some(true);
        return;
    }
    // A level of priority is a priority.
    if matches!(lower.as_str(), "priority level" | "severity level" | "difficulty level") {
        field.name.truncate(field.name.len() - " level".len());
    }
    if let Some(front) = field.name.strip_suffix(" identifier") {
        field.name = format!("{front} id");
    }
    // "created-at timestamp" is `created_at`, a "login timestamp" is called so.
    if let Some(front) = field.name.strip_suffix(" timestamp")
        && ["-at", "_at", " at"].iter().any(|end| front.ends_with(end))
    {
        field.name = front.to_owned();
        field.type_text.get_or_insert_with(|| "timestamp".to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::of_words;
    use crate::FieldFact;

    #[test]
    fn words_for_columns() {
        for (name, column, required) in [
            ("nullable completed-at timestamp", "completed-at", Some(false)),
            ("lead identifier", "lead id", None),
            ("unique identifier", "id", None),
            ("login timestamp", "login timestamp", None),
            ("nullability", "nullability", None),
        ] {
            let mut field = FieldFact { name: name.to_owned(), ..FieldFact::default() };
            of_words(&mut field);
            assert_eq!((field.name.as_str(), field.required), (column, required));
        }
    }
}
