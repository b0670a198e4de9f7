//! Which words are states of what, by the places where only a state stands: "an Approved complaint", "in Pending
//! status", "its status becomes `open`".

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::clause::Clause;
use super::evidence::core;
use super::noun::{entity_name, phrase_at, phrases};
use super::resolve;
use super::tag::Token;
use crate::notation::Output;
use crate::words::{fold, lower_case};

/// Words for states that no ending shows.
const PLAIN: &[&str] = &[
    "new",
    "pending",
    "open",
    "active",
    "inactive",
    "draft",
    "paid",
    "sent",
    "done",
    "inprogress",
    "in_progress",
    "ready",
    "live",
    "sold",
    "unpaid",
    "overdue",
];

/// The same in two words.
const PLAIN_PAIRS: &[(&str, &str)] = &[("in", "progress"), ("on", "hold"), ("under", "review")];

/// The states of each entity, as spelled, in order of mention.
#[derive(Default)]
pub(super) struct States(pub(super) IndexMap<String, Vec<String>>);

impl States {
    /// All of them in small letters.
    pub(super) fn words(&self) -> BTreeSet<String> {
        self.0.values().flatten().map(|state| state.to_lowercase()).collect()
    }

    pub(super) fn add(&mut self, entity: &str, state: &str) {
        let known = self.0.entry(entity.to_owned()).or_default();
        if !known.iter().any(|it| fold(it) == fold(state)) {
            known.push(state.to_owned());
        }
    }

    /// A state of an entity, by its letters.
    pub(super) fn get(&self, entity: &str, state: &str) -> Option<&str> {
        self.0.get(entity)?.iter().find(|it| fold(it) == fold(state)).map(String::as_str)
    }

    /// The one entity that has one of these states.
    pub(super) fn owner(&self, states: &[&str]) -> Option<&str> {
        let has = |entity: &&String| states.iter().any(|state| self.get(entity, state).is_some());
        let mut owners = self.0.keys().filter(has);
        let owner = owners.next()?;
        owners.next().is_none().then_some(owner.as_str())
    }
}

/// What a verb is done to: the entity, the states in which it is, and where the words end.
pub(super) struct Object {
    pub(super) entity: String,
    pub(super) from: Vec<String>,
    pub(super) end: usize,
}

/// Whether any word of a sentence may be a state where it stands; nothing else of it needs to be looked at.
pub(super) fn may_name_state(clause: &Clause) -> bool {
    clause.tokens.iter().enumerate().any(|(at, it)| {
        let is_name = it.is_code || at > 0 && it.is_capital();
        is_status(Some(it))
            || is_name && (it.lower.ends_with("ed") || sounds_like_state(&it.lower))
            || it.is_code && it.text.contains(['>', '→'])
            || it.lower.starts_with("mark") && it.is_verb_of(&["mark"])
    })
}

/// The state that begins at a token: a word in code, or one or two with capital letters inside the sentence.
pub(super) fn state_at(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    let token = tokens.get(at)?;
    let is_word = |token: &Token| token.text.chars().all(|c| c.is_alphabetic() || c == '_');
    if !is_word(token) {
        return None;
    }
    if token.is_code {
        return Some((token.text.to_string(), at + 1));
    }
    if at == 0 || !token.is_capital() {
        return None;
    }
    let second =
        tokens.get(at + 1).filter(|next| next.is_capital() && !next.is_code && is_word(next));
    Some(match second {
        Some(second) => (format!("{} {}", token.text, second.text), at + 2),
        None => (token.text.to_string(), at + 1),
    })
}

/// Whether a word sounds like a state wherever it stands.
pub(crate) fn sounds_like_state(state: &str) -> bool {
    let lower = lower_case(state);
    PLAIN.contains(&&*lower)
        || lower.ends_with("ed") && lower.len() > 4
        || lower.split_once(' ').is_some_and(|pair| PLAIN_PAIRS.contains(&pair))
}

