//! Further words that open the list of what any one of a thing has: "A pet consists of a name and a species", "Every pet is
//! described by its name", "Staff can register a pet by entering its name and species", "The system stores pets with name and
//! species", "A pet's name and species are stored", "Pet details: name, species".
//!
//! Each says outright that a list of properties follows, so that not every part must sound like one.

use super::evidence::core;
use super::inline_fields::Named;
use super::lexicon;
use super::named_list::{is_sort, is_thing_with, of_form};
use super::noun::{Phrase, is_attribute, is_generic, phrase_at, phrases, singular};
use super::property_list::{Part, parts};
use super::tag::{Tag, Token, behind};
use crate::FieldFact;

/// Participles behind "is" that give a thing what follows them, each with the preposition that they need.
const GIVEN: &[(&str, &str)] = &[
    ("described", "by"),
    ("characterized", "by"),
    ("characterised", "by"),
    ("defined", "by"),
    ("identified", "by"),
    ("made", "of"),
    ("composed", "of"),
    ("comprised", "of"),
    ("consists", "of"),
    ("consist", "of"),
];

/// Words between a thing that is made and what is entered for it.
const ENTERING: &[&str] = &[
    "entering",
    "providing",
    "specifying",
    "supplying",
    "giving",
    "stating",
    "setting",
    "defining",
    "inputting",
];

/// Words that only stand for the fields of what is before or behind them.
const FIELD_WORDS: &[&str] = &[
    "detail",
    "attribute",
    "field",
    "property",
    "data",
    "information",
    "info",
    "record",
    "profile",
    "column",
];

/// The thing that a sentence opens so, and its fields.
pub(super) fn find(text: &str, tokens: &[Token]) -> Option<Named> {
    is_given(text, tokens)
        .or_else(|| possessed(text, tokens))
        .or_else(|| kept_of(text, tokens))
        .or_else(|| entered(text, tokens))
        .or_else(|| made_with(text, tokens))
        .or_else(|| labelled(text, tokens))
        .or_else(|| shown(text, tokens))
}

/// "A pet consists of a name and a species", "Every pet is described by its name and species".
fn is_given(text: &str, tokens: &[Token]) -> Option<Named> {
    let (at, preposition) = tokens.iter().enumerate().find_map(|(at, token)| {
        GIVEN.iter().find(|(word, _)| token.is(word)).map(|(_, preposition)| (at, *preposition))
    })?;
    let link = at + 1 + usize::from(tokens.get(at + 1).is_some_and(|it| it.is("up")));
    tokens.get(link).filter(|it| it.is(preposition))?;
    let subject = phrases(&tokens[..at]).pop()?;
    let passes = tokens[subject.end..at]
        .iter()
        .all(|it| matches!(it.tag, Tag::Modal | Tag::Adverb | Tag::Auxiliary) || it.is("uniquely"));
    let is_first = tokens[..subject.start].iter().all(|it| it.tag != Tag::Noun);
    let fields = properties(behind(text, tokens, link + 1), 1)?;
    (passes && is_first).then(|| named(&subject, fields)).flatten()
}

/// "A pet's name, species and weight are stored", "The name and weight of each pet are recorded".
fn possessed(text: &str, tokens: &[Token]) -> Option<Named> {
    let are = tokens.windows(2).position(|pair| {
        pair[0].is_any(&["is", "are", "be"])
            && pair[1].lower.ends_with("ed")
            && pair[1].is_verb_of(lexicon::KEEP)
            || pair[0].is_any(&["is", "are", "be"]) && pair[1].is_any(&["kept", "held"])
    })?;
    let front = &tokens[..are];
    let until = front.iter().rposition(|it| it.tag != Tag::Modal).map_or(0, |at| at + 1);
    let front = &front[..until];
    if let Some(mark) = front.iter().position(|it| it.is_any(&["'s", "’s"])) {
        let subject = phrases(&front[..mark]).pop().filter(|it| it.end == mark)?;
        let inside = between(text, front.get(mark + 1)?, front.last()?)?;
        return named(&subject, properties(inside, 1)?);
    }
    let of = front.windows(2).rposition(|pair| {
        pair[0].is_any(&["of", "for"]) && pair[1].is_any(&["each", "every", "a", "an", "all"])
    })?;
    let subject = phrase_at(front, of + 1).filter(|it| it.end == front.len())?;
    let inside = between(text, front.first()?, front.get(of.checked_sub(1)?)?)?;
    named(&subject, properties(inside, 1)?)
}

/// "We store the name and weight of each pet".
fn kept_of(text: &str, tokens: &[Token]) -> Option<Named> {
    let verb = tokens.iter().position(|it| it.tag == Tag::Verb && it.is_verb_of(lexicon::KEEP))?;
    let of = tokens.windows(2).rposition(|pair| {
        pair[0].is_any(&["of", "for", "about"]) && pair[1].is_any(&["each", "every"])
    })?;
    let subject = phrase_at(tokens, of + 1)?;
    let is_last = tokens[subject.end..].iter().all(|it| it.tag == Tag::Punctuation);
    let inside = between(text, tokens.get(verb + 1)?, tokens.get(of.checked_sub(1)?)?)?;
    let fields = (is_last && verb < of).then(|| properties(inside, 1)).flatten()?;
    named(&subject, fields)
}

