//! Steps between states that no list names, in words that only states fill: "Tickets start as open", "a ticket is pending
//! until it is confirmed", "only submitted articles can be approved", "a booking can be cancelled while it is confirmed".

use indexmap::IndexMap;

use super::clause::Clause;
use super::inline_fields::subject;
use super::lexicon;
use super::noun::{Phrase, phrase_at, phrases};
use super::resolve;
use super::state_steps::CHANGES;
use super::state_words::{sound_like_state, sounds_like_state};
use super::tag::Token;
use crate::document::Document;
use crate::notation::Output;
use crate::participle::participle;
use crate::words::fold;

/// A step of an entity: from, to.
pub(super) type Told = (String, String, String);

/// Verbs that lead a row on from the state in which it begins; others end its life, from wherever.
const ONWARD: &[&str] =
    &["publish", "confirm", "approve", "accept", "submit", "activate", "verify"];

/// The states in which rows begin, as the sentences say, by entity.
#[derive(Debug, Default)]
pub(super) struct Births(IndexMap<String, String>);

/// The steps that a sentence tells of; a state in which rows begin is kept.
pub(super) fn find(
    clause: &Clause,
    document: &Document<'_>,
    births: &mut Births,
    out: &Output,
) -> Vec<Told> {
    let tokens = &clause.tokens;
    if clause.denies && !tokens.first().is_some_and(|it| it.is("only")) {
        return Vec::new();
    }
    let mut found = born(clause, document, births, out);
    for at in 0..tokens.len() {
        found.extend(in_state(tokens, at, out));
        found.extend(from_to(clause, at, document, out));
    }
    found.extend(until(tokens, out));
    found.extend(only_while(tokens, out));
    found.extend(once(tokens, out));
    found.retain(|(_, from, to)| fold(from) != fold(to));
    found
}

/// "As an organizer, I want to publish an event", "### Publish an event": a step from the state in which events begin.
pub(super) fn onward(tokens: &[Token], births: &Births, out: &Output) -> Option<Told> {
    let verb = tokens.iter().position(|it| ONWARD.iter().any(|verb| it.is(verb)))?;
    let led = verb == 0 || tokens[verb - 1].is("to");
    let object = phrase_at(tokens, verb + 1).filter(|_| led)?;
    let entity = resolve(&object.noun, out)?;
    let from = births.0.get(&entity)?;
    let done = participle(&tokens[verb].lower);
    let to = like(from, &done);
    (fold(from) != fold(&to)).then(|| (entity, from.clone(), to))
}

/// "Tickets start as open, are then assigned and finally closed or rejected", "Event is created initially as a draft".
fn born(clause: &Clause, document: &Document<'_>, births: &mut Births, out: &Output) -> Vec<Told> {
    let tokens = &clause.tokens;
    let verb = tokens.iter().position(|it| {
        it.is_verb_of(&["start", "begin"])
            || it.is_any(&["created", "initially", "stored", "saved", "registered"])
    });
    let Some(verb) = verb else { return Vec::new() };
    let mut subjects = phrases(&tokens[..verb]);
    subjects.retain(|it| !super::is_person_noun(&it.noun));
    let named = subjects.into_iter().find_map(|it| resolve(&it.noun, out));
    let Some(entity) = named.or_else(|| subject(clause, document, out)) else { return Vec::new() };
    let link = (verb + 1..tokens.len().min(verb + 8)).find(|&at| {
        tokens[at].is_any(&["as", "in", "with", "initially", "is", "are"])
            && state(tokens, at + 1).is_some()
    });
    let Some((first, mut at)) = link.and_then(|at| state(tokens, at + 1)) else {
        return Vec::new();
    };
    births.0.entry(entity.clone()).or_insert_with(|| first.clone());
    // What follows it: "is then assigned, and finally closed or rejected", "and becomes open".
    let mut last = vec![first];
    let mut found = Vec::new();
    while at < tokens.len() {
        let is_next = tokens[at].is_any(&["then", "finally", "becomes", "become", "later"]);
        at += 1;
        if !is_next {
            continue;
        }
        let led = tokens[at..]
            .iter()
            .take_while(|it| {
                it.is_any(&["is", "are", "be", "becomes", "become", "to", "either", "the"])
            })
            .count();
        let (next, end) = states(tokens, at + led);
        if next.is_empty() {
            continue;
        }
        for from in &last {
            found.extend(next.iter().map(|to| (entity.clone(), from.clone(), to.clone())));
        }
        (last, at) = (next, end);
    }
    found
}

