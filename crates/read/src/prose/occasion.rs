//! Fields of what a sentence says is being made or shown: "When creating a complaint, the student shall
//! select a category and provide a description", "WHEN returning user data THEN the system SHALL include
//! id, username and email".

use super::evidence::core;
use super::inline_fields::Named;
use super::lexicon;
use super::noun::{Phrase, coordinated, is_attribute, is_generic, phrase_at, phrases};
use super::property_list::list;
use super::tag::{Tag, Token};
use super::usual::is_usual;
use crate::FieldFact;

/// Verbs by which somebody or the system gives a thing a property.
const GIVING: &[&str] = &[
    "select", "choose", "provide", "specify", "enter", "attach", "upload", "set", "input",
    "include", "store", "record", "save", "capture", "display", "show", "require", "pick", "log",
    "persist", "note", "return",
];

/// Those by which the system keeps it, whatever the occasion is.
const KEEPING: &[&str] = &["store", "record", "save", "capture", "log", "persist"];

/// Where the occasion begins, outside of brackets.
fn opening(tokens: &[Token]) -> Option<usize> {
    let mut depth = 0_usize;
    let at = tokens.iter().position(|it| {
        depth = (depth + usize::from(it.is("("))).saturating_sub(usize::from(it.is(")")));
        depth == 0 && it.is_any(&["when", "whenever", "upon", "while", "during"])
    });
    at.or_else(|| is_condition(tokens).then_some(0))
}

/// "If a boat is moved, the system shall record the berth": a condition at the start is an occasion where something is kept.
fn is_condition(tokens: &[Token]) -> bool {
    tokens.first().is_some_and(|it| it.is_any(&["if", "once", "after"]))
        && tokens.windows(2).any(|pair| {
            pair[0].is_any(&["shall", "must", "should", "will"]) && pair[1].is_verb_of(KEEPING)
        })
}

/// The thing that the occasion is about: "complaint" of "when submitting a complaint", "user" of "WHEN
/// returning user data".
pub(super) fn thing(tokens: &[Token]) -> Option<String> {
    let from = opening(tokens)?;
    let end = tokens[from..]
        .iter()
        .position(|it| it.is_any(&["then", ",", ".", ";"]))
        .map_or(tokens.len(), |end| from + end);
    let inside = &tokens[from + 1..end];
    let verb = inside.iter().position(|it| {
        it.tag == Tag::Verb
            && (it.is_verb_of(lexicon::MANAGE)
                || it.is_verb_of(lexicon::KEEP)
                || it.is_verb_of(&[
                    "return", "view", "display", "show", "enter", "define", "make", "open",
                    "access", "mark", "process", "request", "retrieve", "fetch",
                ]))
    });
    let subject = |verb: usize| phrases(&inside[..verb]).pop();
    let object = match verb {
        // "when an order is cancelled".
        Some(verb) => phrase_at(inside, verb + 1).or_else(|| subject(verb))?,
        None => match inside.iter().position(|it| it.is_any(&["arrives", "arrive"])) {
            Some(verb) => subject(verb)?,
            // "upon registration of a member", "during checkout".
            // "When querying boats" makes none that are called so.
            None => phrases(inside).pop().filter(|it| {
                let first = it.noun.split(' ').next().unwrap_or_default();
                !(it.start == 0 && it.noun.contains(' ') && first.to_lowercase().ends_with("ing"))
            })?,
        },
    };
    // "opens the order entry form": orders are entered.
    let noun = ["form", "page", "screen", "entry", "creation", "dialog", "list", "lists"]
        .iter()
        .fold(object.noun.as_str(), |noun, end| {
            noun.strip_suffix(end)
                .map_or(noun, |front| if front.is_empty() { noun } else { front.trim_end() })
        });
    let noun = core(noun);
    (!is_generic(noun) && !is_attribute(noun)).then(|| noun.to_owned())
}

/// The thing that an occasion makes: "order" of "when placing an order".
pub(super) fn made(tokens: &[Token]) -> Option<String> {
    let from = opening(tokens)?;
    let makes = tokens[from..].iter().take(5).any(|it| {
        it.is_verb_of(&[
            "create", "add", "place", "submit", "register", "book", "make", "record", "log",
        ])
    });
    makes.then(|| thing(tokens)).flatten()
}

