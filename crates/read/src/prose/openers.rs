//! The words that open a list of what a thing has, where the sentence is about something else: "a registration form including …",
//! "provide … to register a boat", "members can set the boat's …", "store boat name, …". Each opener only says whose list follows
//! and where it begins; the list itself is read as everywhere. Sentences about any one of a thing open theirs in `lead_in`.

use super::evidence::core;
use super::inline_fields::Named;
use super::lexicon;
use super::noun::{Phrase, is_attribute, is_generic, phrase_at, phrases};
use super::property_list::list;
use super::tag::{Tag, Token};
use super::usual::is_person;

/// What a list of fields is called after the thing.
const LISTS: &[&str] = &["fields", "attributes", "form", "columns", "inputs"];

/// Steps that a form is for, between the thing and the form.
const STEPS: &[&str] = &[
    "registration",
    "creation",
    "submission",
    "application",
    "booking",
    "entry",
    "enrollment",
    "sign-up",
    "signup",
    "edit",
];

/// Verbs that say what each of a thing shows or asks for, and so has.
const SHOWING: &[&str] = &["show", "display", "require", "need", "comprise", "capture", "feature"];

/// Verbs by which somebody gives what a thing has.
const GIVING: &[&str] = &["provide", "enter", "specify", "supply", "fill", "input", "give"];

/// The thing whose list a sentence opens, and the list.
pub(super) fn find(text: &str, tokens: &[Token]) -> Option<Named> {
    let opened = called(tokens)
        .or_else(|| giving_to(tokens))
        .or_else(|| possessed(tokens))
        .or_else(|| kept(tokens))
        .or_else(|| logged(tokens))?;
    listed(text, tokens, opened)
}

/// As [`find`], where the words that open the list are those of any sentence about what is on a page.
pub(super) fn shown(text: &str, tokens: &[Token]) -> Option<Named> {
    listed(text, tokens, showing(tokens)?)
}

fn listed(text: &str, tokens: &[Token], opened: Opened) -> Option<Named> {
    let Opened { owner, from, to } = opened;
    let start = tokens.get(from)?.range.start;
    let end = to.and_then(|to| tokens.get(to)).map_or(text.len(), |token| token.range.start);
    let fields = list(text.get(start..end)?, 2, 2);
    (fields.len() >= 2).then_some(Named { owner: Some(owner), fields })
}

/// Whose list begins at a token, and at which it ends where the sentence goes on.
struct Opened {
    owner: String,
    from: usize,
    to: Option<usize>,
}

/// The name of what has the list, where a noun may name one.
fn owner(noun: &str) -> Option<String> {
    let noun = core(noun);
    let last = noun.rsplit(' ').next().unwrap_or_default();
    let is_good = !noun.is_empty() && !is_generic(noun) && (!is_attribute(last) || is_person(last));
    is_good.then(|| noun.to_owned())
}

/// Where a list begins behind the word that opens it: past "including", ":", "are" and the like.
fn behind(tokens: &[Token], from: usize) -> Option<usize> {
    let is_opening = |token: &Token| {
        token.is_any(&[
            ":",
            "-",
            "–",
            "—",
            "(",
            "include",
            "includes",
            "including",
            "contain",
            "contains",
            "containing",
            "are",
            "is",
            "with",
            "consist",
            "consists",
            "of",
            "such",
            "as",
            "like",
            "should",
            "must",
            "shall",
            "that",
            "which",
            "at",
            "least",
            "following",
            "the",
        ])
    };
    let count =
        tokens[from.min(tokens.len())..].iter().take_while(|token| is_opening(token)).count();
    (count > 0).then_some(from + count)
}

/// "Boat fields: name, length", "a boat registration form including …", "Input fields for a boat: …".
fn called(tokens: &[Token]) -> Option<Opened> {
    let at = tokens.iter().position(|token| token.is_any(LISTS))?;
    // "Fields for a boat".
    if tokens.get(at + 1).is_some_and(|it| it.is_any(&["for", "of"])) {
        let thing = phrase_at(tokens, at + 2)?;
        let from = behind(tokens, thing.end)?;
        return Some(Opened { owner: owner(&thing.noun)?, from, to: None });
    }
    let start = tokens[..at].iter().rposition(|it| it.tag != Tag::Noun && it.tag != Tag::Adjective);
    let words: Vec<&str> = tokens[start.map_or(0, |it| it + 1)..at]
        .iter()
        .filter(|it| it.tag == Tag::Noun || it.is_any(STEPS))
        .map(|it| it.text.as_str())
        .collect();
    let mut words = words.as_slice();
    while let [front @ .., last] = words
        && STEPS.contains(&&*last.to_lowercase())
    {
        words = front;
    }
    let from = behind(tokens, at + 1)?;
    Some(Opened { owner: owner(&words.join(" "))?, from, to: None })
}

/// "Users must provide name, length and price to register a boat".
fn giving_to(tokens: &[Token]) -> Option<Opened> {
    let give = tokens.iter().position(|it| {
        it.tag == Tag::Verb && it.is_verb_of(GIVING) && !it.lower.ends_with("ing")
    })?;
    let to = (give + 2..tokens.len()).find(|&at| {
        tokens[at].is_any(&["to", "when", "for", "while"])
            && tokens.get(at + 1).is_some_and(|it| it.is_verb_of(lexicon::MANAGE))
    })?;
    let thing = phrase_at(tokens, to + 2)?;
    Some(Opened { owner: owner(&thing.noun)?, from: give + 1, to: Some(to) })
}