/// "Only submitted articles can be approved", "A pending booking may be confirmed or cancelled", "Open tickets become closed".
fn in_state(tokens: &[Token], at: usize, out: &Output) -> Vec<Told> {
    let Some((from, next)) = state(tokens, at) else { return Vec::new() };
    let Some(thing) = phrase_at(tokens, next).filter(|it| it.start == next) else {
        return Vec::new();
    };
    let Some(entity) = entity(&thing, out) else { return Vec::new() };
    let verb = thing.end;
    let becomes = tokens.get(verb).is_some_and(|it| it.is_verb_of(&["become"]));
    let may = tokens.get(verb).is_some_and(|it| it.is_any(&["can", "may", "could"]))
        && tokens.get(verb + 1).is_some_and(|it| it.is("be"));
    let from_verb = match (becomes, may) {
        (true, _) => verb + 1,
        (_, true) => verb + 2,
        (false, false) => return Vec::new(),
    };
    let (to, _) = if becomes { states(tokens, from_verb) } else { done(tokens, from_verb) };
    to.into_iter().map(|to| (entity.clone(), from.clone(), like(&from, &to))).collect()
}

/// "A ticket moves from Open to Assigned to Closed", "the status changes from `open` to `closed`", "progress from open
/// through assigned to closed".
fn from_to(clause: &Clause, at: usize, document: &Document<'_>, out: &Output) -> Vec<Told> {
    let tokens = &clause.tokens;
    if !tokens[at].is("from") {
        return Vec::new();
    }
    let before = &tokens[..at];
    let moves = |it: &Token| {
        it.is_verb_of(&[
            "move",
            "change",
            "transition",
            "progress",
            "go",
            "advance",
            "pass",
            "switch",
        ]) || it.is_any(&["status", "state"])
    };
    let goes_on = at == 0 || tokens[at - 1].is_any(&["and", ","]);
    if !goes_on && !before.iter().any(moves) {
        return Vec::new();
    }
    let Some((first, mut next)) = place(tokens, at + 1) else { return Vec::new() };
    let mut chain = vec![first];
    while let Some(token) = tokens.get(next) {
        let leads = token.is_any(&["to", "through", "into"])
            || chain.len() == 1
                && token.is_any(&["it", "can", "may", "move", "moves", "go", "change"]);
        let Some((state, end)) = leads.then(|| place(tokens, next + 1)).flatten() else {
            if leads {
                next += 1;
                continue;
            }
            break;
        };
        chain.push(state);
        next = end;
    }
    let mut named = phrases(before);
    named.retain(|it| !super::is_person_noun(&it.noun));
    let named = named.into_iter().find_map(|it| entity(&it, out));
    let Some(entity) = named.or_else(|| subject(clause, document, out)) else { return Vec::new() };
    let sure = chain.iter().filter(|it| sounds_like_state(it)).count();
    if chain.len() < 2 || sure * 2 < chain.len() {
        return Vec::new();
    }
    chain.windows(2).map(|pair| (entity.clone(), pair[0].clone(), pair[1].clone())).collect()
}

/// "A ticket is pending until it is confirmed", "stays open until closed".
fn until(tokens: &[Token], out: &Output) -> Option<Told> {
    let until = tokens.iter().position(|it| it.is("until"))?;
    let verb = tokens[..until]
        .iter()
        .position(|it| it.is_any(&["is", "are", "stays", "stay", "remains", "remain"]))?;
    let thing = phrases(&tokens[..verb]).pop()?;
    let entity = entity(&thing, out)?;
    let (from, _) = state(tokens, verb + 1).filter(|(_, end)| *end == until)?;
    let led = tokens[until + 1..]
        .iter()
        .take_while(|it| it.is_any(&["it", "they", "is", "are", "being"]))
        .count();
    let (to, _) = done(tokens, until + 1 + led);
    let to = to.into_iter().next()?;
    Some((entity, from.clone(), like(&from, &to)))
}

