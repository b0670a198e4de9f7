//! Rows that share something and must not last at the same time: "Rooms may not be double-booked", "A doctor can only
//! attend one appointment at a time", "Two appointments of one doctor must never overlap".

use super::super::Meaning;
use super::super::clause::{Clause, Only, Voice, root};
use super::scope::{Scope, Want, bare};
use crate::spans::spans;
use crate::{Expression, FieldId, FieldKind};

/// What says of two things that they happen together.
const TOGETHER: &[&str] = &[
    "at the same time",
    "at once",
    "at a time",
    "simultaneously",
    "for the same days",
    "on the same days",
    "for the same time",
    "for the same period",
    "in the same period",
    "at the same moment",
    "for overlapping times",
];

pub(super) fn meaning(scope: &Scope<'_>, clause: &Clause) -> Option<Meaning> {
    (clause.conditions.is_empty() && clause.only != Some(Only::Subject)).then_some(())?;
    let shared = overlapping(scope, clause)
        .or_else(|| double_booked(scope, clause))
        .or_else(|| one_at_a_time(scope, clause))
        .or_else(|| two_together(scope, clause))?;
    let times = |kind: &FieldKind| matches!(kind, FieldKind::Date | FieldKind::Timestamp);
    let spans = spans(scope.model, scope.entity, times);
    let [(from, to)] = spans.as_slice() else { return None };
    let apart = Expression::Apart { from: *from, to: *to, same: vec![shared], condition: None };
    Some(Meaning::Expression(apart))
}

/// What rows share: a reference, or a value.
fn shared(scope: &Scope<'_>, phrase: &str) -> Option<FieldId> {
    let phrase =
        ["same ", "one "].iter().fold(bare(phrase), |it, word| it.strip_prefix(word).unwrap_or(it));
    scope.reference_to(phrase).or_else(|| scope.field_of(phrase, Want::Any))
}

/// "Two appointments of one doctor" as the rows and what they share.
fn rows_sharing(scope: &Scope<'_>, phrase: &str) -> Option<FieldId> {
    let phrase = phrase.trim_start_matches("no ").trim_start_matches("any ");
    let phrase = phrase.trim_start_matches("two ");
    [" of ", " for ", " in ", " at ", " with ", " by ", " on "].iter().find_map(|between| {
        let (rows, of) = phrase.split_once(between)?;
        scope.rows(rows)?.is_none().then(|| shared(scope, of))?
    })
}

/// "… must never overlap", "… must not have two contracts that overlap".
fn overlapping(scope: &Scope<'_>, clause: &Clause) -> Option<FieldId> {
    let denied = clause.negated || clause.subject.starts_with("no two ");
    denied.then_some(())?;
    if root(&clause.verb) == "overlap" {
        matches!(clause.object.as_str(), "" | "in time" | "each other" | "one another")
            .then_some(())?;
        return rows_sharing(scope, &clause.subject);
    }
    let object = clause.object.strip_suffix(" that overlap").or_else(|| {
        clause
            .object
            .strip_suffix(" which overlap")
            .or_else(|| clause.object.strip_suffix(" overlapping each other"))
    })?;
    let rows = object.trim_start_matches("any ").trim_start_matches("two ");
    scope.rows(rows)?.is_none().then(|| shared(scope, &clause.subject))?
}

/// "Rooms may not be double-booked".
fn double_booked(scope: &Scope<'_>, clause: &Clause) -> Option<FieldId> {
    (clause.negated && clause.voice == Voice::Passive).then_some(())?;
    let doubled = matches!(clause.verb.as_str(), "double-booked" | "overbooked")
        && clause.object.is_empty()
        || TOGETHER.iter().any(|it| clause.object.strip_prefix("twice ") == Some(it));
    doubled.then(|| shared(scope, &singular(&clause.subject)))?
}

fn singular(phrase: &str) -> String {
    crate::names::singular_words(bare(phrase))
}

/// "A doctor can only attend one appointment at a time".
fn one_at_a_time(scope: &Scope<'_>, clause: &Clause) -> Option<FieldId> {
    let object = TOGETHER.iter().find_map(|it| clause.object.strip_suffix(it))?.trim();
    let only = clause.only == Some(Only::Verb) && !clause.negated;
    let rows = ["only one ", "at most one ", "no more than one ", "one "].iter().find_map(|it| {
        // "attend one" alone is no limit.
        object.strip_prefix(it).filter(|_| only || *it != "one ")
    });
    let many = || {
        let rows = ["more than one ", "two ", "several ", "multiple "].iter().find_map(|it| {
            let at = object.find(it)?;
            let front = object[..at].trim();
            matches!(front, "" | "in" | "at" | "on").then(|| &object[at + it.len()..])
        });
        rows.filter(|_| clause.negated)
    };
    let rows = rows.filter(|_| !clause.negated).or_else(many)?;
    scope.rows(rows)?.is_none().then(|| shared(scope, &clause.subject))?
}

/// "No room is used by two appointments at the same time", "A tool cannot be reserved by two members for the same days".
fn two_together(scope: &Scope<'_>, clause: &Clause) -> Option<FieldId> {
    (clause.negated && TOGETHER.iter().any(|it| clause.object.ends_with(it))).then_some(())?;
    if clause.voice == Voice::Passive {
        // Who does it twice does not matter: the same one may not either.
        clause.object.starts_with("by two ").then_some(())?;
        let by = clause.object.strip_prefix("by two ")?;
        let by = TOGETHER.iter().find_map(|it| by.strip_suffix(it))?.trim();
        let is_known = scope.rows(by).is_some() || scope.reference_target(by).is_some();
        return is_known.then(|| shared(scope, &singular(&clause.subject)))?;
    }
    // "two performances … take place in the same hall at the same time"
    let rows = clause.subject.strip_prefix("two ")?;
    scope.rows(rows)?.is_none().then_some(())?;
    let object = TOGETHER.iter().find_map(|it| clause.object.strip_suffix(it))?.trim();
    let place = object.rsplit_once(" the same ").map(|(_, noun)| noun)?;
    shared(scope, place)
}
