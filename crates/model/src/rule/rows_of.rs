//! Phrases of sentences about several rows: "the confirmed registrations of a workshop", "its seats", and the
//! field by which rows belong to a row.

use underpin_base::Phrases;

use super::one_per::row_phrase;
use super::sentence::{Sentence, compared, strip_word};
use crate::names::words;
use crate::{Comparison, EntityId, Expression, FieldId, Literal};

/// Rows that count together.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    pub(super) entity: EntityId,
    /// Which of them.
    pub(super) condition: Option<Expression<FieldId>>,
    /// Whose rows they are, where the phrase says it.
    pub(super) owner: Option<EntityId>,
}

/// Words before a noun that tell which row no more than the noun does.
const ARTICLES: &[&str] = &[
    "the", "a", "an", "all", "each", "every", "any", "one", "single", "given", "its", "their",
    "that", "no", "same",
];

/// Prepositions between rows and the row that they belong to.
const OF: &[&str] = &[
    " of ",
    " for ",
    " per ",
    " in ",
    " on ",
    " at ",
    " to ",
    " by ",
    " within ",
    " under ",
    " against ",
];

/// A phrase without its articles.
pub(super) fn noun(phrase: &str) -> &str {
    (0..3).fold(phrase.trim(), |phrase, _| {
        ARTICLES.iter().fold(phrase, |phrase, word| strip_word(phrase, word))
    })
}

/// Whether all of a phrase is the name of an entity.
pub(super) fn owner(sentence: &Sentence<'_>, phrase: &str) -> Option<EntityId> {
    sentence.draft().noun(noun(phrase))
}

/// "the confirmed registrations of a workshop", "a payment's refunds", "its lines".
pub(super) fn rows(sentence: &Sentence<'_>, phrase: &str) -> Option<Rows> {
    let phrase = noun(phrase);
    let plain = |phrase: &str, owner: Option<EntityId>| {
        let (entity, condition) = row_phrase(sentence, noun(phrase))?;
        Some(Rows { entity, condition, owner })
    };
    let mine = phrase.cut_at("'s ").or_else(|| phrase.cut_at("s' "));
    if let Some((of, rest)) = mine {
        if let Some(of) = owner(sentence, of) {
            return plain(rest, Some(of));
        }
    }
    let ends = OF.iter().flat_map(|of| phrase.match_indices(of));
    let whose = ends
        .filter_map(|(at, of)| Some((&phrase[..at], owner(sentence, &phrase[at + of.len()..])?)))
        .find_map(|(front, of)| plain(front, Some(of)));
    whose.or_else(|| plain(phrase, None)).or_else(|| of_kind(sentence, phrase))
}

/// "The charges of a booking": the payments whose kind is a charge.
fn of_kind(sentence: &Sentence<'_>, phrase: &str) -> Option<Rows> {
    let (name, of) = match phrase.cut_at(" of ") {
        Some((name, of)) => (name, Some(owner(sentence, of)?)),
        None => (phrase, None),
    };
    let wanted = crate::names::fold_field(&underpin_read::singular(noun(name)));
    // A noun: "paid" tells a state, and names no rows.
    (underpin_read::singular(noun(name)) != noun(name)).then_some(())?;
    let model = &sentence.draft().model;
    let entity = sentence.entity();
    let mut found = model.fields_of(entity).filter_map(|(id, field)| {
        let value =
            model.values_of(field)?.iter().find(|it| crate::names::fold_field(it) == wanted)?;
        Some((id, Literal::Text(value.clone())))
    });
    let (field, value) = found.next()?;
    found.next().is_none().then_some(())?;
    let condition = Some(compared(field, Comparison::Equal, value));
    Some(Rows { entity, condition, owner: of })
}

/// The one field by which rows of an entity belong to a row of another; of several, the one that is called as the other is:
/// the bookings of a member have its `member_id`, whoever is in `confirmed_by`.
pub(super) fn reference(sentence: &Sentence<'_>, from: EntityId, to: EntityId) -> Option<FieldId> {
    let model = &sentence.draft().model;
    let found: Vec<(FieldId, &str)> = model
        .fields_of(from)
        .filter(|(_, field)| field.references.as_ref().is_some_and(|it| it.entity == to))
        .map(|(id, field)| (id, field.name.as_str()))
        .collect();
    match found.as_slice() {
        [(only, _)] => Some(*only),
        several => {
            let mut own = words(&model.entity(to).name);
            if let Some(last) = own.last_mut() {
                *last = underpin_read::singular(last).into();
            }
            let is_own = |name: &str| {
                let mut name = words(name);
                if name.last().is_some_and(|it| it == "id") {
                    name.pop();
                }
                name == own
            };
            several.iter().find(|(_, name)| is_own(name)).map(|(id, _)| *id)
        }
    }
}

/// The rows that count and the field by which they belong: where the rows do not refer to the owner, those of the
/// one entity that joins both ("a course has at most 30 students" counts enrollments).
pub(super) fn belonging(
    sentence: &Sentence<'_>,
    rows: Rows,
    owner: EntityId,
) -> Option<(Rows, FieldId)> {
    if rows.entity != owner {
        if let Some(by) = reference(sentence, rows.entity, owner) {
            return Some((rows, by));
        }
    }
    // Which of the joined rows count is no condition on the rows that join.
    if rows.condition.is_some() {
        return None;
    }
    let mut joining = sentence.draft().model.entities().filter_map(|(id, _)| {
        let by = reference(sentence, id, owner)?;
        reference(sentence, id, rows.entity)?;
        Some((id, by))
    });
    let (entity, by) = joining.next()?;
    joining.next().is_none().then_some((Rows { entity, ..rows }, by))
}

/// The number in a row that others belong to: "its seats", "the workshop's seats", "seats", "it has seats".
pub(super) fn number_of(sentence: &Sentence<'_>, owner: EntityId, phrase: &str) -> Option<FieldId> {
    let phrase = phrase.trim();
    let phrase = ["it has ", "they have ", "there are ", "of its "]
        .iter()
        .find_map(|lead| phrase.strip_prefix(lead))
        .unwrap_or(phrase);
    let ends = [" allows", " permits", " available", " it has", " of it"];
    let phrase = super::sentence::strip_end(phrase, &ends);
    let own = sentence.of(owner, None);
    // "the capacity of the course"
    let of =
        phrase.cut_at(" of ").filter(|(_, of)| super::rows_of::owner(sentence, of) == Some(owner));
    let name = noun(of.map_or(phrase, |(name, _)| name));
    let named = own.field_phrase(name).filter(|&field| own.is_number(field));
    // "Its due amount" is `due`.
    named.or_else(|| super::parsed::number_named(&sentence.draft().model, owner, name))
}

/// A number of a row that names the row as well: "an order's total", "the total of an order", "order total".
pub(super) fn owned_number(sentence: &Sentence<'_>, phrase: &str) -> Option<(EntityId, FieldId)> {
    let phrase = noun(phrase);
    let of = |whose: &str, name: &str| {
        let owner = owner(sentence, whose)?;
        Some((owner, number_of(sentence, owner, name)?))
    };
    if let Some((whose, name)) = phrase.cut_at("'s ") {
        return of(whose, name);
    }
    if let Some((name, whose)) = phrase.cut_at(" of ") {
        return of(whose, name);
    }
    let parts = words(phrase);
    (1..parts.len())
        .rev()
        .find_map(|at| of(&parts[..at].join(" "), &parts[at..].join(" ")))
        .or_else(|| Some((sentence.entity(), number_of(sentence, sentence.entity(), phrase)?)))
}
