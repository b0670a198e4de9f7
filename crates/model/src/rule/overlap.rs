//! "no overlapping bookings for one room", "a vet cannot have two overlapping visits": of the rows that
//! share something, no two spans overlap.

use underpin_base::Phrases;

use super::ends::{includes_last_day, lets_touch};
use super::sentence::{Sentence, strip_end, strip_word};
use super::when;
use super::{Meaning, called_span};
use crate::names::{fold_entity, words};
use crate::spans::{compared, spans};
use crate::{EntityId, Expression, FieldId, FieldKind};

/// Ways to say that there is none, before "overlapping bookings".
const NONE: &[&str] = &[
    "no two ",
    "no ",
    "never two ",
    "never any ",
    "without ",
    "there must be no ",
    "there can be no ",
    "there may be no ",
    "there are no ",
    "there must not be any ",
    "there must not be ",
    "there cannot be ",
    "prevent ",
    "avoid ",
    "reject ",
    "refuse ",
    "forbid ",
    "disallow ",
];

/// Ways to say that there is none, after "overlapping bookings".
const REFUSED: &[&str] = &[
    " are not allowed",
    " is not allowed",
    " must not be allowed",
    " are not permitted",
    " are forbidden",
    " are prohibited",
    " are disallowed",
    " are rejected",
    " are refused",
    " are impossible",
    " must be rejected",
    " must be refused",
    " must be prevented",
    " must not exist",
    " cannot exist",
    " do not exist",
];

/// Verbs between the rows and what they must not do.
const MUST_NOT: &[&str] = &[
    " must not overlap",
    " cannot overlap",
    " may not overlap",
    " do not overlap",
    " does not overlap",
    " never overlap",
    " may overlap",
    " can overlap",
    " must overlap",
    " overlap",
];

/// Verbs between what rows share and the rows.
const CANNOT_HAVE: &[&str] = &[
    " cannot have ",
    " must not have ",
    " may not have ",
    " must have no ",
    " can have no ",
    " may have no ",
    " has no ",
    " have no ",
    " never has ",
    " never have ",
    " does not have ",
    " cannot hold ",
    " must not hold ",
    " cannot be assigned ",
    " must not be assigned ",
    " cannot be booked for ",
];

/// Prepositions before what rows share.
const OF: &[&str] =
    &[" for ", " of ", " per ", " in ", " on ", " at ", " within ", " by ", " with "];

/// What says of rows that they may overlap after all.
const NOT_COUNTED: &[&str] =
    &[" do not count", " don't count", " are not counted", " are ignored", " are exempt"];

/// What says in other words, before a colon, that rows do not overlap.
const TWICE: &[&str] = &[
    "twice",
    "same time",
    " at a time",
    " at once",
    "more than one ",
    "simultaneously",
    "double-book",
    "double book",
    "doubly booked",
];

/// "Trips of one vehicle must not overlap, and trips of one driver must not overlap; cancelled trips do not count" as
/// one sentence for each, with what is said of both.
pub(crate) fn each(text: &str) -> Option<Vec<String>> {
    let end = text.find("; ").into_iter().chain(text.find(". ")).min().unwrap_or(text.len());
    let (front, behind) = text.split_at(end);
    let parts: Vec<&str> = [", and ", " and ", ", "]
        .iter()
        .map(|and| front.split(and).collect::<Vec<_>>())
        .find(|parts| {
            let lower = |part: &&str| part.to_lowercase().contains("overlap");
            parts.len() > 1 && parts.iter().all(lower)
        })?;
    Some(parts.into_iter().map(|part| format!("{part}{behind}")).collect())
}

