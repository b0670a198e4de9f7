//! "must be unique per merchant", "the pair of a and b must be unique".

use std::borrow::Cow;

use underpin_base::Phrases;

use super::Meaning;
use super::among;
use super::one_per::row_condition;
use super::sentence::{Sentence, after, strip_end, strip_word};
use crate::{EntityId, Expression, FieldId};

/// "unique", "unique per merchant", said of one field.
pub(crate) fn predicate(sentence: &Sentence<'_>, field: FieldId, said: &str) -> Option<Meaning> {
    let said = strip_word(strip_word(said, "be"), "globally");
    let rest = after(said, &["unique"])?;
    let (rest, condition) = among::split(sentence, rest);
    // "(idempotency key)" says what it is for.
    let is_remark = rest.starts_with('(')
        && rest.ends_with(')')
        && key_fields(sentence, sentence.entity(), rest).is_none();
    let rest = if is_remark { "" } else { rest };
    let mut fields = vec![field];
    let scope = after(
        rest,
        &[
            "per ",
            "within its ",
            "within their ",
            "within a given ",
            "in its ",
            "in a given ",
            "for its ",
            "for a given ",
            "inside its ",
            "inside a ",
            "inside an ",
            "inside the ",
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
            let mut key = key_fields(sentence, sentence.entity(), scope)?;
            if key.contains(&field) {
                return None;
            }
            key.append(&mut fields);
            fields = key;
        }
        _ => {
            // "across all users" says where, which is everywhere.
            let owner = after(rest, &["across all ", "among all ", "across "])?;
            if sentence.draft().noun(owner)? != sentence.entity() {
                return None;
            }
        }
    }
    Some(Meaning::Unique { fields, condition })
}

/// "combination of a and b must be unique", "(a, b) must be unique".
pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    sentence.lower.first_of(&["unique", " identified by "])?;
    if let Some(meaning) =
        owned(sentence).or_else(|| identifies(sentence)).or_else(|| identified(sentence))
    {
        return Some(meaning);
    }
    let speaks = sentence.lower.holds(" unique ");
    let (text, condition) =
        if speaks { among::split(sentence, sentence.text) } else { (sentence.text, None) };
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
        return Some(Meaning::Unique { fields: vec![field], condition });
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
    let (list, inside) = without_condition(sentence, list);
    let condition = match (condition, inside) {
        (Some(_), Some(_)) => return None,
        (one, other) => one.or(other),
    };
    let fields = key_fields(sentence, sentence.entity(), &list)?;
    // One name in brackets is said of a field, unless it is said of some rows only.
    (fields.len() > 1 || condition.is_some()).then_some(Meaning::Unique { fields, condition })
}

/// The names of `slot, client, status in [pending, confirmed]`, and which rows the last part means.
fn without_condition<'t>(
    sentence: &Sentence<'_>,
    list: &'t str,
) -> (Cow<'t, str>, Option<Expression<FieldId>>) {
    let whole = (Cow::Borrowed(list), None);
    let list = match list.strip_prefix('(') {
        Some(inner) => inner.strip_suffix(')').unwrap_or(inner),
        None => list,
    };
    let parts = underpin_read::split_top(list, &[',']);
    let mut conditions = parts.iter().enumerate().filter_map(|(at, part)| {
        let (name, values) = part.cut_at_any(&[" in ", " is ", " = ", "="])?;
        let said = format!("{} {}", name.trim(), strip_word(values.trim(), "in"));
        Some((at, row_condition(sentence, sentence.entity(), &said)?))
    });
    let (Some((at, condition)), None) = (conditions.next(), conditions.next()) else {
        return whole;
    };
    let names = parts.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, part)| *part);
    (Cow::Owned(names.collect::<Vec<_>>().join(", ")), Some(condition))
}

