//! What must be given to make a thing, or is kept of each: "A report requires a target and a reason", "To register a stall, at
//! least its name and size must be given", "Name, size and price are recorded for each stall", "A stall is created with a
//! name and a size", "The owner of a stall can update its name and price".

use super::evidence::core;
use super::inline_fields::Named;
use super::lexicon;
use super::noun::{Phrase, is_attribute, is_generic, phrase_at, phrases};
use super::property_list::{Part, parts};
use super::tag::{Tag, Token, behind};
use crate::FieldFact;

/// Verbs by which somebody gives a thing its fields.
const GIVING: &[&str] =
    &["provide", "enter", "specify", "state", "give", "supply", "input", "fill"];

/// Participles for what stands in a row.
const GIVEN: &[&str] = &[
    "given",
    "provided",
    "entered",
    "specified",
    "supplied",
    "stated",
    "filled",
    "recorded",
    "stored",
    "kept",
    "saved",
    "captured",
    "tracked",
    "logged",
    "noted",
    "registered",
];

/// Those for what must stand in each.
const DEMANDED: &[&str] = &["required", "mandatory", "compulsory"];

/// The thing that a sentence gives fields so, and the fields.
pub(super) fn find(text: &str, tokens: &[Token]) -> Option<Named> {
    requires(text, tokens)
        .or_else(|| to_make(text, tokens))
        .or_else(|| kept_for_each(text, tokens))
        .or_else(|| made_with(text, tokens))
        .or_else(|| providing(text, tokens))
        .or_else(|| its_own(text, tokens))
        .or_else(|| bracketed(text, tokens))
        .or_else(|| following(text, tokens))
}

/// "A report requires a target + a reason", "A stall must state its name and size".
fn requires(text: &str, tokens: &[Token]) -> Option<Named> {
    let verb = tokens.iter().position(|it| {
        it.is_any(&["requires", "require", "states", "specifies"])
            || it.is_any(&["state", "specify"])
    })?;
    // "Report requires": a verb elsewhere.
    let begun = || Some(super::titled::of_words(&tokens[..verb], 0)).filter(|it| it.end == verb);
    let subject = phrases(&tokens[..verb]).pop().or_else(begun)?;
    let between = &tokens[subject.end..verb];
    let is_bare = matches!(tokens[verb].lower.as_str(), "state" | "specify");
    let leads = between.iter().all(|it| matches!(it.tag, Tag::Modal | Tag::Adverb))
        && (!is_bare || between.iter().any(|it| it.tag == Tag::Modal));
    let is_first = tokens[..subject.start].iter().all(|it| it.tag != Tag::Noun);
    let is_person = super::is_person_noun(&subject.noun);
    let fields = properties(&behind(text, tokens, verb + 1).replace(" + ", ", "), 2)?;
    if !leads || !is_first || is_person {
        return None;
    }
    let must = |field: FieldFact| FieldFact { required: field.required.or(Some(true)), ..field };
    named(&subject, fields.into_iter().map(must).collect())
}

/// "To register a stall, at least the name must be given", "To create a stall, the user must provide name and size".
fn to_make(text: &str, tokens: &[Token]) -> Option<Named> {
    tokens.first().filter(|it| it.is("to"))?;
    let makes = |it: &&Token| {
        it.is_verb_of(lexicon::MANAGE)
            || it.is_verb_of(lexicon::KEEP)
            || it.is_verb_of(&["report", "request", "open"])
    };
    tokens.get(1).filter(makes)?;
    let object = phrase_at(tokens, 2)?;
    let rest = object.end;
    tokens.get(rest).filter(|it| it.is(","))?;
    let passive = tokens
        .windows(2)
        .position(|pair| pair[0].is_any(&["be", "is", "are"]) && pair[1].is_any(GIVEN));
    let giving = (rest..tokens.len())
        .find(|&at| tokens[at].tag == Tag::Verb && tokens[at].is_verb_of(GIVING));
    let inside = match (giving, passive) {
        (Some(verb), _) => behind(text, tokens, verb + 1),
        (None, Some(be)) => {
            let until = tokens[..be].iter().rposition(|it| it.tag != Tag::Modal)?;
            let from = rest
                + 1
                + tokens[rest + 1..]
                    .iter()
                    .take_while(|it| it.is_any(&["at", "least", "the", "its"]))
                    .count();
            text.get(tokens.get(from)?.range.start..tokens[until].range.end)?
        }
        (None, None) => return None,
    };
    let modal = tokens[rest..].iter().any(|it| it.is_any(&["must", "shall"]));
    let must = |field: FieldFact| FieldFact {
        required: field.required.or(modal.then_some(true)),
        ..field
    };
    let fields = properties(inside, 1)?;
    // "To register an account, a visitor must provide a name": whose it is stands in another sentence.
    let is_account = object.noun.to_lowercase().ends_with("account");
    (!is_account).then(|| named(&object, fields.into_iter().map(must).collect())).flatten()
}