/// Rows whose spans do not overlap.
pub(crate) fn sentence(sentence: &Sentence<'_>) -> Option<Meaning> {
    let text = sentence.lower;
    text.place_of("overlap")?;
    // "…; back-to-back bookings are allowed" adds nothing: a span ends just before its end.
    let mut said = text.split("; ").flat_map(|part| part.split(". "));
    let text = said.next()?;
    let mut exempt: Option<String> = None;
    for rest in said.filter(|rest| !lets_touch(rest) && !includes_last_day(rest)) {
        // "…; cancelled sessions do not count"
        let rows = NOT_COUNTED.iter().find_map(|end| rest.strip_suffix(end))?;
        let rows = rows.replace(" and ", " or ");
        let (_, word) = rows_named(sentence, &rows)?;
        if exempt.replace(word?).is_some() {
            return None;
        }
    }
    let (text, unless) = match text.cut_at(" unless ") {
        Some(_) if exempt.is_some() => return None,
        Some((front, when)) => (front.trim_end_matches(','), Some(when)),
        None => (text, exempt.as_deref()),
    };
    // "A tool cannot be rented twice at a time: rentals of one tool must not overlap" says it twice.
    let text = match text.cut_at(": ") {
        Some((front, rest)) if TWICE.iter().any(|it| front.contains(it)) => rest,
        Some(_) | None => text,
    };
    let text = strip_end(
        text,
        &[
            " in their periods",
            " in their period",
            " in their times",
            " in their dates",
            " in their date ranges",
            " in their time ranges",
            " in time",
            " at the same time",
            " with each other",
            " each other",
            " one another",
        ],
    );
    let times = called_span::of_times(text, MUST_NOT);
    let (text, called) = match &times {
        Some((text, called)) => (text.as_str(), *called),
        None => (text, None),
    };
    let parts = parts(text)?;
    let rows = strip_word(strip_word(parts.rows, "any"), "two");
    let rows =
        ["the", "all", "two", "overlapping"].iter().fold(rows, |it, word| strip_word(it, word));
    let (rows, condition) = match rows.cut_at(" where ") {
        Some((rows, condition)) => (rows, Some(condition)),
        None => (rows, parts.condition),
    };
    let (noun, shared) = split_at_preposition(rows);
    let (entity, adjective) = rows_named(sentence, noun)?;
    let own = sentence.of(entity, sentence.field());
    let mut conditions = Vec::new();
    conditions.extend(match adjective {
        Some(word) => Some(when::adjective(&own, &word)?),
        None => None,
    });
    conditions.extend(match condition {
        Some(text) => Some(when::condition(&own, text)?),
        None => None,
    });
    conditions.extend(match unless {
        // "the booking is cancelled", "one of them is cancelled"
        Some(text) => {
            let said = text.cut_at(" is ").or_else(|| text.cut_at(" are "));
            let about = said.filter(|(noun, _)| {
                rows_named(sentence, noun).is_some_and(|(it, _)| it == entity)
                    || matches!(*noun, "it" | "one" | "one of them" | "either" | "they")
            });
            // "unless cancelled"
            let said = about.map(|(_, said)| said).or((!text.contains(' ')).then_some(text));
            let text = said.map_or_else(|| text.to_owned(), |said| format!("it is {said}"));
            Some(Expression::Not(Box::new(when::condition(&own, &text)?)))
        }
        None => None,
    });
    let condition = match conditions.len() {
        0 | 1 => conditions.pop(),
        _ => Some(Expression::All(conditions)),
    };
    let mut same = Vec::new();
    for phrase in shared.into_iter().chain(parts.shared) {
        for field in shared_fields(&own, phrase)? {
            if !same.contains(&field) {
                same.push(field);
            }
        }
    }
    let (from, to) = match parts.span {
        Some((from, to)) => (own.field_phrase(from)?, own.field_phrase(to)?),
        None => match called {
            Some(word) => called_span::span(&own, word)?,
            None => span(&own)?,
        },
    };
    // A time of day is a moment only together with its day.
    if *own.kind(from) == FieldKind::Time {
        let mut days = own
            .draft()
            .model
            .fields_of(entity)
            .filter(|(_, field)| field.kind == FieldKind::Date)
            .map(|(id, _)| id);
        let day = days.next()?;
        if days.next().is_some() {
            return None;
        }
        if !same.contains(&day) {
            same.push(day);
        }
    }
    let condition = condition.map(Box::new);
    Some(Meaning::Expression(Expression::Apart { from, to, same, condition }))
}

