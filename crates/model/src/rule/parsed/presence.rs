//! Values that must be there, or must not, in some rows: "A cancelled booking has to carry a reason", "The doctor's note
//! is only for sick leave", "Without a reason, a request may not be rejected".

use super::super::Meaning;
use super::super::clause::{Clause, Link, Only, Voice};
use super::scope::{Scope, Want};
use super::state::negation;
use crate::{Expression, FieldId};

/// Verbs of a row that has a value.
const OWNING: &[&str] = &[
    "have",
    "has",
    "carry",
    "carries",
    "need",
    "needs",
    "require",
    "requires",
    "bear",
    "bears",
    "contain",
    "contains",
    "include",
    "includes",
    "show",
    "shows",
    "name",
    "names",
    "state",
    "states",
    "record",
    "hold",
    "holds",
    "keep",
    "keeps",
    "get",
    "gets",
    "receive",
    "receives",
    "mention",
    "mentions",
    "specify",
    "specifies",
    "give",
    "gives",
    "come",
    "comes",
    "provide",
    "provides",
];

/// Whether a row has what follows the verb. What it keeps of its own does not change: "a slot keeps its number".
fn owns(clause: &Clause) -> bool {
    let is_own = ["its ", "their "].iter().any(|it| clause.object.starts_with(it));
    OWNING.contains(&clause.verb.as_str()) && !(clause.verb.starts_with("keep") && is_own)
}

/// What is said of a value that is there.
const THERE: &[&str] = &[
    "given",
    "recorded",
    "set",
    "stored",
    "filled",
    "filled in",
    "filled out",
    "present",
    "required",
    "mandatory",
    "stated",
    "provided",
    "specified",
    "entered",
    "on file",
    "needed",
    "kept",
    "known",
    "saved",
    "supplied",
    "documented",
    "noted",
    "there",
    "not empty",
    "allowed",
    "permitted",
    "used",
    "obligatory",
    "compulsory",
    "available",
    "captured",
    "named",
    "not null",
];

/// What asks for a value, and so forbids none.
const ASKED: &[&str] =
    &["required", "mandatory", "needed", "obligatory", "compulsory", "stated", "provided"];

/// What is said of a value that is not.
const ABSENT: &[&str] = &["empty", "absent", "missing", "null", "blank", "unset"];

pub(super) fn meaning(scope: &Scope<'_>, clause: &Clause) -> Option<Meaning> {
    one_of(scope, clause)
        .or_else(|| without(scope, clause))
        .or_else(|| of_rows(scope, clause))
        .or_else(|| of_fields(scope, clause))
}

fn implied(when: Expression<FieldId>, then: Expression<FieldId>) -> Meaning {
    Meaning::Expression(Expression::Implies(Box::new(when), Box::new(then)))
}

fn all(mut list: Vec<Expression<FieldId>>) -> Option<Expression<FieldId>> {
    if list.len() < 2 { list.pop() } else { Some(Expression::All(list)) }
}

/// "A phone number or an email address must be on file".
fn one_of(scope: &Scope<'_>, clause: &Clause) -> Option<Meaning> {
    let (one, other) = clause.subject.split_once(" or ")?;
    let is_said = !clause.negated && clause.conditions.is_empty() && clause.only.is_none();
    (is_said && THERE.contains(&clause.predicate()?.as_str())).then_some(())?;
    let present = |phrase: &str| {
        let phrase = phrase.trim_start_matches("either ");
        scope.field_of(phrase, Want::Any).map(Expression::IsPresent)
    };
    Some(Meaning::Expression(Expression::Any(vec![present(one)?, present(other)?])))
}

/// "Without a reason, a request may not be rejected".
fn without(scope: &Scope<'_>, clause: &Clause) -> Option<Meaning> {
    let [(Link::Without, noun)] = clause.conditions.as_slice() else { return None };
    (clause.negated && clause.object.is_empty() && clause.only.is_none()).then_some(())?;
    scope.rows(&clause.subject)?.is_none().then_some(())?;
    let state = scope.state(&clause.verb)?;
    Some(implied(state, Expression::IsPresent(scope.field_of(noun, Want::Any)?)))
}

/// "A sold auction needs a winner and a hammer price".
fn of_rows(scope: &Scope<'_>, clause: &Clause) -> Option<Meaning> {
    let is_there =
        clause.subject == "there" && matches!(clause.verb.as_str(), "be" | "exist" | "exists");
    (clause.voice == Voice::Active).then_some(())?;
    (is_there || owns(clause)).then_some(())?;
    let object = clause.object.strip_prefix("with ").filter(|_| clause.verb.starts_with("come"));
    let object = object.unwrap_or(&clause.object);
    let (object, none) = match object.strip_prefix("no ") {
        Some(object) => (object, true),
        None => (object, false),
    };
    // "A UN number of its own" and "at most one cart" say more than that there is one.
    let fields = scope.fields(object, Want::Any)?;
    // What is not needed may be there.
    let asks = matches!(clause.verb.as_str(), "need" | "needs" | "require" | "requires");
    if asks && (none || clause.negated) {
        return None;
    }
    let rows = if is_there { None } else { scope.rows(&clause.subject)? };
    said(scope, clause, rows, &fields, clause.negated ^ none)
}

