//! "must be unique per merchant", "one review per product and user", "one active cart per user".

use super::Meaning;
use super::sentence::{Sentence, after, strip_end, strip_word};
use super::when;
use crate::names::words;
use crate::{EntityId, Expression, FieldId};

/// "unique", "unique per merchant", said of one field.
pub(crate) fn predicate(sentence: &Sentence<'_>, field: FieldId, said: &str) -> Option<Meaning> {
    let said = strip_word(strip_word(said, "be"), "globally");
    let rest = after(said, &["unique"])?;
    let mut fields = vec![field];
    let scope =
        after(rest, &["per ", "within a ", "within an ", "within the ", "within ", "for each "]);
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
    Some(Meaning::Unique { fields, condition: None })
}

/// Sentences whose subject is the row itself, or several fields.
pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    one_per(sentence).or_else(|| combination(sentence))
}

/// "one review per product and user", "A user can have only one active cart".
fn one_per(sentence: &Sentence<'_>) -> Option<Meaning> {
    let text = sentence.text.as_str();
    let leads = [
        "there must be at most one ",
        "there must be only one ",
        "at most one ",
        "only one ",
        "exactly one ",
        "one ",
        "a single ",
        "no more than one ",
        "maximum one ",
        "max one ",
    ];
    if let Some(rest) = after(text, &leads) {
        let lower = rest.to_ascii_lowercase();
        let (separator, at) = [" per ", " for each ", " for every "]
            .iter()
            .find_map(|separator| Some((separator, lower.find(separator)?)))?;
        let (noun, scope) = (&rest[..at], &rest[at + separator.len()..]);
        let noun = strip_end(noun, &[" is allowed", " allowed", " exists"]);
        let (entity, condition) = row_phrase(sentence, noun)?;
        let fields = key_fields(sentence, entity, scope)?;
        return Some(Meaning::Unique { fields, condition });
    }
    let lower = text.to_ascii_lowercase();
    let (verb, at) = [
        " can have only one ",
        " may have only one ",
        " must have only one ",
        " has only one ",
        " can have at most one ",
        " may have at most one ",
        " has at most one ",
        " can only have one ",
        " may only have one ",
        " must have at most one ",
    ]
    .iter()
    .find_map(|verb| Some((verb, lower.find(verb)?)))?;
    let (owner, noun) = (&text[..at], &text[at + verb.len()..]);
    let noun = strip_end(noun, &[" at a time", " at any time"]);
    let (entity, condition) = row_phrase(sentence, noun)?;
    let fields = key_fields(sentence, entity, owner)?;
    Some(Meaning::Unique { fields, condition })
}

/// "active cart": the entity, and the condition that the words before it make.
fn row_phrase(
    sentence: &Sentence<'_>,
    noun: &str,
) -> Option<(EntityId, Option<Expression<FieldId>>)> {
    if let Some(entity) = sentence.draft.entity(noun) {
        return Some((entity, None));
    }
    let parts = words(noun);
    let (entity, front) = (1..parts.len()).find_map(|from| {
        Some((sentence.draft.entity(&parts[from..].join(" "))?, parts[..from].join(" ")))
    })?;
    let about = Sentence::new(sentence.draft, entity, None, "");
    Some((entity, Some(when::adjective(&about, &front)?)))
}

/// "combination of a and b must be unique", "(a, b) must be unique".
fn combination(sentence: &Sentence<'_>) -> Option<Meaning> {
    let text = sentence.text.as_str();
    let front = strip_end(
        text,
        &[
            " must be unique together",
            " are unique together",
            " must be unique in combination",
            " must be unique",
            " is unique",
            " are unique",
            " unique",
        ],
    );
    let list = if front.len() < text.len() {
        let together = text.to_ascii_lowercase().ends_with("together");
        let inner = after(
            front,
            &["the combination of ", "combination of ", "the pair ", "the pair of ", "pair of "],
        );
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

/// The fields of "product and user", `(a, b)`.
fn key_fields(sentence: &Sentence<'_>, entity: EntityId, phrase: &str) -> Option<Vec<FieldId>> {
    let phrase = phrase.trim().trim_start_matches('(').trim_end_matches(')');
    let mut fields: Vec<FieldId> = Vec::new();
    for part in phrase.split(',').flat_map(|part| part.split(" and ")).flat_map(|p| p.split(" + "))
    {
        let field = sentence.key_phrase(entity, strip_word(part.trim(), "and"))?;
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    (!fields.is_empty()).then_some(fields)
}