/// The parts of the sentence.
#[derive(Default)]
struct Parts<'t> {
    /// The rows, perhaps with what they share: "bookings for one room".
    rows: &'t str,
    /// What they share, where it stands apart.
    shared: Vec<&'t str>,
    /// The fields between which they last, where they are named.
    span: Option<(&'t str, &'t str)>,
    /// Among which rows.
    condition: Option<&'t str>,
}

fn parts(text: &str) -> Option<Parts<'_>> {
    if let Some(rest) = text.strip_prefix("overlapping ") {
        let rows = strip_end(rest, REFUSED);
        return (rows.len() < rest.len()).then(|| Parts { rows, ..Parts::default() });
    }
    let denied = NONE.iter().find_map(|lead| text.strip_prefix(lead));
    if let Some(rows) = denied.and_then(|rest| strip_word(rest, "two").strip_prefix("overlapping "))
    {
        let ends =
            [" are allowed", " is allowed", " may exist", " can exist", " exist", " allowed"];
        return Some(Parts { rows: strip_end(rows, &ends), ..Parts::default() });
    }
    if let Some((verb, at)) = text.first_of(CANNOT_HAVE) {
        let rest = &text[at + verb.len()..];
        let rest = ["any", "two", "multiple", "several", "more than one"]
            .iter()
            .fold(rest, |rest, word| strip_word(rest, word));
        let rows = rest.strip_prefix("overlapping ")?;
        return Some(Parts { rows, shared: vec![&text[..at]], ..Parts::default() });
    }
    // "a trainer cannot lead two overlapping sessions"
    if let Some((front, rows)) = text.cut_at(" overlapping ") {
        let (subject, done) =
            [" cannot ", " must not ", " may not "].iter().find_map(|verb| front.cut_at(verb))?;
        let is_short = done.split(' ').count() <= 3;
        return is_short.then(|| Parts { rows, shared: vec![subject], ..Parts::default() });
    }
    let (verb, at) = text.first_of(MUST_NOT)?;
    let (rows, rest) = (&text[..at], text[at + verb.len()..].trim());
    let negated = verb.contains("not") || verb.contains("never");
    // "no two bookings may overlap", "two bookings cannot overlap"
    let rows = match NONE[..2].iter().find_map(|lead| rows.strip_prefix(lead)) {
        Some(rows) if !negated => rows,
        None if negated => rows,
        _ => return None,
    };
    let mut parts = Parts { rows, ..Parts::default() };
    let (rest, condition) = match rest.cut_at("where ") {
        Some((rest, condition)) => (rest.trim(), Some(condition)),
        None => (rest, None),
    };
    parts.condition = condition;
    let counted = rest.trim_start_matches(", ");
    let counted =
        ["counted ", "measured ", "reckoned "].iter().find_map(|it| counted.strip_prefix(it));
    let rest = counted.unwrap_or(rest);
    if let Some((from, to)) = rest.strip_prefix("from ").and_then(|span| span.cut_at(" to ")) {
        parts.span = Some((from, to));
    } else if !rest.is_empty() {
        parts.shared = after_verb(rows, rest)?;
    }
    Some(parts)
}

/// What stands after "must not overlap": "with another booking of the same room", "for one room".
fn after_verb<'t>(rows: &str, rest: &'t str) -> Option<Vec<&'t str>> {
    let padded_at = OF.iter().find_map(|lead| rest.strip_prefix(lead.trim_start()));
    let rest = padded_at?;
    let others = ["another ", "any other ", "other ", "an existing ", "existing "];
    let Some(other) = others.iter().find_map(|lead| rest.strip_prefix(lead)) else {
        return Some(vec![rest]);
    };
    let (noun, shared) = split_at_preposition(other);
    let last = |phrase: &str| {
        let (noun, _) = split_at_preposition(phrase);
        words(noun).last().map(|word| word.trim_end_matches('s').to_owned())
    };
    (last(noun) == last(rows)).then(|| shared.into_iter().collect())
}

/// "bookings for one room" as its noun and what follows the preposition.
fn split_at_preposition(phrase: &str) -> (&str, Option<&str>) {
    let found = OF.iter().filter_map(|of| Some((phrase.place_of(of)?, of.len()))).min();
    match found {
        Some((at, length)) => (&phrase[..at], Some(&phrase[at + length..])),
        None => (phrase, None),
    }
}

