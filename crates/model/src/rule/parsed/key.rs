//! What no two rows have in common: "An article's slug may not be used by any other article", "Every tool bears an
//! inventory number of its own", "Each product is stocked only once per warehouse", "Only one article can be featured".

use super::super::Meaning;
use super::super::clause::{Clause, Link, Only, Voice, root, roots};
use super::scope::{Scope, Want, bare};
use crate::{Expression, FieldId};

/// Before what rows share that must differ otherwise.
const SCOPES: &[&str] = &[
    " per ",
    " for each ",
    " for every ",
    " for the same ",
    " for one ",
    " within its ",
    " within the same ",
    " within one ",
    " within each ",
    " within a ",
    " within an ",
    " within the ",
    " within ",
    " under the same ",
    " in the same ",
    " on the same ",
    " in each ",
    " in a ",
    " in an ",
    " on a ",
    " on an ",
    " in the ",
    " among the ",
    " of the same ",
    " for a ",
    " for an ",
    " of a ",
    " of an ",
    " of one ",
];

/// Roots of what is done by adding a row.
const RECORDED: &[&str] = &[
    "sell", "book", "use", "assign", "list", "stock", "register", "enroll", "issu", "giv",
    "record", "stor", "enter", "reserv", "add", "redeem", "order", "count", "rent", "lend",
];

/// What says that a value is had once.
const USED: &[&str] = &[
    "use", "assign", "issu", "giv", "tak", "reus", "allocat", "hand", "grant", "bind", "occur",
    "appear",
];

pub(super) fn meaning(scope: &Scope<'_>, clause: &Clause) -> Option<Meaning> {
    if let Some(meaning) = one_row(scope, clause) {
        return Some(meaning);
    }
    // "Once issued, a number is never used again": from when on makes no difference to a key.
    let is_settled = clause.conditions.iter().all(|(link, text)| {
        matches!(link, Link::Within)
            || matches!(link, Link::Once | Link::After)
                && matches!(text.as_str(), "issued" | "assigned" | "used" | "given" | "set")
    });
    is_settled.then_some(())?;
    let shared = clause.conditions.iter().filter(|(link, _)| *link == Link::Within);
    let mut key: Vec<FieldId> =
        shared.map(|(_, text)| part(scope, text)).collect::<Option<Vec<_>>>()?;
    let fields = distinct(scope, clause)
        .or_else(|| no_two(scope, clause))
        .or_else(|| of_its_own(scope, clause))
        .or_else(|| used_once(scope, clause))
        .or_else(|| done_once(scope, clause))
        .or_else(|| identified(scope, clause))?;
    for field in fields {
        if !key.contains(&field) {
            key.push(field);
        }
    }
    let condition = among(scope, clause);
    Some(Meaning::Unique { fields: key, condition })
}

/// "Every patient is identified by a record number, which is unique".
fn identified(scope: &Scope<'_>, clause: &Clause) -> Option<Vec<FieldId>> {
    let is_said = clause.verb == "identified" && clause.voice == Voice::Passive && !clause.negated;
    (is_said && scope.rows(&clause.subject)?.is_none()).then_some(())?;
    let name = clause.object.strip_prefix("by ")?;
    let name = name.strip_suffix(", which is unique").unwrap_or(name);
    scope.fields(name.trim_start_matches("a unique "), Want::Any)
}

/// A field of a key: a value of the row, or the row that it refers to.
fn part(scope: &Scope<'_>, phrase: &str) -> Option<FieldId> {
    let phrase = ["same ", "one ", "its ", "parent's "]
        .iter()
        .fold(bare(phrase), |it, word| it.strip_prefix(word).unwrap_or(it));
    scope.reference_to(phrase).or_else(|| scope.field_of(phrase, Want::Any))
}

/// A phrase and what it is counted within: "the same row label on a hall".
fn scoped(scope: &Scope<'_>, phrase: &str) -> (String, Vec<FieldId>) {
    for lead in SCOPES {
        let Some((front, of)) = phrase.split_once(lead) else { continue };
        if let Some(fields) = parts(scope, of) {
            return (front.to_owned(), fields);
        }
    }
    (phrase.to_owned(), Vec::new())
}

fn parts(scope: &Scope<'_>, phrase: &str) -> Option<Vec<FieldId>> {
    if let Some(one) = part(scope, phrase) {
        return Some(vec![one]);
    }
    let all: Vec<&str> = phrase.split(", ").flat_map(|it| it.split(" and ")).collect();
    (all.len() > 1).then(|| all.iter().map(|it| part(scope, it)).collect())?
}

fn joined(mut within: Vec<FieldId>, fields: Vec<FieldId>) -> Option<Vec<FieldId>> {
    let is_apart = fields.iter().all(|it| !within.contains(it));
    within.extend(fields);
    is_apart.then_some(within)
}