/// "Each merchant has a unique code", "every user must have a unique e-mail per tenant".
fn owned(sentence: &Sentence<'_>) -> Option<Meaning> {
    const VERBS: &[&str] = &[
        " must have a unique ",
        " must have an unique ",
        " must have unique ",
        " has a unique ",
        " has an unique ",
        " have a unique ",
        " have unique ",
        " has its own unique ",
        " gets a unique ",
        " receives a unique ",
        " is identified by a unique ",
        " are identified by a unique ",
        " is identified by its ",
        " is identified by the ",
        " are identified by the ",
        " carries a unique ",
        " carry a unique ",
        " must carry a unique ",
        " needs a unique ",
        " must use a unique ",
        " are identified by their ",
    ];
    let text = sentence.text;
    let lower = sentence.lower;
    let (verb, at) = lower.first_of(VERBS)?;
    let rows = ["each", "every", "all", "a", "an", "the", "any"]
        .iter()
        .fold(text[..at].trim(), |rows, word| strip_word(rows, word));
    if sentence.draft().noun(rows)? != sentence.entity() {
        return None;
    }
    let said = text[at + verb.len()..].trim();
    // The name goes as far as it names a field; what follows is the scope.
    let ends = said.match_indices(' ').map(|(at, _)| at).chain([said.len()]);
    let named =
        ends.filter_map(|end| Some((end, sentence.field_phrase(&said[..end])?))).next_back();
    let (end, field) = named?;
    predicate(sentence, field, &format!("unique {}", said[end..].trim()))
}

/// "The barcode identifies a copy uniquely", "a code that uniquely identifies the room".
fn identifies(sentence: &Sentence<'_>) -> Option<Meaning> {
    let text = strip_end(sentence.text, &[" uniquely"]);
    let (name, rows) = text.cut_at_any(&[" uniquely identifies ", " identifies "])?;
    let rows =
        ["each", "every", "a", "an", "the"].iter().fold(rows, |it, word| strip_word(it, word));
    (sentence.draft().noun(rows)? == sentence.entity()).then_some(())?;
    let fields = vec![sentence.field_phrase(strip_end(name, &[" that"]))?];
    Some(Meaning::Unique { fields, condition: None })
}

/// "A seat is identified by block, row and number within an event".
fn identified(sentence: &Sentence<'_>) -> Option<Meaning> {
    let (rows, said) = sentence.text.cut_at_any(&[" is identified by ", " are identified by "])?;
    let rows =
        ["each", "every", "a", "an", "the"].iter().fold(rows, |it, word| strip_word(it, word));
    (sentence.draft().noun(rows)? == sentence.entity()).then_some(())?;
    let (list, scope) = match said.cut_at_any(&[" within ", " in ", " of "]) {
        Some((list, scope)) => (list, Some(scope)),
        None => (said, None),
    };
    let mut fields = key_fields(sentence, sentence.entity(), list)?;
    if let Some(scope) = scope {
        let scope = ["each", "every", "a", "an", "the", "its"]
            .iter()
            .fold(scope, |it, word| strip_word(it, word));
        let owner = sentence.key_phrase(sentence.entity(), scope)?;
        fields.retain(|it| *it != owner);
        fields.insert(0, owner);
    }
    (fields.len() > 1).then_some(Meaning::Unique { fields, condition: None })
}