/// The entity whose rows a noun means, and the word before it: "confirmed bookings".
fn rows_named(sentence: &Sentence<'_>, noun: &str) -> Option<(EntityId, Option<String>)> {
    let noun = ["a", "an", "the"].iter().fold(noun.trim(), |noun, word| strip_word(noun, word));
    if matches!(noun, "row" | "rows") {
        return Some((sentence.entity(), None));
    }
    let all: Vec<&str> = noun.split(' ').collect();
    let named = (0..all.len()).find_map(|at| {
        let entity = sentence.draft().noun(&all[at..].join(" "))?;
        Some((entity, Some(all[..at].join(" ")).filter(|word| !word.is_empty())))
    });
    // "bookings" of a lane booking, in a rule of lane bookings.
    let own = || {
        let name = &sentence.draft().model.entity(sentence.entity()).name;
        let last = words(name).pop().filter(|_| words(name).len() > 1)?;
        (all.len() == 1 && fold_entity(&last) == fold_entity(noun))
            .then(|| (sentence.entity(), None))
    };
    named.or_else(own)
}

/// The fields that rows share: "one room", "the same room and table".
fn shared_fields(sentence: &Sentence<'_>, phrase: &str) -> Option<Vec<FieldId>> {
    let phrase = phrase.replace(" and ", ",").replace(" or ", ",");
    phrase
        .split(',')
        .map(|part| {
            let leads =
                ["the", "same", "one", "single", "a", "an", "given", "each", "every", "any"];
            // "a given room", "the same room"
            let part = (0..2).fold(part.trim(), |part, _| {
                leads.iter().fold(part, |part, word| strip_word(part, word))
            });
            sentence.key_phrase(sentence.entity(), part)
        })
        .collect()
}

