//! Steps between states that no list names: "approve or reject a complaint that is in Pending status", "close a
//! `resolved` ticket", "approval changes Pending to Approved". First all sentences tell which words are states of
//! what, by the places where only a state stands; then what changes one row from one into another.

use std::collections::BTreeSet;

use underpin_base::Span;

use super::clause::Clause;
use super::noun::phrase_at;
use super::possession::teller;
use super::resolve;
use super::state_tells::{self, Births, Told};
use super::state_words::{
    States, is_status, listed, may_name_state, moved, note, object, spoken_of, state_at,
};
use super::tag::{Tag, Token};
use crate::Fact;
use crate::document::Document;
use crate::notation::Output;
use crate::notation::state_chain::chain;
use crate::participle::participle;
use crate::words::{code_spans, fold};

/// Why such steps alone are no life cycle.
const REASON: &str = "a sentence tells of this step";

/// Verbs that leave a row in the state that their participle names.
pub(super) const CHANGES: &[&str] = &[
    "accept",
    "activate",
    "approve",
    "archive",
    "assign",
    "cancel",
    "close",
    "complete",
    "confirm",
    "deactivate",
    "decline",
    "deliver",
    "fulfil",
    "fulfill",
    "pay",
    "publish",
    "receive",
    "refund",
    "reject",
    "resolve",
    "ship",
    "submit",
    "suspend",
    "verify",
];

/// So many sentences before one may say what it is about.
const NEAR: usize = 6;

/// A step, and where the sentence stands that tells of it.
type Step = (Span, String, String, String);

/// States what the sentences tell of steps. Entities whose steps a more exact notation has are left alone.
pub(super) fn read(document: &Document<'_>, clauses: &[Clause], out: &mut Output) {
    let mut states = States::default();
    for (at, clause) in clauses.iter().enumerate().filter(|(_, clause)| may_name_state(clause)) {
        // What the sentences before in the same section spoke of.
        let before = clauses[at.saturating_sub(NEAR)..at].iter().rev();
        let mut near = before.take_while(|it| it.section == clause.section);
        let last = near.find_map(|it| spoken_of(it, it.tokens.len(), None, out));
        note(clause, last.as_deref(), &mut states, out);
    }
    let words = states.words();
    let tells = |clause: &&Clause| {
        !clause.denies
            && (may_name_state(clause) || clause.tokens.iter().any(|it| words.contains(&*it.lower)))
    };
    let mut steps: Vec<Step> = Vec::new();
    for clause in clauses.iter().filter(tells) {
        let span = document.span(clause.range.clone());
        for (entity, from, to) in told(clause, &states, out) {
            steps.push((span, entity, from, to));
        }
    }
    steps.extend(conditions(document, clauses, &states, out));
    let mut births = Births::default();
    let outright: Vec<(&Clause, Vec<Told>)> = clauses
        .iter()
        .map(|clause| (clause, state_tells::find(clause, document, &mut births, out)))
        .collect();
    for (clause, found) in outright {
        let onward = state_tells::onward(&clause.tokens, &births, out);
        let span = document.span(clause.range.clone());
        steps.extend(
            found.into_iter().chain(onward).map(|(entity, from, to)| (span, entity, from, to)),
        );
    }
    let described = drawn_elsewhere(out);
    let mut known: BTreeSet<(String, String, String)> = told_before(out);
    for (span, entity, from, to) in steps {
        let is_new = known.insert((entity.clone(), fold(&from), fold(&to)));
        if !is_new || fold(&from) == fold(&to) || described.contains(&fold(&entity)) {
            continue;
        }
        let field = ["status", "state"].into_iter().find_map(|name| out.field(&entity, name));
        let field = field.map(str::to_owned);
        out.infer_beside(span, Fact::Transition { entity, field, from, to, on: None }, REASON);
    }
}

/// The steps that other patterns have read.
fn told_before(out: &Output) -> BTreeSet<(String, String, String)> {
    let steps = out.stated().filter_map(|statement| match &statement.fact {
        Fact::Transition { entity, from, to, .. } => Some((entity.clone(), fold(from), fold(to))),
        _ => None,
    });
    steps.collect()
}

/// The folded names of entities whose steps a list, a table or a diagram has.
fn drawn_elsewhere(out: &Output) -> BTreeSet<String> {
    let exact = out.stated().filter(|statement| !statement.notation.starts_with("prose-"));
    let entities = exact.filter_map(|statement| {
        let Fact::Transition { entity, .. } = &statement.fact else { return None };
        Some(fold(entity))
    });
    entities.collect()
}