/// Whether two words sound like a state together, and the first alone does not.
pub(super) fn sound_like_state(first: &Token, second: &Token) -> bool {
    let both = (first.lower.as_str(), second.lower.as_str());
    let are_state = PLAIN_PAIRS.contains(&both)
        || second.lower.ends_with("ed") && first.lower.len() + 1 + second.lower.len() > 4;
    are_state && !sounds_like_state(&first.text)
}

/// "Pending", "`New` or `Assigned`", "New, Open or Assigned".
pub(super) fn listed(tokens: &[Token], from: usize) -> Option<(Vec<String>, usize)> {
    let (first, mut end) = state_at(tokens, from)?;
    let mut found = vec![first];
    loop {
        let joint = tokens[end..]
            .iter()
            .take(2)
            .take_while(|it| it.is_any(&[",", "or", "and", "/"]))
            .count();
        match (joint, state_at(tokens, end + joint)) {
            (1.., Some((next, after))) => {
                found.push(next);
                end = after;
            }
            _ => return Some((found, end)),
        }
    }
}

pub(super) fn is_status(token: Option<&Token>) -> bool {
    token.is_some_and(|it| it.is_any(&["status", "state", "stage"]))
}

/// The entity that begins at a token, past its article, with the states in which it is said to be.
pub(super) fn object(
    tokens: &[Token],
    from: usize,
    states: &States,
    out: &Output,
) -> Option<Object> {
    let is_article = |token: &Token| {
        token.is_any(&[
            "a", "an", "the", "any", "each", "every", "my", "their", "its", "his", "her", "all",
        ])
    };
    let start = from + usize::from(tokens.get(from).is_some_and(is_article));
    // "An Approved complaint", "a `pending` or `open` request".
    if let Some((found, end)) = listed(tokens, start)
        && found.iter().all(|state| sounds_like_state(state))
        && let Some((entity, end)) = named(tokens, end, out)
    {
        return Some(Object { entity, from: found, end });
    }
    // "A resolved ticket", where resolved is a state of tickets.
    if let Some(word) = tokens.get(start)
        && let Some(phrase) = phrase_at(tokens, start + 1)
        && let Some(entity) = resolve(&phrase.noun, out)
        && let Some(state) = states.get(&entity, &word.lower)
    {
        return Some(Object { from: vec![state.to_owned()], entity, end: phrase.end });
    }
    let (entity, end) = named(tokens, from, out)?;
    // "A complaint assigned to them", where assigned is a state of complaints.
    let done = tokens.get(end).filter(|it| it.lower.ends_with("ed"));
    if let Some(state) = done.and_then(|it| states.get(&entity, &it.lower)) {
        return Some(Object { from: vec![state.to_owned()], entity, end: end + 1 });
    }
    let (from, end) = condition(tokens, end, &entity, states).unwrap_or((Vec::new(), end));
    Some(Object { entity, from, end })
}

/// The entity that begins at a token, and where its name ends. Of "leave request" the first word may be a verb.
fn named(tokens: &[Token], at: usize, out: &Output) -> Option<(String, usize)> {
    if let Some(phrase) = phrase_at(tokens, at)
        && let Some(entity) = resolve(&phrase.noun, out)
    {
        return Some((entity, phrase.end));
    }
    let pair = tokens.get(at..at + 2)?;
    let name = format!("{} {}", pair[0].text, pair[1].text);
    out.known.get(&entity_name(&name)).map(|entity| (entity.to_owned(), at + 2))
}