/// The one pair of fields between which a row lasts.
pub(super) fn span(sentence: &Sentence<'_>) -> Option<(FieldId, FieldId)> {
    let times =
        |kind: &FieldKind| matches!(kind, FieldKind::Date | FieldKind::Timestamp | FieldKind::Time);
    match spans(&sentence.draft().model, sentence.entity(), times).as_slice() {
        [only] => Some(*only),
        [] => compared(sentence.model_so_far(), sentence.entity()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::Facts;

    fn hotel() -> Facts {
        Facts::default()
            .entity("Room")
            .field("Room", "id: uuid*")
            .entity("Vet")
            .field("Vet", "id: uuid*")
            .entity("Booking")
            .field("Booking", "id: uuid*")
            .field("Booking", "room_id: uuid!")
            .field("Booking", "vet_id: uuid!")
            .field("Booking", "starts_at: timestamp!")
            .field("Booking", "ends_at: timestamp!")
            .field("Booking", "created_at: timestamp!")
            .field("Booking", "status: enum(pending, confirmed, cancelled)!")
            .entity("Shift")
            .field("Shift", "id: uuid*")
            .field("Shift", "vet_id: uuid!")
            .field("Shift", "day: date!")
            .field("Shift", "start_time: time!")
            .field("Shift", "end_time: time!")
            .entity("Visit")
            .field("Visit", "id: uuid*")
            .field("Visit", "vet_id: uuid!")
            .field("Visit", "planned_for: timestamp!")
    }

    fn said(entity: &str, rule: &str) -> (String, usize) {
        let (model, _) = hotel().rule(entity, rule).build();
        let rule = &model.rules[0];
        let text = rule.expression.as_ref().map_or_else(String::new, |expression| {
            let name = |id: &crate::FieldId| Some(model.field(*id).name.clone());
            let named = expression.try_map(&mut |id| name(id)).unwrap();
            format!("{}: {named}", model.entity(rule.entity).name)
        });
        (text, model.questions.iter().filter(|it| it.id.contains(".rule")).count())
    }

    #[test]
    fn several_that_must_not_overlap_each_by_itself() {
        let rule = "Bookings of one room must not overlap, and bookings of one vet must not overlap; cancelled \
                    bookings do not count. A booking may start when the previous one ends.";
        let (model, _) = hotel().rule("Booking", rule).build();
        let said: Vec<String> = model
            .rules
            .iter()
            .filter_map(|rule| {
                let name = |id: &crate::FieldId| Some(model.field(*id).name.clone());
                Some(rule.expression.as_ref()?.try_map(&mut |id| name(id))?.to_string())
            })
            .collect();
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said.iter().all(|it| it.contains("where not (status = 'cancelled')")), "{said:?}");
        assert!(said[0].contains("room_id") && said[1].contains("vet_id"), "{said:?}");
    }

    #[test]
    fn who_cannot_do_two_things_at_once_and_what_does_not_count() {
        for (entity, rule) in [
            ("Vet", "A vet cannot lead two overlapping bookings; cancelled bookings do not count."),
            (
                "Booking",
                "Bookings of the same room must not overlap, unless cancelled. A booking may start when \
                 another one ends.",
            ),
            (
                "Booking",
                "Two bookings in the same room must not overlap unless cancelled. A booking may begin at the \
                 moment at which another ends.",
            ),
            (
                "Booking",
                "No two bookings of one room overlap, unless they are cancelled. A guest may come on the day on \
                 which another leaves.",
            ),
        ] {
            let (text, questions) = said(entity, rule);
            assert!(text.contains("where not (status = 'cancelled')"), "{rule}: {text}");
            assert_eq!(questions, 0, "{rule}");
        }
        // What is said besides is not understood, so that nothing is.
        let (text, _) = said(
            "Vet",
            "A vet cannot lead two overlapping bookings; strange bookings do not count.",
        );
        assert!(!text.contains("overlap"), "{text}");
    }

    #[test]
    fn the_same_in_many_words() {
        for rule in [
            "no overlapping bookings for one room",
            "No overlapping bookings per room.",
            "Bookings of one room must not overlap",
            "Bookings for the same room cannot overlap in time",
            "Bookings may not overlap for the same room",
            "No two bookings of the same room may overlap",
            "No two bookings for a room can overlap",
            "Two bookings for the same room must never overlap",
            "A booking must not overlap with another booking for the same room",
            "A room cannot have overlapping bookings",
            "A room can't have two overlapping bookings",
            "Each room must have no overlapping bookings",
            "Overlapping bookings for the same room are not allowed",
            "Overlapping bookings of a room must be rejected",
            "Prevent overlapping bookings for the same room",
            "There must be no overlapping bookings for a given room",
            "BR-7: `Bookings` for one **room** shall not overlap",
            "no two rows of one room_id overlap from starts_at to ends_at",
        ] {
            for place in ["Booking", "Room"] {
                if rule.contains("rows") && place == "Room" {
                    continue;
                }
                let (text, asked) = said(place, rule);
                let wanted =
                    "Booking: no two rows of one room_id overlap from starts_at to ends_at";
                assert_eq!((text.as_str(), asked), (wanted, 0), "{rule}");
            }
        }
    }

    #[test]
    fn with_conditions_and_without_a_share() {
        for (rule, wanted) in [
            ("Bookings must not overlap", "no two rows overlap from starts_at to ends_at"),
            (
                "No overlapping confirmed bookings for one room and vet",
                "no two rows of one room_id and vet_id overlap from starts_at to ends_at where \
                 status = 'confirmed'",
            ),
            (
                "no two rows of one room_id overlap from starts_at to ends_at where status = \
                 'confirmed'",
                "no two rows of one room_id overlap from starts_at to ends_at where status = \
                 'confirmed'",
            ),
        ] {
            assert_eq!(said("Booking", rule).0, format!("Booking: {wanted}"), "{rule}");
        }
        assert_eq!(
            said("Vet", "A vet must not have overlapping shifts").0,
            "Shift: no two rows of one vet_id and day overlap from start_time to end_time"
        );
    }

    #[test]
    fn what_has_no_span_or_no_share_is_asked() {
        for rule in [
            // A visit has no end.
            "no overlapping visits for one vet",
            "no overlapping bookings for one guest",
            "no overlapping urgent bookings for one room",
            "Bookings of one room should not overlap",
            "Bookings of one room must not overlap unless the manager agrees",
        ] {
            assert_eq!(said("Booking", rule), (String::new(), 1), "{rule}");
        }
    }
}