/// "A booking can be completed or cancelled only while it is confirmed".
fn only_while(tokens: &[Token], out: &Output) -> Vec<Told> {
    let when = tokens.iter().position(|it| it.is_any(&["while", "when", "if"]));
    let Some(when) = when else { return Vec::new() };
    let can = tokens[..when]
        .windows(2)
        .position(|pair| pair[0].is_any(&["can", "may"]) && pair[1].is_any(&["be", "only"]));
    let Some(can) = can else { return Vec::new() };
    let led = tokens[can + 1..].iter().take_while(|it| it.is_any(&["be", "only"])).count();
    let thing = phrases(&tokens[..can]).pop().and_then(|it| entity(&it, out));
    let Some(entity) = thing else { return Vec::new() };
    let behind = tokens[when + 1..]
        .iter()
        .take_while(|it| {
            it.is_any(&["it", "they", "is", "are", "still", "the", "its", "status", "in"])
        })
        .count();
    let Some((from, _)) = state(tokens, when + 1 + behind) else { return Vec::new() };
    let (to, _) = done(&tokens[..when], can + 1 + led);
    to.into_iter().map(|to| (entity.clone(), from.clone(), like(&from, &to))).collect()
}

/// "Once accepted, a proposal can be paid".
fn once(tokens: &[Token], out: &Output) -> Vec<Told> {
    let Some(first) = tokens.first().filter(|it| it.is_any(&["once", "after"])) else {
        return Vec::new();
    };
    let Some((from, next)) = state(tokens, 1).filter(|_| !first.is_code) else { return Vec::new() };
    let thing =
        phrase_at(tokens, next + 1).filter(|_| tokens[next..].first().is_some_and(|it| it.is(",")));
    let Some((entity, end)) = thing.and_then(|it| Some((entity(&it, out)?, it.end))) else {
        return Vec::new();
    };
    let can = tokens.get(end).is_some_and(|it| it.is_any(&["can", "may"]))
        && tokens.get(end + 1).is_some_and(|it| it.is("be"));
    let to = if can { done(tokens, end + 2).0 } else { Vec::new() };
    to.into_iter().map(|to| (entity.clone(), from.clone(), like(&from, &to))).collect()
}

/// The entity that a phrase names by its whole noun or its last word: of "submitted article" the first may be its state.
fn entity(thing: &Phrase, out: &Output) -> Option<String> {
    let last = || resolve(thing.noun.rsplit(' ').next()?, out);
    resolve(&thing.noun, out).or_else(last).filter(|it| !super::is_person_noun(it))
}

/// A word that sounds like a state, and where it ends: "pending", "`open`", "in progress", "the Under Review status".
fn state(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    let start = at
        + tokens.get(at..)?.iter().take_while(|it| it.is_any(&["a", "an", "the", "only"])).count();
    let first = tokens.get(start)?;
    let second = tokens.get(start + 1).filter(|second| sound_like_state(first, second));
    if second.is_none() && !sounds_like_state(&first.text) || first.is_any(lexicon::CONDITION) {
        return None;
    }
    Some(match second {
        Some(second) => (format!("{} {}", first.text, second.text), start + 2),
        None => (first.text.to_string(), start + 1),
    })
}

/// A state that need not sound like one, since "from" and "to" lead it.
fn place(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    let quoted = tokens.get(at).is_some_and(|it| it.is_any(&["\"", "“", "'"]));
    let at = at + usize::from(quoted);
    let first = tokens.get(at)?;
    let is_name = |it: &Token| it.is_code || it.is_capital();
    if !is_name(first) && !sounds_like_state(&first.text) {
        return state(tokens, at);
    }
    let second =
        tokens.get(at + 1).filter(|it| it.is_capital() && first.is_capital() && !it.is_code);
    let (state, end) = match second {
        Some(second) => (format!("{} {}", first.text, second.text), at + 2),
        None => (first.text.to_string(), at + 1),
    };
    Some((state, end + usize::from(quoted)))
}

/// The states of "closed or rejected".
fn states(tokens: &[Token], at: usize) -> (Vec<String>, usize) {
    let mut found = Vec::new();
    let mut next = at;
    while let Some((state, end)) = state(tokens, next) {
        found.push(state);
        next = end;
        if !tokens.get(next).is_some_and(|it| it.is("or")) {
            break;
        }
        next += 1;
    }
    (found, next)
}