/// The properties that a sentence with an occasion gives, with the thing of it.
pub(super) fn find(text: &str, tokens: &[Token]) -> Option<Named> {
    let owner = thing(tokens)?;
    let from = opening(tokens)?;
    let mut fields: Vec<FieldFact> = Vec::new();
    for at in 0..tokens.len() {
        let is_giving = tokens[at].tag == Tag::Verb && tokens[at].is_verb_of(GIVING);
        // "return a list of boats with name and price" says itself whose they are.
        let is_told = tokens[at].is_verb_of(&["return"])
            && tokens[at..].iter().any(|it| it.is_any(&["with", "list", "all", "only"]));
        // The verbs of the occasion itself make the thing.
        let is_inside = at > from && !tokens[from..at].iter().any(|it| it.is_any(&["then", ","]));
        if !is_giving || is_inside || is_told {
            continue;
        }
        let behind =
            tokens.get(at + 1).and_then(|it| text.get(it.range.start..)).unwrap_or_default();
        let behind = if made(tokens).is_some() { without_owner(behind) } else { behind };
        let listed = list(behind, 2, 2);
        let (objects, _) = coordinated(tokens, at + 1);
        let named = objects.iter().filter_map(|object| property(object, &owner, tokens, at));
        let found = if listed.len() >= 2 { listed } else { named.collect() };
        for mut field in found {
            // "store the boat name" where a boat is made: its name.
            if let Some(name) = own_name(&field.name, &owner) {
                field.name = name;
            }
            if !fields.iter().any(|known| known.name == field.name) {
                fields.push(field);
            }
        }
    }
    // "WHEN a vet records a finding, link it to the visit with a date and a note": what "it" is has them.
    if fields.is_empty() {
        let it =
            (from..tokens.len()).find(|&at| tokens[at].is("it") && tokens[at - 1].tag == Tag::Verb);
        let with = it.and_then(|it| (it..tokens.len()).find(|&at| tokens[at].is("with")));
        fields = with
            .map_or_else(Vec::new, |with| list(super::tag::behind(text, tokens, with + 1), 2, 2));
    }
    (!fields.is_empty()).then_some(Named { owner: Some(owner), fields })
}

/// What a sentence gives to what somebody makes, all of it required where it binds: "WHEN an order is created, THE system SHALL
/// store its date and total".
pub(super) fn bound(mut named: Named, tokens: &[Token]) -> Named {
    if made(tokens).is_some() && (0..tokens.len()).any(|at| binds(tokens, at)) {
        for field in &mut named.fields {
            field.required = field.required.or(Some(true));
        }
    }
    named
}

/// Whether a verb says what is kept of each: "the system SHALL store", and no word leaves it open.
fn binds(tokens: &[Token], at: usize) -> bool {
    let keeps = tokens[at].is_verb_of(&["store", "record", "save", "capture", "require"]);
    let modal = tokens[..at].iter().rev().take(2).any(|it| it.is_any(&["shall", "must"]));
    let is_open = |it: &Token| {
        it.is_any(&["optional", "optionally", "any", "available", "may", "can", "if", "applicable"])
    };
    keeps && modal && !tokens[at..].iter().any(is_open)
}

/// "name" of "material name", where the thing is a raw material: its name is called so for short.
fn own_name(field: &str, owner: &str) -> Option<String> {
    let front = field.strip_suffix(" name")?;
    let (_, own) = owner.rsplit_once(' ')?;
    (crate::words::fold(front) == crate::words::fold(own)).then(|| "name".to_owned())
}

/// "the customer's address, phone and notes" taken down for an order: what it holds then.
fn without_owner(text: &str) -> &str {
    let Some((owner, rest)) = text.split_once("'s ").or_else(|| text.split_once("’s ")) else {
        return text;
    };
    let is_owner = owner.split(' ').count() <= 2 && owner.starts_with("the ") && rest.contains(',');
    if is_owner { rest } else { text }
}

