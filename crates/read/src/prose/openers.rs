//! The words that open a list of what a thing has, where the sentence is about something else: "a registration form including …",
//! "provide … to register a boat", "members can set the boat's …", "store boat name, …". Each opener only says whose list follows
//! and where it begins; the list itself is read as everywhere. Sentences about any one of a thing open theirs in `lead_in`.

use super::cardinality::subject_before;
use super::evidence::core;
use super::inline_fields::Named;
use super::lexicon;
use super::noun::{
    Phrase, coordinated, is_attribute, is_generic, phrase_at, phrases, skip_brackets,
};
use super::property_list::list;
use super::tag::{Tag, Token};
use super::usual::is_person;
use crate::FieldFact;

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
    if let Some(named) = tied(tokens) {
        return Some(named);
    }
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

/// Verbs by which the system looks at what somebody gives.
const DEMANDING: &[&str] = &["require", "validate", "request"];

/// "Store boat name, length and price", "the system shall require boat name and price": the first of them says whose
/// they are.
fn kept(tokens: &[Token]) -> Option<Opened> {
    let verb = tokens.iter().position(|it| {
        it.tag == Tag::Verb && (it.is_verb_of(lexicon::KEEP) || it.is_verb_of(DEMANDING))
    })?;
    let first = phrase_at(tokens, verb + 1)?;
    let (front, last) = first.noun.rsplit_once(' ')?;
    let behind = skip_brackets(tokens, first.end);
    let goes_on = tokens.get(behind).is_some_and(|it| it.is_any(&[",", "and"]));
    if !goes_on || !is_attribute(&last.to_lowercase()) || is_attribute(front) {
        return None;
    }
    Some(Opened { owner: owner(front)?, from: first.end - 1, to: None })
}

/// "Associate each trip with a boat, a captain and a harbour", "every trip is linked to a boat and a captain": a trip has
/// one of each.
fn tied(tokens: &[Token]) -> Option<Named> {
    let refers = tokens.iter().position(|it| it.is_any(&["references", "reference"]));
    if let Some(verb) = refers
        && let Some(thing) =
            subject_before(tokens, verb).filter(|it| it.start == 0 && !it.is_plural)
    {
        let ends = tied_ends(tokens, verb + 1);
        let is_any = tokens[0].is_any(&["a", "an", "each", "every"]);
        let are_ones = !ends.is_empty() && ends.iter().all(|it| !it.is_plural && !it.is_many);
        let fields = ends.into_iter().map(|it| FieldFact { name: it.noun, ..FieldFact::default() });
        return (is_any && are_ones)
            .then_some(Named { owner: owner(&thing.noun), fields: fields.collect() });
    }
    let verb = tokens.iter().position(|it| {
        it.is_verb_of(&["associate", "link", "connect", "tie", "relate"])
            && it.lower.chars().all(char::is_alphabetic)
    })?;
    let is_passive = tokens[verb].lower.ends_with("ed");
    let thing =
        if is_passive { subject_before(tokens, verb) } else { phrase_at(tokens, verb + 1) }?;
    let link = if is_passive { verb + 1 } else { thing.end };
    tokens.get(link).filter(|it| it.is_any(&["to", "with"]))?;
    let ends = tied_ends(tokens, link + 1);
    let are_ones = ends.len() >= 2 && ends.iter().all(|it| !it.is_plural && !it.is_many);
    if !are_ones || thing.is_plural && is_passive && !tokens[..verb].iter().any(|it| it.is("are")) {
        return None;
    }
    let fields = ends.into_iter().map(|it| FieldFact { name: it.noun, ..FieldFact::default() });
    Some(Named { owner: Some(owner(&thing.noun)?), fields: fields.collect() })
}

/// The nouns of "a boat, a captain and a harbour", but only the first of "a boat, and the captain is told".
pub(super) fn tied_ends(tokens: &[Token], start: usize) -> Vec<Phrase> {
    let (mut ends, behind) = coordinated(tokens, start);
    let goes_on = tokens
        .get(behind)
        .is_some_and(|it| matches!(it.tag, Tag::Verb | Tag::Modal | Tag::Auxiliary));
    if goes_on {
        ends.truncate(1);
    }
    ends
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
    fn what_each_of_a_thing_is_tied_to() {
        check(
            "# Harbour\n\n- Members manage boats.\n- Members manage trips.\n- The system shall associate each trip with a boat, a captain and a harbour.\n- Every berth references a boat.\n- The system shall require boat name and detailed description.\n- The system shall persist trips with sender, boat, and timestamp.\n",
            &expect![[r#"
                5 prose-entities  entity Trip
                5 prose-inline-fields  field Trip.boat -> Boat
                5 prose-inline-fields  field Trip.captain
                5 prose-inline-fields  field Trip.harbour
                6 prose-entities  entity Berth
                6 prose-inline-fields  field Berth.boat -> Boat
                7 prose-entities  entity Boat
                7 prose-inline-fields  field Boat.name
                7 prose-inline-fields  field Boat.description
                8 prose-inline-fields  field Trip.sender
                8 prose-inline-fields  field Trip.boat -> Boat
                8 prose-inline-fields  field Trip.timestamp
            "#]],
        );
    }

    #[test]
    fn what_ties_nothing() {
        check(
            "# Harbour\n\n- Members manage boats.\n- The app links boats to maps and charts.\n- Link a boat to a map, and the captain is told.\n- Require admin approval and a second factor.\n- Validate email format and password strength.\n- The page references a style guide.\n",
            &expect![[r#"
                5 prose-entities  entity Boat
                5 prose-entities  candidate Map -- Link a boat to a map, and the captain is told.
            "#]],
        );
    }

    #[test]
    fn words_for_all_fields_are_none() {
        check(
            "# Harbour\n\n- Members create boats with details like length, price, and photos.\n",
            &expect![[r#"
                3 prose-entities  entity Boat
                3 prose-entities  entity Member
                3 prose-inline-fields  field Boat.length
                3 prose-inline-fields  field Boat.price
                3 prose-inline-fields  field Boat.photos
                3 prose-possession  relationship Member 1:N Boat [inferred: the sentence calls them its own]
            "#]],
        );
    }

    #[test]
    fn forms_are_for_the_thing_of_their_heading() {
        check(
            "# Harbour\n\n- Members manage boats.\n\n## BT-1: Create New Boat\n\n- Form includes: name, length, launch date\n\n## Boats\n\n- Boat form includes fields: name, price\n",
            &expect![[r#"
                7 prose-entities  entity Boat
                7 prose-inline-fields  field Boat.name [inferred: the heading or a sentence beside it names what has it]
                7 prose-inline-fields  field Boat.length [inferred: the heading or a sentence beside it names what has it]
                7 prose-inline-fields  field Boat.launch date [inferred: the heading or a sentence beside it names what has it]
                11 prose-inline-fields  field Boat.name
                11 prose-inline-fields  field Boat.price
            "#]],
        );
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