/// "Pen names must be distinct", "Line positions are unique per invoice".
fn distinct(scope: &Scope<'_>, clause: &Clause) -> Option<Vec<FieldId>> {
    (!clause.negated && clause.only.is_none()).then_some(())?;
    let predicate = format!("{} ", clause.predicate()?);
    let predicate = predicate.replace("globally ", "");
    let rest = ["unique", "distinct"].iter().find_map(|it| predicate.strip_prefix(it))?.trim_end();
    let fields = scope.fields(&clause.subject, Want::Any)?;
    if rest.is_empty() || is_everywhere(scope, rest) {
        return Some(fields);
    }
    let (front, within) = scoped(scope, rest);
    (front.trim().is_empty() && !within.is_empty()).then(|| joined(within, fields))?
}

/// "within the company", "across the system", "among all members": everywhere.
fn is_everywhere(scope: &Scope<'_>, phrase: &str) -> bool {
    let place = ["within ", "across ", "in ", "among ", "throughout "]
        .iter()
        .find_map(|it| phrase.trim().strip_prefix(it));
    place.is_some_and(|it| {
        let noun = bare(it).trim_start_matches("whole ").trim_start_matches("entire ");
        // "Within a board" is inside of one row.
        let among = phrase.trim().starts_with("across ") || phrase.trim().starts_with("among ");
        among && scope.is_own(noun)
            || matches!(
                noun,
                "company"
                    | "system"
                    | "organisation"
                    | "organization"
                    | "platform"
                    | "application"
                    | "database"
            ) && !scope.names_entity(noun)
                && scope.field_of(noun, Want::Any).is_none()
    })
}

/// "Within a hall, no two seats share the same row label and number".
fn no_two(scope: &Scope<'_>, clause: &Clause) -> Option<Vec<FieldId>> {
    let subject = clause.subject.as_str();
    let has = ["have", "has", "share", "shares", "use", "carry", "bear", "get"];
    let two = |it: &str| {
        ["no two ", "two ", "never two ", "any two "]
            .iter()
            .find_map(|lead| it.strip_prefix(lead))
            .map(str::to_owned)
    };
    let denies = subject.starts_with("no two ") || clause.negated;
    denies.then_some(())?;
    let object = |rest: &str| {
        let (front, within) = scoped(scope, rest);
        let front = bare(&front).trim_start_matches("same ").to_owned();
        joined(within, scope.fields(&front, Want::Any)?)
    };
    // "There must never be two patients with the same number"
    if subject == "there" && clause.verb == "be" {
        let (rows, rest) = two(&clause.object)?
            .split_once(" with the same ")
            .map(|(rows, rest)| (rows.to_owned(), rest.to_owned()))?;
        return scope.rows(&rows)?.is_none().then(|| object(&rest))?;
    }
    let (rows, within) = match two(subject) {
        Some(rows) => scoped(scope, &rows),
        // "Nobody can place two bids of the same amount in an auction"
        None => {
            let (rows, rest) = two(&clause.object)?
                .split_once(" of the same ")
                .map(|(rows, rest)| (rows.to_owned(), rest.to_owned()))?;
            return (scope.rows(&rows)?.is_none() && matches!(subject, "nobody" | "no one"))
                .then(|| object(&rest))?;
        }
    };
    has.contains(&clause.verb.as_str()).then_some(())?;
    scope.rows(&rows)?;
    joined(within, object(&clause.object)?)
}

/// "No two customers that are not deleted share …": among which rows.
fn among(scope: &Scope<'_>, clause: &Clause) -> Option<Expression<FieldId>> {
    let rows = ["no two ", "two ", "never two ", "any two "]
        .iter()
        .find_map(|lead| clause.subject.strip_prefix(lead))?;
    scope.rows(&scoped(scope, rows).0)?
}

/// "Every tool bears an inventory number of its own", "Every author has a different pen name".
fn of_its_own(scope: &Scope<'_>, clause: &Clause) -> Option<Vec<FieldId>> {
    let every = ["every ", "each ", "all "].iter().any(|it| clause.subject.starts_with(it))
        || clause.object.contains("unique ");
    (every && !clause.negated && clause.only.is_none() && clause.voice == Voice::Active)
        .then_some(())?;
    scope.rows(&clause.subject)?.is_none().then_some(())?;
    let object = bare(&clause.object);
    let name = ["of its own", "of their own"]
        .iter()
        .find_map(|it| object.strip_suffix(it))
        .or_else(|| {
            let leads = ["different ", "distinct ", "unique ", "own unique "];
            leads.iter().find_map(|it| object.strip_prefix(it))
        })?;
    Some(vec![scope.field_of(name, Want::Any)?])
}

