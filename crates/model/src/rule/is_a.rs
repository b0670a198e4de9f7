//! "a car is a vehicle", "trucks and vans are vehicles", "extends Vehicle": rows of one entity that are rows of another.

use underpin_base::Phrases;

use super::Meaning;
use super::rows_of::noun;
use super::sentence::{Sentence, after};
use crate::EntityId;
use crate::draft::Draft;

/// Verbs between the special and the general.
const VERBS: &[&str] = &[
    " is a kind of ",
    " is a type of ",
    " is a sort of ",
    " is a subtype of ",
    " is a subclass of ",
    " is a special kind of ",
    " is a special ",
    " is a specialisation of ",
    " is a specialization of ",
    " are kinds of ",
    " are types of ",
    " are subtypes of ",
    " inherits from ",
    " inherit from ",
    " extends ",
    " extend ",
    " is always a ",
    " is always an ",
    " is also a ",
    " is also an ",
    " is an ",
    " is a ",
    " are ",
];

/// The same where the subject is the entity that the words stand with.
const BARE: &[&str] = &[
    "extends ",
    "inherits from ",
    "a kind of ",
    "kind of ",
    "a type of ",
    "type of ",
    "a subtype of ",
    "subtype of ",
    "a specialisation of ",
    "a specialization of ",
    "specialisation of ",
    "specialization of ",
];

/// Verbs before all that the general may be.
const EITHER: &[&str] = &[" is either ", " are either "];

/// What a sentence says to be what: the special entities and the general one.
pub(crate) fn kinds(
    draft: &Draft<'_>,
    entity: Option<EntityId>,
    text: &str,
) -> Option<(Vec<EntityId>, EntityId)> {
    let text = text.replace(['`', '*'], "").to_ascii_lowercase();
    let text = text.trim().trim_end_matches('.').trim();
    if let (Some(entity), Some(base)) = (entity, after(text, BARE)) {
        let base = draft.entity(noun(base))?;
        return (base != entity).then(|| (vec![entity], base));
    }
    text.first_of(VERBS)?;
    VERBS.iter().find_map(|verb| {
        let (special, base) = text.cut_at(verb)?;
        let base = draft.entity(noun(base))?;
        let special = special.split(", ").flat_map(|part| part.split(" and "));
        let special: Option<Vec<EntityId>> = special.map(|name| draft.entity(noun(name))).collect();
        special.filter(|it| !it.contains(&base)).map(|special| (special, base))
    })
}

/// "A policy is either a car policy or a home policy": the general entity, and all that its rows are.
pub(crate) fn all_kinds(draft: &Draft<'_>, text: &str) -> Option<(EntityId, Vec<EntityId>)> {
    let text = text.replace(['`', '*'], "").to_ascii_lowercase();
    let text = text.trim().trim_end_matches('.').trim();
    let (base, kinds) = text.cut_at_any(EITHER)?;
    let base = draft.entity(noun(base))?;
    let kinds = kinds.split(", ").flat_map(|part| part.split(" or "));
    let kinds = kinds.map(|name| noun(name.trim().trim_start_matches("or ")));
    let kinds: Option<Vec<EntityId>> = kinds.map(|name| draft.entity(name)).collect();
    kinds.filter(|it| !it.contains(&base)).map(|kinds| (base, kinds))
}

/// What the model holds already.
pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    let lower = sentence.lower;
    let says = |phrases| lower.first_of(phrases).is_some();
    if !(says(VERBS) || says(BARE) || says(EITHER) || lower.contains('*')) {
        return None;
    }
    let (special, base) =
        kinds(sentence.draft(), Some(sentence.entity()), sentence.text).or_else(|| {
            let (base, all) = all_kinds(sentence.draft(), sentence.text)?;
            Some((all, base))
        })?;
    let model = &sentence.draft().model;
    let is_known = |&entity: &EntityId| {
        model.inheritances.iter().any(|it| it.entity == entity && it.base == base)
    };
    let name = |id: EntityId| format!("`{}`", model.entity(id).name);
    let names: Vec<String> = special.iter().map(|&id| name(id)).collect();
    special.iter().all(is_known).then(|| {
        Meaning::Known(format!("rows of {} are rows of {}", names.join(" and "), name(base)))
    })
}
