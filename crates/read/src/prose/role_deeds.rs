//! What the items under a role say of whoever has it: "View invoices" and "Submit work orders" under "Tenant", or under
//! "Tenants can:", are about the invoices and work orders of a tenant. Of who runs the system for others they say nothing.

use std::collections::BTreeSet;

use super::clause::Clause;
use super::noun::{coordinated, is_generic};
use super::possession::{Pair, relate, runs_the_system};
use super::tag::{Tag, Token};
use crate::document::Document;
use crate::entity_name::strip_numbering;
use crate::notation::Output;
use crate::notation::query_sentence::actor;

/// Verbs by which somebody makes a thing, or works on one that is theirs.
const MAKING: &[&str] = &[
    "submit", "create", "place", "book", "log", "pay", "set", "track", "request", "upload",
    "cancel", "reserve", "earn", "follow", "raise", "renew", "report", "post", "write", "save",
    "return",
];

/// Verbs by which they only look at it.
const LOOKING: &[&str] =
    &["view", "see", "check", "access", "review", "download", "monitor", "receive"];

/// What somebody who looks at one looks at for being theirs; the rooms and products of a house are for everybody.
const THEIRS: &[&str] = &[
    "invoice",
    "payment",
    "lease",
    "order",
    "booking",
    "reservation",
    "appointment",
    "ticket",
    "request",
    "complaint",
    "subscription",
    "prescription",
    "bill",
    "claim",
    "application",
    "submission",
    "loan",
    "grade",
    "attendance",
    "fine",
    "transaction",
    "notification",
    "quote",
    "quotation",
    "contract",
    "receipt",
    "enrollment",
    "medical record",
    "record",
    "statement",
    "shipment",
    "delivery",
    "message",
    "timesheet",
    "payslip",
    "document",
    "goal",
    "progress",
];

/// Words that say so of anything.
const OWN: &[&str] =
    &["own", "their", "his", "her", "my", "assigned", "personal", "past", "previous"];

/// Who the items of a list are about: "tenant" under "Tenant", "Tenants can:" and "**Tenant**:".
fn doer(clause: &Clause, document: &Document<'_>) -> Option<String> {
    let headed = || {
        let title = document.title(clause.section?);
        actor(strip_numbering(title))
    };
    let titled = clause.title.as_deref().and_then(actor);
    let doer = titled.or_else(|| clause.lead.as_deref().and_then(actor)).or_else(headed)?;
    let one = super::noun::singular(&doer.to_lowercase());
    (super::is_person_noun(&one) && !runs_the_system(&one)).then_some(one)
}

/// States what the items say of whoever they are about, where nothing relates the two yet.
pub(super) fn relate_all(
    document: &Document<'_>,
    clauses: &[Clause],
    related: &mut BTreeSet<(String, String)>,
    out: &mut Output,
) {
    for clause in clauses {
        for pair in pairs(clause, document) {
            let (one, many) = (out.known.get(&pair.one), super::resolve(&pair.many, out));
            if let (Some(one), Some(many)) = (one.map(str::to_owned), many)
                && !out.prose.are_exact(&one, &many)
            {
                let span = document.span(clause.range.clone());
                relate(one, many, pair.cardinality, span, related, out);
            }
        }
    }
}

/// What an item says of whoever it is about.
fn pairs(clause: &Clause, document: &Document<'_>) -> Vec<Pair> {
    if !clause.is_item || clause.denies {
        return Vec::new();
    }
    let Some(first) = first_word(clause) else { return Vec::new() };
    let Some(one) = doer(clause, document) else { return Vec::new() };
    let tokens = &clause.tokens;
    let mut found = Vec::new();
    for at in first..tokens.len() {
        let makes = is_verb(tokens, at, first) && tokens[at].is_verb_of(MAKING);
        let looks = is_verb(tokens, at, first) && tokens[at].is_verb_of(LOOKING);
        if !makes && !looks {
            continue;
        }
        // "View and pay invoices": the invoices are the object of both.
        let is_made = makes || chain(tokens, at, first).any(|it| tokens[it].is_verb_of(MAKING));
        for object in coordinated(tokens, at + 1).0 {
            let is_own = tokens[at + 1..object.end].iter().any(|it| it.is_any(OWN));
            let noun = super::evidence::core(&object.noun);
            let last =
                super::noun::singular(&noun.rsplit(' ').next().unwrap_or(noun).to_lowercase());
            let is_theirs = is_own || THEIRS.contains(&last.as_str());
            if !is_generic(noun) && !super::is_person_noun(noun) && (is_made || is_theirs) {
                let many = noun.to_owned();
                found.push(Pair { one: one.clone(), many, cardinality: "1:N" });
            }
        }
    }
    found
}

/// The first word behind the title and what comes before a deed: "Can view", "Ability to".
fn first_word(clause: &Clause) -> Option<usize> {
    let title = clause.title.as_deref().filter(|title| clause.text.starts_with(title));
    let begin = title.map_or(0, str::len);
    let tokens = &clause.tokens;
    let mut at =
        tokens.iter().position(|it| it.range.start >= begin && it.tag != Tag::Punctuation)?;
    while tokens.get(at).is_some_and(|it| it.tag == Tag::Modal) {
        at += 1;
    }
    tokens.get(at).filter(|it| it.is_verb_of(MAKING) || it.is_verb_of(LOOKING)).map(|_| at)
}

/// Whether a word tells what is done: the first, or one that goes on behind "and" or a comma.
fn is_verb(tokens: &[Token], at: usize, first: usize) -> bool {
    at == first || tokens[at].tag == Tag::Verb && !tokens[at].lower.ends_with("ed")
}

/// The verbs before one with the same object.
fn chain(tokens: &[Token], at: usize, first: usize) -> impl Iterator<Item = usize> {
    (first..at).rev().take_while(move |&it| {
        it == first
            || matches!(tokens[it].tag, Tag::Verb | Tag::Conjunction)
            || tokens[it].is_any(&[",", "/"])
    })
}