/// "A slug may not be used by any other article", "No badge is ever issued twice", "Numbers are never reused".
fn used_once(scope: &Scope<'_>, clause: &Clause) -> Option<Vec<FieldId>> {
    let once = "once and never reused";
    let said = clause.object.trim();
    let is_used = USED.contains(&root(&clause.verb).as_str());
    let repeats = matches!(root(&clause.verb).as_str(), "repeat") && said.is_empty();
    (clause.only.is_none() && (is_used || repeats)).then_some(())?;
    let fields = || super::subject(scope, &clause.subject, Want::Any).filter(|it| it.1.is_none());
    if !clause.negated {
        return (said == once || said == "once and only once").then(|| fields().map(|it| it.0))?;
    }
    let other = [
        "by another ",
        "by any other ",
        "by more than one ",
        "to more than one ",
        "to another ",
        "to two ",
        "by two ",
        "to any other ",
        "for another ",
    ];
    let is_other =
        other.iter().any(|it| said.strip_prefix(it).is_some_and(|noun| scope.is_own(noun)));
    let reused = root(&clause.verb) == "reus" && said.is_empty();
    if is_other
        || reused
        || repeats
        || matches!(said, "twice" | "again" | "more than once" | "a second time")
    {
        return fields().map(|it| it.0);
    }
    // "No position occurs twice on an invoice"
    let within = ["twice", "more than once"].iter().find_map(|it| said.strip_prefix(it))?;
    let (front, within) = scoped(scope, within);
    (front.trim().is_empty() && !within.is_empty()).then(|| joined(within, fields()?.0))?
}

/// "Each seat may be sold only once per performance", "A nickname may comment only once on the same article".
fn done_once(scope: &Scope<'_>, clause: &Clause) -> Option<Vec<FieldId>> {
    let (once, rest) =
        ["only once", "at most once", "no more than once", "just once", "once", "a single time"]
            .iter()
            .find_map(|it| Some((*it, clause.object.strip_prefix(it)?)))?;
    // "is stocked once" may happen again.
    let is_firm = once != "once" || clause.only == Some(Only::Verb);
    (is_firm && !clause.negated && clause.only != Some(Only::Subject)).then_some(())?;
    // "Commenting" is recorded by comments, and what is sold by whatever stands for the sale.
    let verb = root(&clause.verb);
    let is_recorded = roots(&scope.model.entity(scope.entity).name).contains(&verb)
        || clause.voice == Voice::Passive && RECORDED.contains(&verb.as_str());
    is_recorded.then_some(())?;
    let subject = part(scope, &clause.subject)?;
    if rest.is_empty() {
        // What is done to it makes a row of it: "Each seat may be sold only once".
        let is_within = clause.conditions.iter().any(|(link, _)| *link == Link::Within);
        let is_key = is_within
            || USED.contains(&verb.as_str())
            || clause.voice == Voice::Passive && scope.model.field(subject).references.is_some();
        return is_key.then(|| vec![subject]);
    }
    let (front, within) = scoped(scope, rest);
    (front.trim().is_empty() && !within.is_empty()).then(|| joined(within, vec![subject]))?
}

/// Words before the one row that there may be.
const ONE: &[&str] = &[
    "at most one ",
    "only one ",
    "no more than one ",
    "not more than one ",
    "just one ",
    "a single ",
];

/// "An account may have at most one subscription that is not canceled", "Only one article can be featured at a time".
fn one_row(scope: &Scope<'_>, clause: &Clause) -> Option<Meaning> {
    (!clause.negated && clause.only != Some(Only::Subject)).then_some(())?;
    let shared = clause
        .conditions
        .iter()
        .map(|(link, text)| (*link == Link::Within).then(|| part(scope, text))?);
    let mut fields: Vec<FieldId> = shared.collect::<Option<_>>()?;
    let strip = |text: &str| {
        let text = text.trim();
        text.strip_suffix("at a time")
            .or_else(|| text.strip_suffix("at the same time"))
            .or_else(|| text.strip_suffix("at once"))
            .unwrap_or(text)
            .trim()
            .to_owned()
    };
    let one = |text: &str| ONE.iter().find_map(|it| text.strip_prefix(it)).map(str::to_owned);
    let condition;
    if let Some(rows) = one(&clause.subject) {
        // "Only one article per section can be featured"
        let (rows, within) = scoped(scope, &rows);
        scope.rows(&rows)?.is_none().then_some(())?;
        let (predicate, more) = scoped(scope, &strip(&clause.predicate()?));
        condition = scope.state(&predicate)?;
        fields.extend(within.into_iter().chain(more));
    } else {
        let object = strip(&clause.object);
        let only = (clause.only == Some(Only::Verb)).then_some("one ");
        let at = ONE
            .iter()
            .copied()
            .chain(only)
            .find_map(|it| object.find(it).map(|at| (at, it.len())))?;
        let before = object[..at.0].trim();
        // "can only be out on one open loan": a particle and a preposition of the verb.
        let is_joined = before.is_empty()
            || before
                .split(' ')
                .all(|it| matches!(it, "out" | "on" | "in" | "part" | "of" | "for" | "to"));
        is_joined.then_some(())?;
        let object = &object[at.0 + at.1..];
        let (rows, within) = match scope.rows(object) {
            Some(_) => (object.to_owned(), Vec::new()),
            None => scoped(scope, object),
        };
        condition = scope.rows(&rows)??;
        fields.extend(within);
        if clause.subject != "there" {
            fields.insert(0, part(scope, &clause.subject)?);
        }
    }
    // Where nothing is shared, all rows for which it holds share that.
    if fields.is_empty() {
        fields.extend(match &condition {
            Expression::Field(id) => Some(*id),
            other => super::state::value_of(other).map(|(id, _)| id),
        });
    }
    fields.dedup();
    (!fields.is_empty()).then_some(Meaning::Unique { fields, condition: Some(condition) })
}