/// "A reason must be given whenever an appointment is cancelled", "Retention notes exist for retracted articles only".
fn of_fields(scope: &Scope<'_>, clause: &Clause) -> Option<Meaning> {
    let (predicate, rows) = match clause.predicate() {
        Some(predicate) => match split_rows(&predicate) {
            Some((predicate, rows)) => (predicate, Some(rows)),
            None => (predicate, None),
        },
        None if matches!(clause.verb.as_str(), "exist" | "exists") => {
            match clause.object.strip_prefix("for ") {
                Some(rows) => ("there".to_owned(), Some(rows.to_owned())),
                None if clause.object.is_empty() => ("there".to_owned(), None),
                None => return None,
            }
        }
        None if matches!(clause.verb.as_str(), "stay" | "stays" | "remain" | "remains") => {
            (clause.object.clone(), None)
        }
        None => return None,
    };
    let is_bare = predicate.is_empty()
        && (rows.is_some() || matches!(clause.conditions.as_slice(), [(Link::OnlyIf, _)]));
    let absent = ABSENT.contains(&predicate.as_str());
    (is_bare || absent || THERE.contains(&predicate.as_str())).then_some(())?;
    let (fields, of) = super::subject(scope, &clause.subject, Want::Any)?;
    // What a reference leads to exists where there is one.
    let exists = matches!(clause.verb.as_str(), "exist" | "exists");
    if exists && fields.iter().any(|&id| scope.model.field(id).references.is_some()) {
        return None;
    }
    let (rows, only_behind) = match &rows {
        Some(rows) => match rows.strip_suffix(" only") {
            Some(rows) => (Some(rows), true),
            None => (Some(rows.as_str()), false),
        },
        None => (None, false),
    };
    let rows = match rows {
        Some(rows) => Some(scope.rows(rows).flatten().or_else(|| scope.state(rows))?),
        None => None,
    };
    // "is only allowed for hazardous products"
    if let Some(rows) = &rows {
        let is_only = only_behind || clause.only == Some(Only::Verb);
        if is_only && of.is_none() && !clause.negated && !absent && clause.conditions.is_empty() {
            let each = fields.iter().map(|&id| {
                Expression::Implies(Box::new(Expression::IsPresent(id)), Box::new(rows.clone()))
            });
            return all(each.collect()).map(Meaning::Expression);
        }
    }
    // "allowed" alone asks for nothing.
    let permits = matches!(predicate.as_str(), "allowed" | "permitted" | "used" | "");
    let only_if = matches!(clause.conditions.as_slice(), [(Link::OnlyIf, _)]);
    // "Required only when paid" does not forbid it elsewhere.
    if (only_if || clause.negated) && ASKED.contains(&predicate.as_str()) {
        return None;
    }
    if permits && !clause.negated && !only_if || clause.only.is_some() {
        return None;
    }
    let when = match (of, rows) {
        (Some(of), Some(rows)) => Some(Expression::All(vec![of, rows])),
        (of, rows) => of.or(rows),
    };
    said(scope, clause, when, &fields, clause.negated ^ absent)
}

/// "required for sick leave" as what is said and of which rows.
fn split_rows(predicate: &str) -> Option<(String, String)> {
    if let Some(rows) = predicate.strip_prefix("for ") {
        return Some((String::new(), rows.to_owned()));
    }
    let (front, rows) = predicate.split_once(" for ")?;
    Some((front.to_owned(), rows.to_owned()))
}

/// Where the one holds the other does, and nowhere else.
fn exactly(one: &Expression<FieldId>, other: &Expression<FieldId>) -> Meaning {
    let each = |one: &Expression<FieldId>, other: &Expression<FieldId>| {
        Expression::Implies(Box::new(one.clone()), Box::new(other.clone()))
    };
    Meaning::Expression(Expression::All(vec![each(one, other), each(other, one)]))
}

/// That fields are there, or not, in some rows.
fn said(
    scope: &Scope<'_>,
    clause: &Clause,
    rows: Option<Expression<FieldId>>,
    fields: &[FieldId],
    absent: bool,
) -> Option<Meaning> {
    let there = |&id: &FieldId| {
        let present = Expression::IsPresent(id);
        if absent { negation(present) } else { present }
    };
    let then = all(fields.iter().map(there).collect())?;
    if clause.only == Some(Only::Subject) {
        // "Only failed payments have a reason"
        let is_plain = clause.conditions.is_empty() && !absent;
        return is_plain.then(|| Some(implied(then, rows?)))?;
    }
    if clause.exclusive {
        let rows = rows.filter(|_| clause.conditions.is_empty() && !absent)?;
        return Some(exactly(&rows, &then));
    }
    match clause.conditions.as_slice() {
        [(Link::OnlyIf, text)] if rows.is_none() && !absent => {
            let condition = scope.condition(text).or_else(|| scope.rows(text)?)?;
            Some(implied(then, condition))
        }
        [(Link::Exactly, text)] if rows.is_none() => Some(exactly(&scope.condition(text)?, &then)),
        // What only may be there is not asked for.
        [] if rows.is_none() => (!absent && clause.only.is_none() && clause.subject != "there")
            .then(|| Meaning::Required(fields.to_vec())),
        conditions => {
            let then = match rows {
                Some(rows) => Expression::Implies(Box::new(rows), Box::new(then)),
                None => then,
            };
            super::under(scope, conditions, then).map(Meaning::Expression)
        }
    }
}