/// "Name, size and price are recorded for each stall".
fn kept_for_each(text: &str, tokens: &[Token]) -> Option<Named> {
    let is_said = |it: &Token| it.is_any(GIVEN) || it.is_any(DEMANDED);
    let be = tokens
        .windows(2)
        .position(|pair| pair[0].is_any(&["be", "is", "are"]) && is_said(&pair[1]))?;
    let link = tokens.get(be + 2).filter(|it| it.is_any(&["for", "of", "on", "about"]))?;
    let each = tokens
        .get(be + 3)
        .filter(|it| it.is_any(&["each", "every", "all", "any"]) && !link.is_code)?;
    let thing = phrase_at(tokens, be + 3).filter(|_| !each.is_code)?;
    let until = tokens[..be].iter().rposition(|it| it.tag != Tag::Modal)?;
    let inside = text.get(tokens.first()?.range.start..tokens[until].range.end)?;
    let demanded = tokens[be + 1].is_any(DEMANDED).then_some(true);
    let fields = properties(inside, if demanded.is_some() { 1 } else { 2 })?;
    let must = |field: FieldFact| FieldFact { required: field.required.or(demanded), ..field };
    named(&thing, fields.into_iter().map(must).collect())
}

/// "A stall is created with a name and a size", "Members set up a stall with name and size".
fn made_with(text: &str, tokens: &[Token]) -> Option<Named> {
    let with = tokens.iter().position(|it| it.is("with"))?;
    let is_passive = with >= 2
        && tokens[with - 2].is_any(&["is", "are", "be"])
        && tokens[with - 1].is_verb_of(&["create", "register", "record", "store", "save", "add"]);
    let up =
        tokens[..with].windows(2).position(|pair| pair[0].is_verb_of(&["set"]) && pair[1].is("up"));
    let subject = match up {
        Some(at) => phrase_at(tokens, at + 2).filter(|it| it.end == with)?,
        None if is_passive => phrases(&tokens[..with - 2]).pop()?,
        None => return None,
    };
    named(&subject, properties(behind(text, tokens, with + 1), 2)?)
}

/// "Users submit a report providing a title and a date".
fn providing(text: &str, tokens: &[Token]) -> Option<Named> {
    let at = tokens.iter().position(|it| {
        it.is_any(&[
            "providing",
            "specifying",
            "entering",
            "stating",
            "giving",
            "setting",
            "selecting",
            "choosing",
            "defining",
        ])
    })?;
    // "Create a drive for a company, setting a date and a role": what is made has them.
    let is_apart = tokens.get(at.wrapping_sub(1)).is_some_and(|it| it.is(","));
    let makes = |it: &Token| {
        it.tag == Tag::Verb
            && (it.is_verb_of(lexicon::MANAGE) || it.is_verb_of(&["report", "file", "send"]))
    };
    let object = if is_apart {
        let verb = tokens[..at].iter().position(makes)?;
        phrase_at(tokens, verb + 1).filter(|it| it.end < at && !tokens[it.end].is("as"))?
    } else {
        phrases(&tokens[..at]).pop().filter(|it| it.end == at)?
    };
    let verb = tokens.get(object.start.checked_sub(1)?)?;
    let is_made = verb.is_verb_of(lexicon::MANAGE) || verb.is_verb_of(&["report", "file", "send"]);
    let is_own =
        tokens.get(at + 1).is_some_and(|it| it.is_any(&["their", "his", "her", "your", "my"]));
    (is_made && !is_own)
        .then(|| named(&object, properties(behind(text, tokens, at + 1), 1)?))
        .flatten()
}

/// "The owner of a stall can update its name and price", "Members can edit the name and price of their stalls".
fn its_own(text: &str, tokens: &[Token]) -> Option<Named> {
    let verb =
        tokens.iter().position(|it| it.is_verb_of(&["update", "edit", "change", "modify"]))?;
    if tokens.get(verb + 1).is_some_and(|it| it.is("its")) {
        let things = phrases(&tokens[..verb]);
        let of = things.iter().find(|it| it.start > 0 && tokens[it.start - 1].is("of"))?;
        return named(of, properties(behind(text, tokens, verb + 2), 2)?);
    }
    let of = (verb + 2..tokens.len()).find(|&at| {
        tokens[at].is("of")
            && tokens
                .get(at + 1)
                .is_some_and(|it| it.is_any(&["their", "each", "his", "her", "any"]))
    })?;
    let thing = phrase_at(tokens, of + 2)?;
    let inside = text.get(tokens[verb + 1].range.start..tokens[of - 1].range.end)?;
    named(&thing, properties(inside, 2)?)
}

