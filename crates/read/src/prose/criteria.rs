//! Acceptance criteria and rules about single fields of what their section is about: under "Register a company", "The company
//! name is required", "Phone number is mandatory", "Capacity should be over 0".

use super::clause::Clause;
use super::inline_fields::{Basis, Named, meant, state};
use super::noun::{Phrase, is_attribute, phrase_at};
use super::tag::{Tag, Token};
use crate::FieldFact;
use crate::document::Document;
use crate::notation::Output;

/// What is said of a field behind "is" and "must be".
const PRESENT: &[&str] = &[
    "required",
    "mandatory",
    "provided",
    "entered",
    "given",
    "specified",
    "filled",
    "registered",
    "recorded",
    "captured",
    "stored",
    "supplied",
    "present",
];

/// What is said of its value.
const VALUED: &[&str] = &[
    "optional",
    "unique",
    "positive",
    "negative",
    "empty",
    "blank",
    "null",
    "numeric",
    "valid",
    "over",
    "above",
    "below",
    "under",
    "at",
    "greater",
    "less",
    "later",
    "earlier",
    "between",
    "after",
    "before",
    "non-negative",
];

/// Words for several fields, for what a user is or sees, and for keys, of which the words do not say whether they refer to
/// another thing.
const GATHERED: &[&str] = &[
    "id",
    "identifier",
    "value",
    "values",
    "information",
    "info",
    "details",
    "data",
    "content",
    "message",
    "messages",
    "role",
    "level",
    "key",
    "token",
    "version",
    "link",
    "format",
    "language",
];

/// The fields that a criterion is about.
pub(super) fn find(clause: &Clause) -> Option<Named> {
    let tokens = &clause.tokens;
    let (subjects, end) = subjects(tokens)?;
    let (said, is_bound) = said(tokens, end)?;
    let word = &tokens[said];
    // "Passwords must be stored encrypted" and "a role is required to enter" say something else.
    let next = tokens.get(said + 1);
    let goes_on = next.is_some_and(|it| {
        it.tag != Tag::Punctuation && !it.is_any(&["when", "if", "and", "unless", "by"])
    });
    if word.is_any(PRESENT) && goes_on {
        return None;
    }
    let denied = tokens[end..said].iter().any(|it| it.is_any(&["not", "cannot", "can't", "never"]));
    if !word.is_any(PRESENT)
        && !(word.is_any(VALUED) && (is_bound || word.is_any(&["optional", "unique"])))
    {
        return None;
    }
    let required = match word.lower.as_str() {
        "optional" => Some(false),
        "empty" | "blank" | "null" => Some(
            !tokens[end..said].iter().all(|it| !it.is_any(&["not", "cannot", "can't", "never"])),
        ),
        _ if word.is_any(PRESENT) => Some(!denied),
        _ => None,
    };
    let is_unique = word.is("unique") && !denied;
    // "may be empty when" depends on something else.
    let is_free = tokens[said..].iter().any(|it| it.is_any(&["when", "if", "unless"]));
    let fields = subjects.into_iter().map(|name| FieldFact {
        name,
        required: required.filter(|_| !is_free),
        unique: is_unique.then_some(true),
        ..FieldFact::default()
    });
    Some(Named { owner: None, fields: fields.collect() })
}

/// The properties that a sentence begins with, and where they end.
fn subjects(tokens: &[Token]) -> Option<(Vec<String>, usize)> {
    let mut names = Vec::new();
    let mut at = 0;
    loop {
        let phrase = phrase_at(tokens, at).or_else(|| begun(tokens, at))?;
        let last = phrase.noun.rsplit(' ').next().unwrap_or_default().to_lowercase();
        if !is_attribute(&last) || GATHERED.contains(&&*last) || phrase.noun.split(' ').count() > 3
        {
            return None;
        }
        names.push(whole(tokens, &phrase));
        at = super::noun::skip_brackets(tokens, phrase.end);
        let joint = tokens[at..].iter().take(2).take_while(|it| it.is(",") || it.is("and")).count();
        if joint == 0 {
            return Some((names, at));
        }
        at += joint;
    }
}

/// "Contact name": a verb elsewhere, and a noun where it begins what a sentence is about.
fn begun(tokens: &[Token], at: usize) -> Option<Phrase> {
    let first = tokens.get(at).filter(|it| it.tag == Tag::Verb)?;
    let rest = phrase_at(tokens, at + 1)
        .filter(|it| tokens[at + 1..it.end].iter().all(|it| it.tag == Tag::Noun))?;
    Some(Phrase { start: at, noun: format!("{} {}", first.text, rest.noun), ..rest })
}

/// The name of a field with the adjectives that belong to it: "external identification".
fn whole(tokens: &[Token], phrase: &Phrase) -> String {
    let words = tokens[phrase.start..phrase.end]
        .iter()
        .filter(|it| it.tag != Tag::Determiner && it.tag != Tag::Many);
    words.map(|it| it.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// Where what is said of the subject stands, behind "is", "must be" or "cannot be"; and whether a modal leads it.
fn said(tokens: &[Token], end: usize) -> Option<(usize, bool)> {
    let rest = tokens.get(end..)?;
    let led = rest
        .iter()
        .take_while(|it| {
            it.tag == Tag::Modal
                || it.tag == Tag::Adverb
                || it.is_any(&[
                    "is", "are", "be", "not", "has", "have", "to", "needs", "need", "always",
                ])
        })
        .count();
    let is_bound =
        rest[..led].iter().any(|it| it.tag == Tag::Modal || it.is_any(&["needs", "need", "to"]));
    let has_be = rest[..led].iter().any(|it| it.is_any(&["is", "are", "be"]));
    (has_be && end + led < tokens.len()).then_some((end + led, is_bound))
}

/// The fields of the thing that a section is about, without its name before theirs: "contact name" under "Register a
/// contact" is its name. Those that begin with the name of another thing are stated of that.
pub(super) fn own_fields(
    document: &Document<'_>,
    clause: &Clause,
    owner: &str,
    fields: Vec<FieldFact>,
    out: &mut Output,
) -> Vec<FieldFact> {
    let mut own = Vec::with_capacity(fields.len());
    for mut field in fields {
        let parts =
            field.name.split_once(' ').map(|(thing, name)| (thing.to_owned(), name.to_owned()));
        let thing = parts.as_ref().and_then(|(thing, _)| meant(thing, out));
        match (thing, parts) {
            (Some(thing), Some((_, name))) if !is_key_word(&name) => {
                field.name = name;
                if thing == owner {
                    own.push(field);
                } else {
                    state(document, clause, &thing, vec![field], Basis::Used, out);
                }
            }
            _ => own.push(field),
        }
    }
    own
}

fn is_key_word(name: &str) -> bool {
    matches!(name.to_lowercase().as_str(), "id" | "code" | "number" | "name")
}
