//! Whose something is, said outright: "a project contains tasks", "every pet has an owner", "pets are registered by an owner".

use super::cardinality::subject_before;
use super::noun::phrase_at;
use super::possession::{Pair, pair, runs_the_system};
use super::tag::{Tag, Token};

/// "a project contains tasks", "orders consist of order items", "users own their boards".
pub(super) fn holding(tokens: &[Token]) -> Vec<Pair> {
    let mut found = Vec::new();
    for at in 1..tokens.len() {
        let verb = &tokens[at];
        let is_has = verb.is_any(&["has", "have"]);
        let is_holding = verb.tag == Tag::Verb
            && verb.is_verb_of(&["contain", "comprise", "own", "consist", "group"]);
        if !is_has && !is_holding {
            continue;
        }
        let Some(subject) = subject_before(tokens, at) else { continue };
        let mut rest = at + 1;
        while tokens.get(rest).is_some_and(|token| token.is("of") || token.tag == Tag::Adverb) {
            rest += 1;
        }
        if tokens.get(rest).is_some_and(|it| it.is_any(&["no", "neither", "none"])) {
            continue;
        }
        let (things, _) = super::noun::coordinated(tokens, rest);
        // Of one thing more than one is said only where the words count; several are a column of rows.
        let several = things.into_iter().filter(|thing| thing.is_plural);
        found.extend(several.map(|thing| pair(&subject.noun, &thing)));
    }
    found
}

/// "Every pet has an owner", "a pet may have one owner": each of the one thing refers to one of the other, which may have
/// several, since nothing says that it has no more.
pub(super) fn having_one(tokens: &[Token]) -> Vec<Pair> {
    let mut found = Vec::new();
    for at in 1..tokens.len() {
        if !tokens[at].is_any(&["has", "have"]) {
            continue;
        }
        let Some(subject) = subject_before(tokens, at) else { continue };
        let is_each = tokens[subject.start..subject.end]
            .iter()
            .any(|it| it.is_any(&["a", "an", "each", "every"]));
        if !is_each || subject.is_plural {
            continue;
        }
        let rest = at
            + 1
            + tokens[at + 1..]
                .iter()
                .take_while(|it| it.is_any(&["exactly", "only", "just", "optionally"]))
                .count();
        let is_one = tokens.get(rest).is_some_and(|it| it.is_any(&["a", "an", "one"]));
        let Some(one) = phrase_at(tokens, rest).filter(|one| is_one && !one.is_plural) else {
            continue;
        };
        // "a pet has an owner and a name" lists what it has; the reference among it is read there.
        let is_alone = tokens[one.end..].iter().take(1).all(|it| {
            it.tag == Tag::Punctuation && !it.is_any(&[",", "("])
                || it.is_any(&["who", "that", "which"])
        });
        let is_person = super::is_person_noun(&one.noun);
        if is_alone && is_person {
            found.push(Pair { one: one.noun, many: subject.noun, cardinality: "1:N" });
        }
    }
    found
}

/// "Pets are registered by an owner", "visits are kept under a pet", "an owner is connected to many pets".
pub(super) fn beside(tokens: &[Token]) -> Vec<Pair> {
    let mut found = Vec::new();
    for at in 1..tokens.len().saturating_sub(2) {
        let is_passive = tokens[at].lower.ends_with("ed")
            && tokens[at - 1].is_any(&["is", "are", "be"])
            && tokens[at + 1].is_any(&["by", "under", "to"]);
        if !is_passive {
            continue;
        }
        let Some(subject) = subject_before(tokens, at) else { continue };
        let Some(object) = phrase_at(tokens, at + 2) else { continue };
        let is_last = tokens[object.end..].iter().all(|it| it.tag == Tag::Punctuation);
        let is_one = tokens[at + 2].is_any(&["a", "an", "one"]) && !object.is_plural;
        if is_last && is_one && subject.is_plural && !runs_the_system(&object.noun) {
            found.push(Pair { one: object.noun, many: subject.noun, cardinality: "1:N" });
        } else if is_last && object.is_many && object.is_plural && tokens[at + 1].is("to") {
            found.push(Pair { one: subject.noun, many: object.noun, cardinality: "1:N" });
        }
    }
    found
}

/// Whether a sentence is short and says nothing but whose something is: "Owners have pets."
pub(super) fn says_outright(tokens: &[Token]) -> bool {
    tokens.len() <= 8
        && (!holding(tokens).is_empty()
            || !having_one(tokens).is_empty()
            || !beside(tokens).is_empty())
}