/// "record metadata (source, date, size) for each parcel".
fn bracketed(text: &str, tokens: &[Token]) -> Option<Named> {
    let open = tokens.iter().position(|it| it.is("("))?;
    let close = open + tokens[open..].iter().position(|it| it.is(")"))?;
    let link = tokens.get(close + 1).filter(|it| it.is_any(&["for", "of", "per"]))?;
    let is_each =
        link.is("per") || tokens.get(close + 2).is_some_and(|it| it.is_any(&["each", "every"]));
    let keeps = tokens[..open].iter().any(|it| it.tag == Tag::Verb && it.is_verb_of(lexicon::KEEP));
    let thing = phrase_at(tokens, close + 2).filter(|_| is_each && keeps)?;
    let inside = text.get(tokens[open].range.end..tokens[close].range.start)?;
    named(&thing, properties(inside, 1)?)
}

/// "The following data of a stall is stored: name, size", "The user enters the details of the stall: name, size".
fn following(text: &str, tokens: &[Token]) -> Option<Named> {
    let colon = tokens.iter().position(|it| it.is(":"))?;
    let word = tokens[..colon].iter().position(|it| {
        it.is_any(&["data", "details", "information", "fields", "attributes", "properties"])
    })?;
    tokens.get(word + 1).filter(|it| it.is_any(&["of", "for", "about"]))?;
    let thing = phrase_at(&tokens[..colon], word + 2)?;
    let rest = &tokens[thing.end..colon];
    let passes =
        rest.iter().all(|it| matches!(it.tag, Tag::Auxiliary | Tag::Modal) || it.is_any(GIVEN));
    passes.then(|| named(&thing, properties(behind(text, tokens, colon + 1), 1)?)).flatten()
}

fn named(thing: &Phrase, fields: Vec<FieldFact>) -> Option<Named> {
    let owner = core(&thing.noun);
    let is_thing = !is_attribute(owner.rsplit(' ').next().unwrap_or_default())
        || fields.len() >= 3 && !owner.contains(' ');
    (is_thing && !is_generic(owner)).then(|| Named { owner: Some(owner.to_owned()), fields })
}

/// The parts of a list that may be properties, where at least so many, and half of them, sound like some.
fn properties(text: &str, least: usize) -> Option<Vec<FieldFact>> {
    let text = text.trim();
    let text =
        ["its ", "their ", "the "].iter().find_map(|lead| text.strip_prefix(lead)).unwrap_or(text);
    let parts: Vec<Part> = parts(text);
    let sure = parts.iter().filter(|part| part.is_property).count();
    let is_list = parts.len() >= 2 && sure >= least && sure * 2 >= parts.len();
    is_list.then(|| parts.into_iter().map(|part| part.field).collect())
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
    fn what_must_be_given_and_is_kept() {
        for (text, said) in [
            ("A stall requires a name, a size and a price.", "stall: name; size; price"),
            (
                "Report requires title + reason + description (≥20 chars).",
                "Report: title; reason; description",
            ),
            ("A stall must state its name, size and price.", "stall: name; size; price"),
            ("To register a stall, at least the name and size must be given.", "stall: name; size"),
            (
                "To create a stall, the user must provide name, size and price.",
                "stall: name; size; price",
            ),
            ("Name, size and price are recorded for each stall.", "stall: Name; size; price"),
            ("A stall is created with a name, a size and a price.", "stall: name; size; price"),
            ("Members set up a stall with name, size and price.", "stall: name; size; price"),
            (
                "Users submit a claim providing title, date and amount.",
                "claim: title; date; amount",
            ),
            ("The owner of a stall can update its name and price.", "stall: name; price"),
            ("Members can edit the name and price of their stalls.", "stalls: name; price"),
            (
                "The system SHALL record metadata (source, size, date) for each Parcel.",
                "Parcel: source; size; date",
            ),
            ("The following data of a stall is stored: name, size.", "stall: name; size"),
        ] {
            assert_eq!(found(text), said, "{text}");
        }
    }

    #[test]
    fn what_gives_nothing_to_a_thing() {
        for text in [
            "The system requires a browser and a network.",
            "Checkout requires a login and a basket.",
            "Users must specify a name and a phone number.",
            "To register an account, a visitor must provide a name and an email.",
            "Members can register by providing their name and email.",
            "Errors are recorded for each run.",
            "The page is created with React and Vite.",
        ] {
            assert_eq!(found(text), "", "{text}");
        }
    }
}
