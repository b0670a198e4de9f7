//! What people do to a thing, where each deed is a row of its own: "members comment on articles", "reply to threads",
//! "RSVP to events", "book a car". Nothing in such a sentence is called comment or booking; its verb makes one, which
//! belongs to the thing and to whoever did it.

use super::noun::phrase_at;
use super::possession::{Pair, runs_the_system, subject_of, teller};
use super::tag::{Tag, Token};
use super::usual::is_person;

/// Verbs, the word that leads to the thing where there must be one, and what they make.
const DEEDS: &[(&str, &[&str], &str)] = &[
    ("comment", &["on"], "comment"),
    ("reply", &["to"], "reply"),
    ("rsvp", &["to", "for"], "rsvp"),
    ("donate", &["to"], "donation"),
    ("vote", &["on", "for"], "vote"),
    ("bid", &["on", "for"], "bid"),
    ("enroll", &["in", "for"], "enrollment"),
    ("enrol", &["in", "for"], "enrolment"),
    ("subscribe", &["to"], "subscription"),
    ("register", &["for"], "registration"),
    ("book", &[], "booking"),
    ("reserve", &[], "reservation"),
];

/// What is booked and is a booking itself: there is no other row of it.
const BOOKED: &[&str] = &[
    "appointment",
    "booking",
    "consultation",
    "interview",
    "lesson",
    "meeting",
    "reservation",
    "session",
    "stay",
    "tour",
    "trip",
    "viewing",
    "visit",
];

/// One deed in a sentence.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Deed {
    /// What it makes.
    pub(super) made: &'static str,
    /// What it is done to.
    pub(super) thing: String,
    /// Who does it, where that is somebody of whose rows it is.
    pub(super) doer: Option<String>,
}

/// The deeds that a sentence tells of.
pub(super) fn find(tokens: &[Token]) -> Vec<Deed> {
    let mut found = Vec::new();
    for (at, verb) in tokens.iter().enumerate() {
        let Some((made, from)) = made_at(tokens, at) else { continue };
        let Some(thing) = phrase_at(tokens, from) else { continue };
        let last = thing.noun.rsplit(' ').next().unwrap_or_default().to_lowercase();
        let last = super::noun::singular(&last);
        // "Register for the site", "subscribe to our newsletter at any time": a row is made for each of many.
        let is_some = thing.is_plural || tokens[from..thing.end].iter().any(is_any_one);
        if !is_some || is_person(&last) || verb.is("book") && BOOKED.contains(&&*last) {
            continue;
        }
        let doer = match teller(tokens) {
            Some(teller) => Some(teller),
            None => subject_of(tokens, at).map(|subject| subject.noun),
        };
        // Only people do so: "the guide books".
        let Some(doer) = doer.filter(|doer| is_person(doer) || names_people(doer)) else {
            continue;
        };
        let doer = Some(doer).filter(|doer| !runs_the_system(doer));
        found.push(Deed { made, thing: thing.noun, doer });
    }
    found
}

/// What a verb makes, and where the thing begins to which it is done.
pub(super) fn made_at(tokens: &[Token], at: usize) -> Option<(&'static str, usize)> {
    let verb = &tokens[at];
    // "Upvote", "a book on law", "comments on posts": only what somebody can do, or wants to.
    let is_done = at > 0
        && (tokens[at - 1].tag == Tag::Modal
            || tokens[at - 1].tag == Tag::Conjunction
            || tokens[at - 1].is_any(&["to", ",", "not"])
            || tokens[at - 1].tag == Tag::Noun && verb.tag == Tag::Verb);
    let (_, links, made) = DEEDS.iter().find(|(word, ..)| verb.is(word) && is_done)?;
    let next = tokens.get(at + 1)?;
    match links {
        [] => Some((*made, at + 1)),
        _ => next.is_any(links).then_some((*made, at + 2)),
    }
}

fn is_any_one(token: &Token) -> bool {
    token.is_any(&["a", "an", "any", "each", "every", "available"])
}

/// "Alumni", "both sides", "anyone": people whom no list of trades has.
fn names_people(noun: &str) -> bool {
    let last = noun.rsplit(' ').next().unwrap_or_default().to_lowercase();
    matches!(last.as_str(), "alumni" | "people" | "anyone" | "everyone" | "i" | "they" | "students")
        || is_person(&super::noun::singular(&last))
}

/// The rows that deeds make belong to the thing, and to whoever did it.
pub(super) fn pairs(tokens: &[Token]) -> Vec<Pair> {
    let mut found = Vec::new();
    for deed in find(tokens) {
        let many = || deed.made.to_owned();
        let ones = [Some(deed.thing.clone()), deed.doer.clone()];
        found.extend(ones.into_iter().flatten().map(|one| Pair {
            one,
            many: many(),
            cardinality: "1:N",
        }));
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn deeds_are_rows() {
        check(
            "# Harbour club\n\n- Admins manage boats.\n- Members can comment on boats.\n- Members can add moorings and reserve a mooring.\n- As a member, I want to RSVP to regattas so that there is food for all.\n",
            &expect![[r#"
                3 prose-entities  entity Boat
                4 prose-entities  entity Member
                4 prose-entities  entity Comment
                4 prose-possession  relationship Boat 1:N Comment [inferred: the sentence calls them its own]
                4 prose-possession  relationship Member 1:N Comment [inferred: the sentence calls them its own]
                5 prose-entities  candidate Mooring -- Members can add moorings and reserve a mooring.
                6 prose-entities  entity Rsvp
                6 prose-possession  relationship Member 1:N Rsvp [inferred: the sentence calls them its own]
            "#]],
        );
    }

    #[test]
    fn what_is_booked_and_what_programs_do() {
        check(
            "# Harbour club\n\n- Members can book an appointment.\n- The app can subscribe to channels.\n- Members can reply to the captain.\n- A book on knots is a gift.\n",
            &expect![[r#"
                3 prose-entities  entity Appointment
                3 prose-entities  entity Member
                3 prose-possession  relationship Member 1:N Appointment [inferred: the sentence calls them its own]
            "#]],
        );
    }
}