/// "That is in Pending status", "which has been marked as Resolved", "in `open` state".
fn condition(
    tokens: &[Token],
    from: usize,
    entity: &str,
    states: &States,
) -> Option<(Vec<String>, usize)> {
    let led = tokens[from..].iter().take_while(|it| {
        it.is_any(&[
            "that",
            "which",
            "who",
            "is",
            "are",
            "has",
            "have",
            "been",
            "in",
            "with",
            "as",
            "the",
            "a",
            "only",
            "still",
            "currently",
            "status",
            "state",
        ]) || it.is_verb_of(&["mark"])
    });
    let at = from + led.count();
    if at == from {
        return None;
    }
    let (found, end) = listed(tokens, at).or_else(|| {
        let state = states.get(entity, &tokens.get(at)?.lower)?;
        Some((vec![state.to_owned()], at + 1))
    })?;
    let is_sure = is_status(tokens.get(end))
        || tokens[from..at].iter().any(|it| it.is("as") || is_status(Some(it)))
        || found
            .iter()
            .all(|state| states.get(entity, state).is_some() || sounds_like_state(state));
    is_sure.then_some((found, end))
}

/// The entity that a sentence speaks of before a token, or that those before it or its section are about.
pub(super) fn spoken_of(
    clause: &Clause,
    at: usize,
    last: Option<&str>,
    out: &Output,
) -> Option<String> {
    let before = phrases(&clause.tokens[..at]).into_iter().rev();
    let mut things = before.filter(|it| !super::is_person_noun(&it.noun));
    let named = things.find_map(|it| resolve(core(&it.noun), out));
    let around = || last.map(str::to_owned);
    named.or_else(around).or_else(|| clause.section.and_then(|section| out.named_by(section)))
}

/// Notes the states that a sentence names where only a state stands.
pub(super) fn note(clause: &Clause, last: Option<&str>, states: &mut States, out: &Output) {
    let tokens = &clause.tokens;
    for at in 0..tokens.len() {
        if let Some(found) = object(tokens, at, states, out) {
            for state in &found.from {
                states.add(&found.entity, state);
            }
        }
        if let Some((entity, from, to)) = moved(clause, at, states, out) {
            states.add(&entity, &from);
            states.add(&entity, &to);
        }
        // "In Pending status", "from `New` or `Assigned` status".
        let Some((found, end)) = listed(tokens, at) else { continue };
        let before = at.checked_sub(1).map(|before| &tokens[before]);
        let is_before = is_status(tokens.get(end))
            && before.is_some_and(|it| {
                it.is_any(&["in", "from", "with", "to", "the", "of", "only", "any"])
            });
        // "Status to Approved", "status is `open`", "mark it as Resolved".
        let is_set = before.is_some_and(|it| it.is_any(&["to", "is", "=", "as", "becomes", ":"]))
            && tokens[at.saturating_sub(4)..at]
                .iter()
                .any(|it| is_status(Some(it)) || it.is_verb_of(&["mark"]) && !it.is("market"));
        if (is_before || is_set)
            && let Some(entity) = spoken_of(clause, at, last, out)
        {
            for state in found {
                states.add(&entity, &state);
            }
        }
    }
}

/// "Changes Pending to Approved", "moves from Draft to Published".
pub(super) fn moved(
    clause: &Clause,
    at: usize,
    states: &States,
    out: &Output,
) -> Option<(String, String, String)> {
    let tokens = &clause.tokens;
    tokens[at].is_verb_of(&["change", "move", "transition", "switch", "go"]).then_some(())?;
    let led = tokens[at + 1..].iter().take(6).take_while(|it| {
        !(it.is_capital() || it.is_code || it.is_any(&["to", ".", ",", "when", "if"]))
    });
    let (from, end) = state_at(tokens, at + 1 + led.count())?;
    tokens.get(end).filter(|it| it.is("to"))?;
    let (to, _) = state_at(tokens, end + 1)?;
    let owner = states.owner(&[&from, &to]).map(str::to_owned);
    let entity = owner.or_else(|| spoken_of(clause, tokens.len(), None, out))?;
    let is_sure = [&from, &to]
        .into_iter()
        .all(|it| states.get(&entity, it).is_some() || sounds_like_state(it));
    is_sure.then_some((entity, from, to))
}