/// "Staff can register a pet by entering its name", "When adding a pet, staff enter the name and species".
fn entered(text: &str, tokens: &[Token]) -> Option<Named> {
    let makes = |it: &Token| {
        it.is_verb_of(lexicon::MANAGE) || it.is_verb_of(lexicon::KEEP) || it.is_verb_of(&["define"])
    };
    let verb = tokens.iter().position(makes)?;
    let object = phrase_at(tokens, verb + 1)?;
    let rest = &tokens[object.end..];
    let by = rest
        .windows(2)
        .position(|pair| pair[0].is_any(&["by", "after"]) && pair[1].is_any(ENTERING));
    let is_occasion = tokens[..verb].iter().any(|it| it.is_any(&["when", "while", "to", "for"]))
        && rest.first().is_some_and(|it| it.is(","));
    let list = match by {
        Some(at) => object.end + at + 2,
        None if is_occasion => {
            let giving =
                ["enter", "enters", "provide", "provides", "specify", "specifies", "select"];
            object.end + rest.iter().position(|it| it.is_any(&giving))? + 1
        }
        None => return None,
    };
    // "submit a claim by providing your name" lists what is the doer's own.
    if tokens.get(list).is_some_and(|it| it.is_any(&["their", "his", "her", "your", "my"])) {
        return None;
    }
    // "create an account by providing a name": it is the one who signs up that has it.
    let is_account = object.noun.to_lowercase().ends_with("account");
    let fields = properties(behind(text, tokens, list), 1)?;
    if is_account { None } else { named(&object, fields) }
}

/// "The system stores pets with name and species", "I want to record a pet with its name and species".
fn made_with(text: &str, tokens: &[Token]) -> Option<Named> {
    let with = (1..tokens.len()).find(|&at| {
        tokens[at].is_any(&["with", "including", "containing"])
            && phrases(&tokens[..at]).pop().is_some_and(|it| it.end == at)
    })?;
    let object = phrases(&tokens[..with]).pop()?;
    let verb = tokens.get(object.start.checked_sub(1)?)?;
    let is_made = verb.is_verb_of(lexicon::KEEP) || verb.is_verb_of(lexicon::MANAGE);
    if !is_made && !verb.is_any(&["contains", "has", "have"]) {
        return None;
    }
    // "Every pet has a profile containing its name".
    let is_record = FIELD_WORDS.contains(&object.noun.to_lowercase().as_str());
    let subject = if is_record { phrases(&tokens[..object.start]).pop()? } else { object };
    if !is_record && !is_made {
        return None;
    }
    let end = tokens[with..].iter().position(|it| it.is("so")).map(|at| at + with);
    let until = end.and_then(|end| tokens.get(end)).map_or(text.len(), |it| it.range.start);
    let rest = text.get(tokens.get(with + 1)?.range.start..until)?;
    named(&subject, properties(rest, 2)?)
}

/// "Pet details: name, species", "Pet details include name and species", "Fields of a pet: name, species".
fn labelled(text: &str, tokens: &[Token]) -> Option<Named> {
    let colon = tokens.iter().position(|it| it.is(":"));
    let end = colon.or_else(|| {
        tokens.iter().position(|it| it.is_any(&["include", "includes", "contain", "contains"]))
    })?;
    let label = &tokens[..end];
    let is_word = |it: &Token| FIELD_WORDS.contains(&singular(&it.lower).as_str());
    let label = match label {
        [front @ .., last] if last.is_any(&["are", "must", "should", "shall"]) => front,
        other => other,
    };
    let nouns: Vec<&Token> = label.iter().filter(|it| it.tag != Tag::Determiner).collect();
    if nouns.len() > 4 {
        return None;
    }
    let owner = match nouns.as_slice() {
        [front @ .., last] if is_word(last) && !front.is_empty() => {
            front.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join(" ")
        }
        [first, of, rest @ ..]
            if is_word(first) && of.is_any(&["of", "for"]) && !rest.is_empty() =>
        {
            rest.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join(" ")
        }
        _ => return None,
    };
    // "Pet form includes fields".
    let owner = of_form(&owner).map_or(owner.clone(), str::to_owned);
    let is_name = owner.split(' ').all(|word| word.chars().all(char::is_alphanumeric))
        && !owner.ends_with(" includes");
    let fields = properties(behind(text, tokens, end + 1), usize::from(colon.is_none()))?;
    let is_thing =
        is_name && !is_sort(&owner) && !is_generic(&owner) && !is_attribute(&owner.to_lowercase());
    is_thing.then_some(Named { owner: Some(owner), fields })
}