/// "Each boat shows name, length and price", "boat registration requires …".
fn showing(tokens: &[Token]) -> Option<Opened> {
    let verb = tokens.iter().position(|it| {
        it.tag == Tag::Verb && it.is_verb_of(SHOWING) && !it.lower.ends_with("ing")
    })?;
    let thing = phrases(&tokens[..verb]).pop()?;
    let is_subject = tokens[thing.end..verb].iter().all(|it| it.tag == Tag::Modal);
    // "The page shows the boats": only what each of a kind has, or a step that makes one.
    let is_any =
        tokens[thing.start..thing.end].iter().any(|it| it.is_any(&["each", "every", "a", "an"]));
    let words: Vec<&str> = thing.noun.split(' ').collect();
    let (last, front) = words.split_last()?;
    let is_step = STEPS.contains(&&*last.to_lowercase()) && !front.is_empty();
    let is_page =
        matches!(&*last.to_lowercase(), "card" | "page" | "row" | "tile" | "listing" | "view");
    let name = if is_step || is_page { front.join(" ") } else { thing.noun.clone() };
    let is_good =
        is_subject && thing.start == 0 && (is_any || is_step || is_page) && !name.is_empty();
    if !is_good || is_person(&name) {
        return None;
    }
    Some(Opened { owner: owner(&name)?, from: verb + 1, to: None })
}

/// "Members can set the boat's price, length and capacity".
fn possessed(tokens: &[Token]) -> Option<Opened> {
    let mark = tokens.iter().position(|it| it.is("'s") || it.is("’s"))?;
    let verb = tokens[..mark].iter().rposition(|it| it.tag == Tag::Verb)?;
    if !tokens[verb].is_verb_of(&[
        "set",
        "update",
        "edit",
        "change",
        "modify",
        "record",
        "store",
        "configure",
    ]) {
        return None;
    }
    let thing: Phrase =
        phrases(&tokens[..mark]).pop().filter(|it| it.end == mark && it.start == verb + 1)?;
    Some(Opened { owner: owner(&thing.noun)?, from: mark + 1, to: None })
}

/// "Store boat name, length and price": the first of them says whose they are.
fn kept(tokens: &[Token]) -> Option<Opened> {
    let verb = tokens.iter().position(|it| it.tag == Tag::Verb && it.is_verb_of(lexicon::KEEP))?;
    let first = phrase_at(tokens, verb + 1)?;
    let (front, last) = first.noun.rsplit_once(' ')?;
    let goes_on = tokens.get(first.end).is_some_and(|it| it.is(","));
    if !goes_on || !is_attribute(&last.to_lowercase()) || is_attribute(front) {
        return None;
    }
    Some(Opened { owner: owner(front)?, from: first.end - 1, to: None })
}

/// "Audit trail: every change must be logged with user, time and reason": a row of what stands before the colon has them.
fn logged(tokens: &[Token]) -> Option<Opened> {
    let title = phrase_at(tokens, 0)?;
    tokens.get(title.end).filter(|it| it.is_any(&[":", "-", "–", "—"]))?;
    let at = (title.end..tokens.len()).find(|&at| {
        tokens[at].is_any(&["logged", "recorded", "audited", "tracked"])
            && tokens.get(at + 1).is_some_and(|it| it.is("with"))
    })?;
    Some(Opened { owner: owner(&title.noun)?, from: at + 2, to: None })
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn openers() {
        for sentence in [
            "Boat fields: name, length, price.",
            "Members can submit a boat registration form including name, length and price.",
            "Input fields for a boat: name, length and price.",
            "Members must provide name, length and price to register a boat.",
            "Each boat shows name, length and price.",
            "Boat registration requires name, length, and price.",
            "A boat card displays name, length and price.",
            "Members can set the boat's name, length and price.",
            "Store boat name, length, and price.",
            "Boat: every change must be logged with name, length and price.",
        ] {
            let tokens = super::super::tag::tag(sentence);
            let named = super::find(sentence, &tokens).or_else(|| super::shown(sentence, &tokens));
            let named = named.unwrap_or_else(|| panic!("{sentence}"));
            let names: Vec<&str> = named.fields.iter().map(|it| it.name.as_str()).collect();
            assert_eq!(names, ["name", "length", "price"], "{sentence}");
            let owner = named.owner.unwrap_or_default().to_lowercase();
            assert_eq!(crate::prose::singular(&owner), "boat", "{sentence}");
        }
    }

    #[test]
    fn what_opens_no_list() {
        for sentence in [
            "The dashboard shows charts, alerts and trends.",
            "Each member shows up in time, place and order.",
            "The form includes validation, hints and colors.",
            "A trip requires a captain, a crew and a boat.",
            "Provide search, filters and paging to view boats.",
            "Store boats as first-class records with path, kind and title.",
        ] {
            let tokens = super::super::tag::tag(sentence);
            let named = super::find(sentence, &tokens).or_else(|| super::shown(sentence, &tokens));
            assert!(named.is_none(), "{sentence}");
        }
    }

    #[test]
    fn openers_in_a_document() {
        check(
            "# Harbour\n\n- Admins manage boats.\n- Boat fields: name, length (optional), price.\n- Store berth number, depth, and price.\n- Create trips with: title, description, start date.\n",
            &expect![[r#"
                4 prose-entities  entity Boat
                4 prose-inline-fields  field Boat.name required
                4 prose-inline-fields  field Boat.length optional
                4 prose-inline-fields  field Boat.price required
                5 prose-entities  entity Berth
                5 prose-inline-fields  field Berth.number
                5 prose-inline-fields  field Berth.depth
                5 prose-inline-fields  field Berth.price
                6 prose-entities  entity Trip
                6 prose-inline-fields  field Trip.title
                6 prose-inline-fields  field Trip.description
                6 prose-inline-fields  field Trip.start date
            "#]],
        );
    }
}