/// "a complaint category": the category of the complaint.
fn property(object: &Phrase, owner: &str, tokens: &[Token], verb: usize) -> Option<FieldFact> {
    let (front, last) = object.noun.rsplit_once(' ').unwrap_or(("", &object.noun));
    if !is_attribute(last) || object.is_plural {
        return None;
    }
    let is_own = crate::words::fold(front) == crate::words::fold(owner);
    // "the delivery timestamp" tells when it was done.
    let is_time = matches!(last, "timestamp" | "date" | "time");
    if is_usual(front) && !is_own && !is_time {
        return None;
    }
    let name = if is_own { last.to_owned() } else { object.noun.clone() };
    let is_optional = tokens[verb.saturating_sub(1)..object.end]
        .iter()
        .any(|it| it.is_any(&["optionally", "optional"]));
    let is_required =
        tokens[..verb].iter().rev().take(4).any(|it| it.is_any(&["required", "must"]));
    let required = if is_optional { Some(false) } else { is_required.then_some(true) };
    Some(FieldFact { name, required, ..FieldFact::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prose::tag::tag;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: &Expect) {
        let found = find(text, &tag(text)).map_or_else(String::new, |named| {
            let names: Vec<&str> = named.fields.iter().map(|it| it.name.as_str()).collect();
            format!("{}: {}", named.owner.unwrap_or_default(), names.join("; "))
        });
        expected.assert_eq(&found);
    }

    #[test]
    fn occasions() {
        check(
            "When creating a complaint, the student shall select a complaint category and provide a description of the issue.",
            &expect!["complaint: category; description"],
        );
        check(
            "WHEN returning user data THEN the system SHALL include id, username, first_name, and last_name fields",
            &expect!["user: id; username; first_name; last_name"],
        );
        check(
            "optionally attach an image as evidence when submitting a complaint",
            &expect!["complaint: image"],
        );
    }

    #[test]
    fn what_is_made_or_done() {
        for (text, found) in [
            (
                "When creating an order, the shop shall record the customer's address, phone and notes",
                "order: address; phone; notes",
            ),
            (
                "WHEN an order is cancelled, THE Shop SHALL record the cancellation timestamp",
                "order: cancellation timestamp",
            ),
            (
                "WHEN a user opens the order entry form THEN the system SHALL display amount and date",
                "order: amount; date",
            ),
        ] {
            let named = find(text, &tag(text)).map_or_else(String::new, |named| {
                let names: Vec<&str> = named.fields.iter().map(|it| it.name.as_str()).collect();
                format!("{}: {}", named.owner.unwrap_or_default(), names.join("; "))
            });
            assert_eq!(named, found, "{text}");
        }
    }

    #[test]
    fn what_is_looked_at_is_not_made() {
        crate::notation::check(
            "# Shop\n\n- Create and edit customers and orders.\n- When viewing an order, the shop shall show the customer's address and phone.\n",
            &expect![[r#"
                3 prose-entities  entity Order
                4 prose-entities  entity Customer
                4 prose-inline-fields  field Customer.address
                4 prose-inline-fields  field Customer.phone
            "#]],
        );
    }

    #[test]
    fn no_occasions() {
        check("WHEN the page is loaded THEN the system SHALL show a spinner", &expect![]);
        check("The system shall display the name of the page", &expect![]);
    }

    #[test]
    fn what_is_asked_for_has_what_is_returned() {
        crate::notation::check(
            "# Yard\n\n- Members create, edit and delete boats.\n- WHEN the client requests boat details THEN the API SHALL return name, length, description, and price\n- WHEN the client requests boats THEN the API SHALL return a list of all boats with colour and age\n- WHEN querying boat berths, THE system SHALL return the status and the name\n",
            &expect_test::expect![[r#"
                4 prose-inline-fields  field Boat.name
                4 prose-inline-fields  field Boat.length
                4 prose-inline-fields  field Boat.description
                4 prose-inline-fields  field Boat.price
                5 prose-entities  entity Boat
                5 prose-inline-fields  field Boat.colour
                5 prose-inline-fields  field Boat.age
            "#]],
        );
    }
}
