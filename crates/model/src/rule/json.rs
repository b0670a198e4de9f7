//! "is a JSON object", "must be a JSON array".

use super::Meaning;
use super::sentence::{Sentence, strip_word};
use crate::{Expression, FieldId, FieldKind, JsonForm};

/// A JSON value is of one form.
pub(crate) fn predicate(sentence: &Sentence<'_>, field: FieldId, said: &str) -> Option<Meaning> {
    if *sentence.kind(field) != FieldKind::Json {
        return None;
    }
    let said = ["be", "hold", "holds", "contain", "contains", "always", "valid", "a", "an"]
        .iter()
        .fold(said, |said, word| strip_word(said, word));
    let form = match said.to_ascii_lowercase().as_str() {
        "json object" => JsonForm::Object,
        "json array" | "json list" => JsonForm::Array,
        _ => return None,
    };
    Some(Meaning::Expression(Expression::JsonForm(field, form)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use expect_test::expect;

    #[test]
    fn forms_of_json() {
        check(
            &[
                ("Product", "`details` is a JSON object"),
                ("Product.details", "must be a JSON array"),
                ("Product", "CHECK (jsonb_typeof(details) = 'array')"),
                ("Product", "name is a JSON object"),
                ("Product", "details is a JSON object of strings"),
            ],
            &expect![[r#"
                rule "`details` is a JSON object": details is a JSON object
                rule "must be a JSON array": details is a JSON array
                rule "CHECK (jsonb_typeof(details) = 'array')": details is a JSON array
                rule "name is a JSON object" as text only
                rule "details is a JSON object of strings" as text only
            "#]],
        );
    }
}
