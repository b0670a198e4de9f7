//! "A user may vote only once per poll", "a coupon can be redeemed once per member": of the rows that
//! record it, one for each of both.

use smol_str::SmolStr;
use underpin_base::Phrases;

use super::Meaning;
use super::sentence::{Sentence, strip_end};
use super::unique::key_fields;
use crate::names::words;
use crate::{EntityId, FieldId};

const MAY: &[&str] = &[" is ", " are ", " may ", " can ", " is allowed to ", " must ", " shall "];
const ONCE: &[&str] = &[" at most once ", " just once ", " no more than once ", " once "];
const SCOPES: &[&str] = &[
    "per ",
    "for each ",
    "for every ",
    "in each ",
    "in a ",
    "on a ",
    "for a ",
    "by each ",
    "by a ",
];

/// A row for each pair.
pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    of_two(sentence).or_else(|| per_scope(sentence))
}

/// "A student enrols in an offering at most once": one row for both, in the entity that refers to both.
fn of_two(sentence: &Sentence<'_>) -> Option<Meaning> {
    const ENDS: &[&str] = &[
        " at most once",
        " no more than once",
        " not more than once",
        " only once",
        " just once",
        " only one time",
        " twice",
    ];
    let text = sentence.lower;
    let at_end = strip_end(text, ENDS);
    // "An object appears at most once on a loan."
    let within = || {
        let (end, at) = text.first_of(&[" at most once ", " no more than once ", " only once "])?;
        Some(format!("{} {}", &text[..at], &text[at + end.len()..]))
    };
    let front = if at_end.len() < text.len() { at_end.to_owned() } else { within()? };
    // "cannot enrol twice" says the same as "at most once"; "enrols twice" does not.
    let denied = [" cannot ", " must not ", " never "].iter().any(|it| front.contains(it));
    if text.ends_with(" twice") != denied {
        return None;
    }
    let said: Vec<SmolStr> = words(&front);
    let draft = sentence.draft();
    let named = |at: usize| {
        (at + 1..=said.len().min(at + 3))
            .rev()
            .find_map(|to| Some((to, draft.noun(&said[at..to].join(" "))?)))
    };
    let mut found: Vec<EntityId> = Vec::new();
    let mut others = 0;
    let mut at = 0;
    while at < said.len() {
        match named(at) {
            Some((to, id)) => {
                found.push(id);
                at = to;
            }
            None => {
                others += usize::from(!FILLERS.contains(&said[at].as_str()));
                at += 1;
            }
        }
    }
    // Only a verb may stand beside them.
    // "A user reviews a product": the verb may be the entity itself.
    let (one, other, recorded) = match found.as_slice() {
        [one, other] => (one, other, None),
        [one, recorded, other] => (one, other, Some(*recorded)),
        _ => return None,
    };
    if one == other || others > 1 {
        return None;
    }
    let pair = |id: EntityId| -> Option<Vec<FieldId>> {
        let to = |target: EntityId| {
            let mut leading = draft.model.fields_of(id).filter(|(_, field)| {
                field.references.as_ref().is_some_and(|it| it.entity == target)
            });
            let (only, _) = leading.next()?;
            leading.next().is_none().then_some(only)
        };
        Some(vec![to(*one)?, to(*other)?])
    };
    let fields = pair(recorded.unwrap_or(sentence.entity())).or_else(|| {
        if recorded.is_some() {
            return None;
        }
        let mut joining = draft.model.entities().filter_map(|(id, _)| pair(id));
        let only = joining.next()?;
        joining.next().is_none().then_some(only)
    })?;
    Some(Meaning::Unique { fields, condition: None })
}

/// Words that may stand around two things and a verb.
const FILLERS: &[&str] = &[
    "a", "an", "the", "each", "every", "same", "any", "given", "can", "may", "must", "cannot",
    "not", "be", "is", "never", "in", "into", "on", "to", "for", "by", "of", "at", "with", "only",
    "same",
];

/// "A user may vote only once per poll".
fn per_scope(sentence: &Sentence<'_>) -> Option<Meaning> {
    let text = sentence.lower;
    text.place_of("once")?;
    let text = text.replace(" only be ", " be only ");
    // "may only vote once" and "may vote only once" say the same.
    let text = text.replace(" only ", " ");
    let (may, at) = text.first_of(MAY)?;
    let (owner, rest) = (&text[..at], &text[at + may.len()..]);
    let padded = format!("{rest} ");
    let (once, at) = padded.first_of(ONCE)?;
    let verb = padded[..at].trim();
    let scope = padded[at + once.len()..].trim();
    let scope = SCOPES.iter().find_map(|lead| scope.strip_prefix(lead))?;
    let verb = verb.strip_prefix("be ").unwrap_or(verb);
    let entity = recorded_in(sentence, verb)?;
    let mut fields: Vec<FieldId> = key_fields(sentence, entity, owner)?;
    for field in key_fields(sentence, entity, scope)? {
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    (fields.len() > 1).then_some(Meaning::Unique { fields, condition: None })
}

/// The entity whose rows record what a verb says: the own one, or the one of the verb's name.
fn recorded_in(sentence: &Sentence<'_>, verb: &str) -> Option<EntityId> {
    let said = words(verb);
    // "vote for one choice" is more than a vote.
    let [verb] = said.as_slice() else { return None };
    let stem: String = verb.chars().take(4).collect();
    let is_of = |id: EntityId| {
        let name = words(&sentence.draft().model.entity(id).name);
        name.last().is_some_and(|last| stem.len() == 4 && last.starts_with(&stem))
    };
    if is_of(sentence.entity()) {
        return Some(sentence.entity());
    }
    let mut others = sentence.draft().model.entities().map(|(id, _)| id).filter(|&id| is_of(id));
    let only = others.next()?;
    others.next().is_none().then_some(only)
}

#[cfg(test)]
mod tests {
    use crate::test_support::Facts;

    #[test]
    fn only_once() {
        for (rule, wanted) in [
            ("A user may vote only once per poll", "unique (user_id, poll_id)"),
            ("A user can only vote once per poll", "unique (user_id, poll_id)"),
            ("A user can vote at most once in a poll", "unique (user_id, poll_id)"),
            ("Each user may vote once for each poll", "unique (user_id, poll_id)"),
            ("A user may comment only once per poll", ""),
            ("A user may vote only once", ""),
            ("A user may vote only once per day", ""),
            ("A guest may vote only once per poll", ""),
        ] {
            let (model, _) = Facts::default()
                .entity("User")
                .field("User", "id: uuid*")
                .entity("Poll")
                .field("Poll", "id: uuid*")
                .entity("Vote")
                .field("Vote", "id: uuid*")
                .field("Vote", "user_id: uuid!")
                .field("Vote", "poll_id: uuid!")
                .rule("Vote", rule)
                .build();
            assert_eq!(model.rules[0].became.clone().unwrap_or_default(), wanted, "{rule}");
        }
    }
}
