//! "must be unique per merchant", "the pair of a and b must be unique".

use super::Meaning;
use super::among;
use super::sentence::{Sentence, after, strip_end, strip_word};
use crate::{EntityId, FieldId};

/// "unique", "unique per merchant", said of one field.
pub(crate) fn predicate(sentence: &Sentence<'_>, field: FieldId, said: &str) -> Option<Meaning> {
    let said = strip_word(strip_word(said, "be"), "globally");
    let rest = after(said, &["unique"])?;
    let (rest, condition) = among::split(sentence, rest);
    let mut fields = vec![field];
    let scope = after(
        rest,
        &[
            "per ",
            "within each ",
            "within a ",
            "within an ",
            "within the same ",
            "within the ",
            "within ",
            "for each ",
            "for the same ",
            "together with ",
            "in combination with ",
            "with ",
        ],
    );
    match (rest.to_ascii_lowercase().as_str(), scope) {
        ("" | "globally" | "across the system", _) => {}
        (_, Some(scope)) => {
            let mut key = key_fields(sentence, sentence.entity, scope)?;
            if key.contains(&field) {
                return None;
            }
            key.append(&mut fields);
            fields = key;
        }
        _ => {
            // "across all users" says where, which is everywhere.
            let owner = after(rest, &["across all ", "among all ", "across "])?;
            if sentence.draft.entity(owner)? != sentence.entity {
                return None;
            }
        }
    }
    Some(Meaning::Unique { fields, condition })
}

/// "combination of a and b must be unique", "(a, b) must be unique".
pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    let text = sentence.text.as_str();
    let front = strip_end(
        text,
        &[
            " must be unique together",
            " are unique together",
            " must be unique in combination",
            " has to be unique",
            " must be unique",
            " is unique",
            " are unique",
            " unique",
        ],
    );
    if let Some(field) = after(text, &["unique "]).and_then(|name| sentence.field_phrase(name)) {
        return Some(Meaning::Unique { fields: vec![field], condition: None });
    }
    let list = if front.len() < text.len() {
        let together = text.to_ascii_lowercase().ends_with("together");
        let front = strip_word(strip_word(strip_word(front, "the"), "each"), "every");
        let inner =
            after(front, &["combination of ", "combination ", "pair of ", "pair ", "tuple of "]);
        match inner {
            Some(inner) => inner,
            None if together || (front.starts_with('(') && front.ends_with(')')) => front,
            None => return None,
        }
    } else {
        let inner =
            after(text, &["unique (", "unique on (", "unique constraint on (", "unique: ("])?;
        inner.strip_suffix(')')?
    };
    let fields = key_fields(sentence, sentence.entity, list)?;
    (fields.len() > 1).then_some(Meaning::Unique { fields, condition: None })
}

/// The fields of "product and user", "product per day", `(a, b)`.
pub(crate) fn key_fields(
    sentence: &Sentence<'_>,
    entity: EntityId,
    phrase: &str,
) -> Option<Vec<FieldId>> {
    let phrase = phrase.trim().trim_start_matches('(').trim_end_matches(')');
    let mut fields: Vec<FieldId> = Vec::new();
    let parts = phrase.split(',').flat_map(|part| part.split(" and "));
    for part in parts.flat_map(|part| part.split(" + ")).flat_map(|part| part.split(" per ")) {
        let field = sentence.key_phrase(entity, strip_word(part.trim(), "and"))?;
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    (!fields.is_empty()).then_some(fields)
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use expect_test::expect;

    #[test]
    fn pairs_and_scopes() {
        check(
            &[
                ("Product", "The pair of `merchant_id` and `sku` must be unique"),
                ("Review", "the combination of product, user and rating is unique"),
                ("Product", "name must be unique within the same merchant"),
                ("Product.currency", "unique with merchant_id"),
            ],
            &expect![[r#"
                unique merchant_id, sku
                unique merchant_id, name
                unique merchant_id, currency
                rule "The pair of `merchant_id` and `sku` must be unique" became unique (merchant_id, sku)
                rule "name must be unique within the same merchant" became unique (merchant_id, name)
                rule "unique with merchant_id" became unique (merchant_id, currency)
                unique product_id, user_id, rating
                rule "the combination of product, user and rating is unique" became unique (product_id, user_id, rating)
            "#]],
        );
    }

    #[test]
    fn other_things_that_are_unique_stay_text() {
        check(
            &[
                ("Product", "The pair of shoes must be unique"),
                ("Product", "the pair of sku and colour must be unique"),
                ("Product", "name must be unique with respect to case"),
                ("Product", "each sku is unique among the living"),
            ],
            &expect![[r#"
                rule "The pair of shoes must be unique" as text only
                rule "the pair of sku and colour must be unique" as text only
                rule "name must be unique with respect to case" as text only
                rule "each sku is unique among the living" as text only
            "#]],
        );
    }
}