/// "The pet form has the fields name and species", "The list of pets shows name and species".
fn shown(text: &str, tokens: &[Token]) -> Option<Named> {
    let verb = tokens.iter().position(|it| {
        it.is_any(&["shows", "displays", "has", "have", "contains", "lists", "show", "display"])
    })?;
    let subject = phrases(&tokens[..verb]).pop().filter(|it| it.end == verb)?;
    let of = subject.start.checked_sub(2).map(|at| (&tokens[at], &tokens[at + 1]));
    let is_list_of =
        of.is_some_and(|(list, of)| list.is_any(&["list", "table", "overview"]) && of.is("of"));
    let form = subject.noun.rsplit_once(' ').filter(|it| {
        matches!(
            it.1.to_lowercase().as_str(),
            "form" | "list" | "table" | "page" | "card" | "screen"
        )
    });
    let owner = match form {
        Some((owner, _)) => owner.to_owned(),
        None if is_list_of => subject.noun.clone(),
        None => return None,
    };
    let rest = behind(text, tokens, verb + 1);
    let named_fields =
        ["the fields ", "the following fields: ", "fields for ", "fields: ", "fields "]
            .iter()
            .find_map(|lead| rest.strip_prefix(lead));
    let fields =
        properties(named_fields.unwrap_or(rest), if named_fields.is_some() { 0 } else { 2 })?;
    let subject = Phrase { noun: owner, ..subject };
    named(&subject, fields)
}

fn named(subject: &Phrase, fields: Vec<FieldFact>) -> Option<Named> {
    let owner = core(&subject.noun);
    let last = owner.rsplit(' ').next().unwrap_or_default();
    let is_thing = !is_attribute(last) || is_thing_with(owner, &fields);
    (!is_generic(owner) && is_thing).then(|| Named { owner: Some(owner.to_owned()), fields })
}

/// The parts of a list that may be properties, where at least so many sound like some.
fn properties(text: &str, least: usize) -> Option<Vec<FieldFact>> {
    let text = text.trim();
    let text = ["its ", "their ", "the ", "following: ", ": "]
        .iter()
        .find_map(|lead| text.strip_prefix(lead))
        .unwrap_or(text);
    let parts: Vec<Part> = parts(text);
    let sure = parts.iter().filter(|part| part.is_property).count();
    // "orders, payments and refunds": things are many, properties one.
    let are_many =
        parts.iter().filter(|part| !part.is_property && is_plural(&part.field.name)).count();
    let is_list = parts.len() >= 2 && sure >= least && are_many * 2 < parts.len();
    is_list.then(|| parts.into_iter().map(|part| part.field).collect())
}

fn is_plural(name: &str) -> bool {
    let last = name.rsplit(' ').next().unwrap_or_default().to_lowercase();
    singular(&last) != last
}

/// The text from one token to another.
fn between<'t>(text: &'t str, first: &Token, last: &Token) -> Option<&'t str> {
    text.get(first.range.start..last.range.end)
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::prose::tag::tag;

    fn found(text: &str) -> String {
        find(text, &tag(text)).map_or_else(String::new, |named| {
            let names: Vec<String> = named.fields.into_iter().map(|field| field.name).collect();
            format!("{}: {}", named.owner.unwrap_or_default(), names.join("; "))
        })
    }

    #[test]
    fn words_that_open_a_list_of_properties() {
        for (text, said) in [
            ("A pet consists of a name, a species and a weight.", "pet: name; species; weight"),
            (
                "Every pet is described by its name, species and weight.",
                "pet: name; species; weight",
            ),
            ("A pet's name, species and weight are stored.", "pet: name; species; weight"),
            (
                "The name, species and weight of each pet are recorded.",
                "pet: name; species; weight",
            ),
            (
                "Staff can register a pet by entering its name, species and weight.",
                "pet: name; species; weight",
            ),
            ("Members add boats by entering name, length and price.", "boats: name; length; price"),
            (
                "When adding a pet, staff enter the name, species and weight.",
                "pet: name; species; weight",
            ),
            (
                "The system stores pets with name, species and weight number.",
                "pets: name; species; weight number",
            ),
            (
                "As a clerk, I want to record a pet with its name and phone so that I find it.",
                "pet: name; phone",
            ),
            (
                "Every pet has a profile containing name, species and phone.",
                "pet: name; species; phone",
            ),
            ("Pet details: name, species, weight", "Pet: name; species; weight"),
            ("Pet details include name, species and weight.", "Pet: name; species; weight"),
            ("The pet form has the fields name, species and weight.", "pet: name; species; weight"),
            ("The list of pets shows name, species and phone.", "pets: name; species; phone"),
        ] {
            assert_eq!(found(text), said, "{text}");
        }
    }

    #[test]
    fn words_that_open_something_else() {
        for text in [
            "The system consists of a frontend and a backend.",
            "The page shows a header, a footer and charts.",
            "An order consists of items, payments and shipments.",
            "When adding a pet, staff see the list of owners and vets.",
            "Pet owners: residents, guests",
            "The system stores backups with Restic and Borg.",
            "Members can register by providing their name, email and password.",
            "Members can submit a claim by providing their name, email and password.",
        ] {
            assert_eq!(found(text), "", "{text}");
        }
    }
}