/// The states in which participles leave a row: "approved or rejected".
fn done(tokens: &[Token], at: usize) -> (Vec<String>, usize) {
    let mut found = Vec::new();
    let mut next = at;
    while let Some(token) = tokens.get(next) {
        let is_done = token.lower.ends_with("ed") || token.is("paid") || token.is("sent");
        let is_change = is_done
            && (token.is_verb_of(CHANGES) || token.is_any(&["paid", "cancelled", "canceled"]));
        if !is_change {
            break;
        }
        found.push(token.text.to_string());
        next += 1;
        if !tokens.get(next).is_some_and(|it| it.is_any(&["or", ","])) {
            break;
        }
        next += 1;
        next += usize::from(tokens.get(next).is_some_and(|it| it.is("or")));
    }
    (found, next)
}

/// A state written as another is.
fn like(from: &str, state: &str) -> String {
    let mut letters = state.chars();
    match letters.next() {
        Some(first) if from.starts_with(char::is_uppercase) => {
            first.to_uppercase().chain(letters).collect()
        }
        Some(_) | None => state.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    const FRONT: &str =
        "# Desk\n\n## 2. Tickets\n\nMembers create tickets with a title and a date.\n\n";

    #[test]
    fn what_only_states_fill() {
        check(
            &format!(
                "{FRONT}- A ticket starts as open, is then assigned and finally closed or rejected.\n- Only rejected tickets can be archived.\n- A ticket can be suspended only while it is assigned.\n- Tickets move from Suspended to Assigned.\n"
            ),
            &expect![[r#"
                5 prose-entities  entity Ticket
                5 prose-entities  entity Member
                5 prose-inline-fields  field Ticket.title
                5 prose-inline-fields  field Ticket.date
                5 prose-possession  relationship Member 1:N Ticket [inferred: the sentence calls them its own]
                7 prose-lifecycle  transition Ticket: open -> assigned [inferred: a sentence tells of this step]
                7 prose-lifecycle  transition Ticket: assigned -> closed [inferred: a sentence tells of this step]
                7 prose-lifecycle  transition Ticket: assigned -> rejected [inferred: a sentence tells of this step]
                8 prose-lifecycle  transition Ticket: rejected -> archived [inferred: a sentence tells of this step]
                9 prose-lifecycle  transition Ticket: assigned -> suspended [inferred: a sentence tells of this step]
                10 prose-values  transition Ticket: Suspended -> Assigned
            "#]],
        );
        check(
            &format!(
                "{FRONT}- Event: a ticket is created initially as a draft.\n\n### Publish a ticket\n\nAs an agent, I want to publish a ticket so that members see it.\n"
            ),
            &expect![[r#"
                5 prose-entities  entity Ticket
                5 prose-entities  entity Member
                5 prose-inline-fields  field Ticket.title
                5 prose-inline-fields  field Ticket.date
                5 prose-possession  relationship Member 1:N Ticket [inferred: the sentence calls them its own]
                7 prose-rule-sentence  rule *: Event: a ticket is created initially as a draft [inferred: its words bind, and it is a rule where fields give it a meaning]
                11 prose-lifecycle  transition Ticket: draft -> published [inferred: a sentence tells of this step]
            "#]],
        );
    }

    #[test]
    fn what_tells_of_no_state() {
        check(
            &format!(
                "{FRONT}- Members move from page to page.\n- The server starts as a daemon.\n- Tickets can be exported when needed.\n- A ticket is read until the end.\n- Once logged in, members can be invited.\n"
            ),
            &expect![[r#"
                5 prose-entities  entity Ticket
                5 prose-entities  entity Member
                5 prose-inline-fields  field Ticket.title
                5 prose-inline-fields  field Ticket.date
                5 prose-possession  relationship Member 1:N Ticket [inferred: the sentence calls them its own]
                7 prose-values  transition Member: page -> page
                11 prose-rule-sentence  rule *: Once logged in, members can be invited [inferred: its words bind, and it is a rule where fields give it a meaning]
                8 R015 `The server starts as a daemon.` seems to state something and was not understood
            "#]],
        );
    }
}