/// The steps of which one sentence tells: entity, from, to.
fn told(clause: &Clause, states: &States, out: &Output) -> Vec<(String, String, String)> {
    let tokens = &clause.tokens;
    let mut found = drawn(clause, states);
    if tokens.iter().any(|it| it.is_any(&["not", "never", "cannot", "can't", "no"])) {
        return found;
    }
    let mut at = 0;
    while at < tokens.len() {
        let (verbs, end) = changing(tokens, at);
        if verbs.is_empty() {
            found.extend(moved(clause, at, states, out));
            found.extend(updated(tokens, at, states, out));
        }
        let is_led = at > 0 && (tokens[at - 1].tag == Tag::Modal || tokens[at - 1].is("to"));
        let is_verb = !verbs.is_empty() || is_led || tokens[at].tag == Tag::Verb;
        at = end.max(at + 1);
        let object = object(tokens, at, states, out).filter(|it| is_verb && !it.from.is_empty());
        let Some(object) = object else { continue };
        let set = target(&tokens[object.end..]);
        for from in &object.from {
            let named = verbs.iter().map(|verb| done(verb, from, &object.entity, states));
            let all: Vec<String> = set.clone().map_or_else(|| named.collect(), |set| vec![set]);
            found.extend(all.into_iter().map(|to| (object.entity.clone(), from.clone(), to)));
        }
    }
    found
}

/// "Update the status of a complaint assigned to them (e.g. mark as In Progress or Resolved)".
fn updated(
    tokens: &[Token],
    at: usize,
    states: &States,
    out: &Output,
) -> Vec<(String, String, String)> {
    let is_update = tokens[at].is_verb_of(&["update", "change", "set"]);
    let of = (at + 1..tokens.len().min(at + 4)).find(|&it| tokens[it].is("of"));
    let Some(of) = of.filter(|&of| is_update && is_status(Some(&tokens[of - 1]))) else {
        return Vec::new();
    };
    let Some(object) = object(tokens, of + 1, states, out) else { return Vec::new() };
    let marked = (object.end..tokens.len())
        .find(|&it| tokens[it].is_any(&["as", "to"]) && listed(tokens, it + 1).is_some());
    let Some((to, _)) = marked.and_then(|it| listed(tokens, it + 1)) else { return Vec::new() };
    let pairs =
        object.from.iter().flat_map(|from| to.iter().map(move |to| (from.clone(), to.clone())));
    pairs.map(|(from, to)| (object.entity.clone(), from, to)).collect()
}

/// A chain of verbs that change states, "approve or reject", and where it ends.
fn changing(tokens: &[Token], from: usize) -> (Vec<&'static str>, usize) {
    let mut verbs = Vec::new();
    let mut at = from;
    while let Some(token) = tokens.get(at) {
        let base = CHANGES.iter().find(|verb| {
            token.is_verb_of(&[**verb]) && !token.lower.ends_with("ed") && !token.is("paid")
        });
        match base {
            Some(verb) => verbs.push(*verb),
            None if !verbs.is_empty() && token.is_any(&["or", "and", ",", "/"]) => {
                let next = tokens
                    .get(at + 1)
                    .is_some_and(|it| it.is_verb_of(CHANGES) || it.is_any(&["or", "and"]));
                if !next {
                    break;
                }
            }
            None => break,
        }
        at += 1;
    }
    (verbs, at)
}

/// The state that words set: "setting its status to `approved`", "and marks it Received".
fn target(tokens: &[Token]) -> Option<String> {
    let verb = tokens.iter().position(|it| {
        it.is_verb_of(&["set", "mark", "change", "move", "transition"]) || it.is("setting")
    })?;
    let led = tokens[verb + 1..].iter().take_while(|it| {
        it.is_any(&[
            "it", "them", "its", "their", "the", "status", "state", "to", "as", "=", "request",
        ])
    });
    state_at(tokens, verb + 1 + led.count()).map(|(state, _)| state)
}

/// The state in which a verb leaves a row, written as its other states are.
fn done(verb: &str, from: &str, entity: &str, states: &States) -> String {
    let done = participle(verb);
    if let Some(known) = states.get(entity, &done) {
        return known.to_owned();
    }
    if from.chars().all(|c| !c.is_lowercase()) {
        done.to_uppercase()
    } else if from.starts_with(char::is_uppercase) {
        let mut letters = done.chars();
        letters.next().map_or_else(String::new, |it| it.to_uppercase().chain(letters).collect())
    } else {
        done
    }
}

/// "Allow `Pending -> Approved` and `Approved -> Received`", where one thing has these states.
fn drawn(clause: &Clause, states: &States) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for chain in code_spans(&clause.text).into_iter().filter_map(chain) {
        let names = chain.states();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let Some(entity) = states.owner(&names) else { continue };
        let pairs =
            chain.pairs().map(|(from, to)| (entity.to_owned(), from.to_owned(), to.to_owned()));
        found.extend(pairs);
    }
    found
}