/// "No two bids of an auction have the same amount".
pub(crate) fn no_two(sentence: &Sentence<'_>) -> Option<Meaning> {
    const SHARE: &[&str] = &[
        " may have the same ",
        " can have the same ",
        " may share the same ",
        " can share the same ",
        " may share a ",
        " can share a ",
        " may share ",
        " can share ",
        " may use the same ",
        " can use the same ",
        " use the same ",
        " have the same ",
        " share the same ",
        " share a ",
        " share an ",
        " share ",
        " with the same ",
    ];
    let text = sentence.lower;
    let rest = after(text, &["no two ", "there are no two ", "there must be no two ", "two "])?;
    // "two" alone denies nothing.
    let denied = !text.starts_with("two ");
    let refused = [
        " cannot have the same ",
        " must not have the same ",
        " may not have the same ",
        " do not have the same ",
        " cannot share the same ",
        " must not share the same ",
        " cannot share a ",
        " cannot share an ",
        " must not share a ",
        " must not share an ",
        " cannot share ",
        " must not share ",
        " may not share the same ",
        " cannot use the same ",
        " must not use the same ",
        " may not use the same ",
    ];
    let (rows, shared) =
        rest.cut_at_any(&refused).filter(|_| !denied).or_else(|| rest.cut_at_any(SHARE))?;
    if !denied && !text.holds("not ") {
        return None;
    }
    let (rows, scope) = match rows.cut_at_any(&[" of ", " in ", " within ", " for "]) {
        Some((rows, scope)) => (rows, Some(scope)),
        None => (rows, None),
    };
    let (shared, condition) = among::split(sentence, shared);
    let (shared, behind) = match shared.cut_at_any(&[
        " within ",
        " per ",
        " for the same ",
        " in the same ",
        " of the same ",
    ]) {
        Some((shared, scope)) => (shared, Some(scope)),
        None => (shared, None),
    };
    // "no two customers that are not deleted"
    let (entity, among_those) = match rows.cut_at_any(&[" that are ", " which are ", " who are "]) {
        Some((noun, said)) => {
            let entity = sentence.draft().noun(noun)?;
            let rows = format!("{noun} that are {said}");
            let said = super::parsed::rows_said(&sentence.draft().model, entity, &rows);
            (entity, Some(said?))
        }
        None => (sentence.draft().noun(strip_word(rows, "different"))?, None),
    };
    let condition = match (condition, among_those) {
        (Some(_), Some(_)) => return None,
        (one, other) => one.or(other),
    };
    let mut fields = Vec::new();
    for phrase in scope.into_iter().chain(behind).chain([shared]) {
        let phrase = ["the same ", "same ", "one "]
            .iter()
            .find_map(|lead| phrase.strip_prefix(lead))
            .unwrap_or(phrase);
        for field in key_fields(sentence, entity, phrase)? {
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
    }
    Some(Meaning::Unique { fields, condition })
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
                ("Product.sku", "Unique (stock keeping)"),
                ("Product", "The name is unique within its merchant"),
                ("Cart", "Unique (user_id, id, status in [active, ordered])"),
                ("Cart", "Unique (user_id, status = 'active')"),
                ("Cart", "Unique (user_id, status in [active, frozen])"),
                ("Product", "No two products of a merchant have the same sku"),
            ],
            &expect![[r#"
                unique merchant_id, sku
                unique merchant_id, name
                unique merchant_id, currency
                rule "The pair of `merchant_id` and `sku` must be unique" became unique (merchant_id, sku)
                rule "name must be unique within the same merchant" became unique (merchant_id, name)
                rule "unique with merchant_id" became unique (merchant_id, currency)
                rule "Unique (stock keeping)" became unique (sku)
                rule "The name is unique within its merchant" became unique (merchant_id, name)
                rule "No two products of a merchant have the same sku" became unique (merchant_id, sku)
                unique product_id, user_id, rating
                rule "the combination of product, user and rating is unique" became unique (product_id, user_id, rating)
                unique user_id, id where status in ('active', 'ordered')
                unique user_id where status = 'active'
                rule "Unique (user_id, id, status in [active, ordered])" became unique (user_id, id) where status in ('active', 'ordered')
                rule "Unique (user_id, status = 'active')" became unique (user_id) where status = 'active'
                rule "Unique (user_id, status in [active, frozen])" as text only
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
                ("Product", "Two products of a merchant have the same sku"),
                ("Product", "No two products of a merchant have the same colour"),
            ],
            &expect![[r#"
                rule "The pair of shoes must be unique" as text only
                rule "the pair of sku and colour must be unique" as text only
                rule "name must be unique with respect to case" as text only
                rule "each sku is unique among the living" as text only
                rule "Two products of a merchant have the same sku" as text only
                rule "No two products of a merchant have the same colour" as text only
            "#]],
        );
    }

    #[test]
    fn what_identifies_and_what_is_used_once() {
        check(
            &[
                ("Product", "The sku identifies a product uniquely"),
                ("Product", "A product is identified by its name"),
                ("Product", "A product is identified by sku and name"),
                ("Product", "A product is identified by sight and sound"),
                ("Product", "A product is identified by name and currency within a merchant"),
                ("Product", "A product is identified by name and currency within a minute"),
                ("User", "Each user carries a unique email"),
                ("User", "An email can only be used once"),
                ("Product", "Two products may not use the same currency"),
                ("Product", "The name identifies the merchant"),
            ],
            &expect![[r#"
                rule "Each user carries a unique email" became unique (email)
                rule "An email can only be used once" became unique (email)
                unique sku, name
                unique merchant_id, name, currency
                rule "The sku identifies a product uniquely" became unique (sku)
                rule "A product is identified by its name" became unique (name)
                rule "A product is identified by sku and name" became unique (sku, name)
                rule "A product is identified by sight and sound" as text only
                rule "A product is identified by name and currency within a merchant" became unique (merchant_id, name, currency)
                rule "A product is identified by name and currency within a minute" as text only
                rule "Two products may not use the same currency" became unique (currency)
                rule "The name identifies the merchant" as text only
            "#]],
        );
    }
}