/// Under a story that says what is done ("I want to cancel a ticket"), the criterion that says from where: "Only
/// allowed from `New` or `Assigned` status".
fn conditions(
    document: &Document<'_>,
    clauses: &[Clause],
    states: &States,
    out: &Output,
) -> Vec<Step> {
    let mut found = Vec::new();
    let mut wanted: Option<(Option<usize>, String, String)> = None;
    for clause in clauses {
        let tokens = &clause.tokens;
        if wanted.as_ref().is_some_and(|(section, ..)| *section != clause.section) {
            wanted = None;
        }
        if teller(tokens).is_some() {
            wanted = story(clause, states, out).map(|(entity, to)| (clause.section, entity, to));
            continue;
        }
        let Some((_, entity, to)) = &wanted else { continue };
        let is_only = tokens.iter().any(|it| it.is("only"));
        let Some(from) = tokens.iter().position(|it| it.is("from")).filter(|_| is_only) else {
            continue;
        };
        let Some((froms, _)) = listed(tokens, from + 1) else { continue };
        let span = document.span(clause.range.clone());
        found.extend(froms.into_iter().map(|from| (span, entity.clone(), from, to.clone())));
    }
    found
}

/// What a story changes, and into which state.
fn story(clause: &Clause, states: &States, out: &Output) -> Option<(String, String)> {
    let tokens = &clause.tokens;
    (0..tokens.len()).find_map(|at| {
        if tokens[at].is_verb_of(&["mark", "move", "set"]) {
            let phrase = phrase_at(tokens, at + 1)?;
            let is_led = tokens.get(phrase.end).is_some_and(|it| it.is_any(&["as", "to"]));
            let (to, _) = state_at(tokens, phrase.end + 1).filter(|_| is_led)?;
            return Some((resolve(&phrase.noun, out)?, to));
        }
        let (verbs, end) = changing(tokens, at);
        let [verb] = verbs[..] else { return None };
        let object = object(tokens, end, states, out)?;
        let to = states.get(&object.entity, &participle(verb))?.to_owned();
        Some((object.entity, to))
    })
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn steps_that_sentences_tell_of() {
        check(
            "# Ferry desk\n\n- Members submit claims and withdraw claims.\n- A clerk can approve or reject a claim that is in Pending status.\n- A clerk can assign an Approved claim to a diver.\n- The clerk closes a claim that has been marked as Settled.\n- A clerk can file a `Settled` claim, setting its status to `Filed`.\n",
            &expect![[r#"
                4 prose-lifecycle  transition Claim: Pending -> Approved [inferred: a sentence tells of this step]
                4 prose-lifecycle  transition Claim: Pending -> Rejected [inferred: a sentence tells of this step]
                5 prose-entities  entity Claim
                5 prose-entities  entity Diver
                5 prose-lifecycle  transition Claim: Approved -> Assigned [inferred: a sentence tells of this step]
                5 prose-cardinality  relationship Diver 1:N Claim
                6 prose-lifecycle  transition Claim: Settled -> Closed [inferred: a sentence tells of this step]
                7 prose-lifecycle  transition Claim: Settled -> Filed [inferred: a sentence tells of this step]
            "#]],
        );
        check(
            "# Ferry desk\n\n- Members create tickets and delete tickets.\n- Approval changes the ticket from Pending to Approved.\n- Allow `Pending -> Approved`, `Pending -> Rejected` and `Approved -> Used` only.\n",
            &expect![[r#"
                3 prose-entities  entity Ticket
                3 prose-entities  entity Member
                3 prose-possession  relationship Member 1:N Ticket [inferred: the sentence calls them its own]
                4 prose-values  transition Ticket: Pending -> Approved
                5 prose-lifecycle  transition Ticket: Pending -> Rejected [inferred: a sentence tells of this step]
                5 prose-lifecycle  transition Ticket: Approved -> Used [inferred: a sentence tells of this step]
            "#]],
        );
    }

    #[test]
    fn criteria_of_a_story_say_from_where() {
        check(
            "# Ferry desk\n\n## Cancel a ticket\n\nAs a member, I want to cancel a ticket that I do not need.\n\n- Only allowed from `New` or `Sent` status\n- The ticket status becomes `Cancelled`\n",
            &expect![[r#"
                3 prose-entities  entity Ticket
                5 prose-rule-sentence  rule *: As a member, I want to cancel a ticket that I do not need [inferred: its words bind, and it is a rule where fields give it a meaning]
                7 prose-lifecycle  transition Ticket: New -> Cancelled [inferred: a sentence tells of this step]
                7 prose-lifecycle  transition Ticket: Sent -> Cancelled [inferred: a sentence tells of this step]
            "#]],
        );
    }

    #[test]
    fn what_is_no_state() {
        check(
            "# Ferry desk\n\n- Members create tickets and delete tickets.\n- A clerk can assign a Premium ticket to a member.\n- A clerk can close the Ticket Office.\n- Do not approve a Pending ticket.\n",
            &expect![[r#"
                3 prose-entities  entity Ticket
                4 prose-entities  entity Member
                4 prose-cardinality  relationship Member 1:N Ticket
                5 prose-entities  candidate Ticket Office -- A clerk can close the Ticket Office.
                6 prose-rule-sentence  rule *: Do not approve a Pending ticket [inferred: its words bind, and it is a rule where fields give it a meaning]
            "#]],
        );
    }
}
