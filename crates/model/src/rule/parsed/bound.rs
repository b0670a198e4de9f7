//! Comparisons of a value with a number or with another value of the row: "The due date is after the start", "A campaign
//! closes after it opens", "The discount can never be larger than the subtotal".

use super::super::Meaning;
use super::super::clause::{Clause, Link, Only, Voice, root};
use super::operand::{comparisons, operand};
use super::scope::{Scope, Want, bare};
use super::{subject, under};
use crate::{Comparison, Expression, FieldId};

/// Verbs that compare by themselves.
const COMPARING: &[(&str, &str)] = &[
    ("exceed", "more than "),
    ("exceeds", "more than "),
    ("surpass", "more than "),
    ("precede", "before "),
    ("precedes", "before "),
    ("follow", "after "),
    ("follows", "after "),
    ("equal", "equal to "),
    ("equals", "equal to "),
    ("match", "equal to "),
    ("differ", "different "),
    ("differs", "different "),
];

/// Verbs that only join a value with its comparison.
const JOINING: &[&str] = &[
    "be", "lie", "lies", "stay", "stays", "remain", "remains", "come", "comes", "happen", "occur",
    "fall", "falls", "range", "ranges", "go", "goes", "run", "runs", "drop", "sink", "rise",
    "become", "last", "lasts",
];

pub(super) fn meaning(scope: &Scope<'_>, clause: &Clause) -> Option<Meaning> {
    if clause.only == Some(Only::Subject) {
        return None;
    }
    different_rows(scope, clause).or_else(|| comparison(scope, clause)).map(Meaning::Expression)
}

/// The comparison that a clause makes.
pub(super) fn comparison(scope: &Scope<'_>, clause: &Clause) -> Option<Expression<FieldId>> {
    let (said, conditions) = said(clause)?;
    let parts = comparisons(&said, clause.negated).or_else(|| {
        // "The gross amount is the sum of net and tax"
        let is_formula = [" plus ", " minus ", " less ", " times ", "sum of ", "product of "]
            .iter()
            .any(|it| said.contains(it));
        (is_formula && clause.verb == "be" && !clause.negated)
            .then(|| vec![(Comparison::Equal, said.clone())])
    })?;
    let (fields, rows) = compared(scope, clause).or_else(|| counted(scope, clause, &parts))?;
    let mut all = Vec::new();
    for &field in &fields {
        for (comparison, phrase) in &parts {
            let right = operand(scope, field, phrase)?;
            all.push(Expression::compare(Expression::Field(field), *comparison, right));
        }
    }
    let then = if all.len() == 1 { all.pop()? } else { Expression::All(all) };
    let then = match rows {
        Some(rows) => Expression::Implies(Box::new(rows), Box::new(then)),
        None => then,
    };
    under(scope, conditions, then)
}

/// The comparison in words, and the conditions that are none.
pub(super) fn said(clause: &Clause) -> Option<(String, &[(Link, String)])> {
    let object = clause.object.as_str();
    let conditions = clause.conditions.as_slice();
    if let Some((_, lead)) = COMPARING.iter().find(|(verb, _)| *verb == clause.verb) {
        return Some((format!("{lead}{object}"), conditions));
    }
    // "after its start" follows the verb at once.
    if matches!(object, "" | "always") {
        let ((link, phrase), rest) = conditions.split_last()?;
        // "ends before or when it starts"
        let (phrase, or_at) = ["or when ", "or at ", "or as "]
            .iter()
            .find_map(|it| phrase.strip_prefix(it))
            .map_or((phrase.as_str(), false), |rest| (rest, true));
        let lead = match link {
            Link::After if or_at => "on or after",
            Link::Before if or_at => "on or before",
            Link::After => "after",
            Link::Before => "before",
            Link::When
            | Link::Once
            | Link::Until
            | Link::While
            | Link::Unless
            | Link::OnlyIf
            | Link::Exactly
            | Link::Without
            | Link::Within => return None,
        };
        return Some((format!("{lead} {phrase}"), rest));
    }
    // "is for one seat or more"
    let object = object.strip_prefix("for ").unwrap_or(object);
    Some((object.to_owned(), conditions))
}

/// What is compared: fields, or the moment at which a row does what the verb says.
pub(super) fn compared(
    scope: &Scope<'_>,
    clause: &Clause,
) -> Option<(Vec<FieldId>, Option<Expression<FieldId>>)> {
    let joins = JOINING.contains(&clause.verb.as_str())
        || COMPARING.iter().any(|(verb, _)| *verb == clause.verb);
    if joins && clause.voice == Voice::Active {
        let told = subject(scope, &clause.subject, Want::Any);
        if let Some(found) = told.filter(|(fields, _)| fields.iter().all(|&it| sortable(scope, it)))
        {
            return Some(found);
        }
        let narrowed = |want| subject(scope, &clause.subject, want);
        if let Some(found) = narrowed(Want::Number).or_else(|| narrowed(Want::Moment)) {
            return Some(found);
        }
        // "A bid must be a positive amount": the noun of the object is the field.
        if clause.verb == "be" && scope.rows(&clause.subject)?.is_none() {
            let noun = clause.object.rsplit(' ').next()?;
            return scope.field_of(noun, Want::Number).map(|id| (vec![id], None));
        }
    }
    // "A campaign closes after it opens", "A sale must end no sooner than it starts"
    let Some(rows) = scope.rows(&clause.subject) else {
        let moment = format!("{} {}", bare(&clause.subject), clause.verb);
        return scope.field_of(&moment, Want::Moment).map(|id| (vec![id], None));
    };
    let moment = scope.field_of(&clause.verb, Want::Moment)?;
    Some((vec![moment], rows))
}

/// "A subscription is for one seat or more", "A loan can be renewed no more than twice": the number that counts what is
/// named, or how often it is done.
fn counted(
    scope: &Scope<'_>,
    clause: &Clause,
    parts: &[(Comparison, String)],
) -> Option<(Vec<FieldId>, Option<Expression<FieldId>>)> {
    let rows = scope.rows(&clause.subject)?;
    let [(_, operand)] = parts else { return None };
    if matches!(operand.as_str(), "once" | "twice") || operand.ends_with(" times") {
        let is_whole =
            |&id: &FieldId| matches!(scope.model.field(id).kind, crate::FieldKind::Integer { .. });
        let field = scope.field_of(&clause.verb, Want::Number).filter(is_whole)?;
        return Some((vec![field], rows));
    }
    let owns = matches!(
        clause.verb.as_str(),
        "be" | "have" | "has" | "contain" | "contains" | "last" | "lasts"
    );
    let (_, noun) = operand.split_once(' ').filter(|_| owns)?;
    scope.field_of(noun, Want::Number).map(|id| (vec![id], rows))
}

fn sortable(scope: &Scope<'_>, id: FieldId) -> bool {
    scope.is_number(id) || scope.is_moment(id)
}

/// "Employees may not approve their own leave", "A shipment must go to a different warehouse than it comes from", "Source
/// and destination must differ": two references that lead to different rows.
fn different_rows(scope: &Scope<'_>, clause: &Clause) -> Option<Expression<FieldId>> {
    clause.conditions.is_empty().then_some(())?;
    let differ = |one: FieldId, other: FieldId| {
        let field = |id| scope.model.field(id);
        let target = |id: FieldId| field(id).references.as_ref().map(|it| it.entity);
        let fits = one != other && target(one).is_some() && target(one) == target(other);
        fits.then(|| {
            Expression::compare(
                Expression::Field(one),
                Comparison::NotEqual,
                Expression::Field(other),
            )
        })
    };
    let references = |target| {
        let found = scope.model.fields_of(scope.entity).filter(move |(_, it)| {
            it.references.as_ref().is_some_and(|to| Some(to.entity) == target)
        });
        found.map(|(id, _)| id).collect::<Vec<_>>()
    };
    // "… must differ", "… must not be the same"
    let says_apart = (matches!(root(&clause.verb).as_str(), "diff" | "differ")
        && clause.object.is_empty()
        || clause.predicate().is_some_and(|it| {
            // "must be different vaults" repeats what both refer to.
            let noun = ["different", "distinct"].iter().find_map(|lead| it.strip_prefix(lead));
            let is_target =
                |noun: &str| scope.reference_target(&crate::names::singular_words(noun)).is_some();
            noun.is_some_and(|noun| noun.is_empty() || is_target(noun.trim()))
        }))
        && !clause.negated
        || clause.negated
            && clause
                .predicate()
                .is_some_and(|it| matches!(it.as_str(), "the same" | "identical" | "equal"));
    if says_apart {
        if let [one, other] = scope.fields(&clause.subject, Want::Reference)?.as_slice() {
            return differ(*one, *other);
        }
    }
    // "The approver is never the analyst who measured it"
    if clause.negated && clause.verb == "be" {
        let named = |phrase: &str| scope.field_of(phrase, Want::Reference);
        if let (Some(one), Some(other)) = (named(&clause.subject), named(&clause.object)) {
            return differ(one, other);
        }
    }
    // "a different warehouse than it comes from"
    if let Some(rest) = clause.object.split("a different ").nth(1) {
        let (noun, _) = rest.split_once(" than ")?;
        scope.rows(&clause.subject)?.is_none().then_some(())?;
        let target = scope.reference_target(bare(noun))?;
        if let [one, other] = references(Some(target)).as_slice() {
            return differ(*one, *other);
        }
    }
    // "employees … approve their own leave": who does it is not whose it is.
    let own = ["their own ", "his own ", "its own ", "her own ", "his or her own "]
        .iter()
        .find_map(|it| clause.object.strip_prefix(it))?;
    (clause.negated && scope.is_own(own)).then_some(())?;
    let actor = scope.field_of(&clause.verb, Want::Reference)?;
    let owner = scope.reference_to(bare(&clause.subject)).or_else(|| {
        let target = scope.model.field(actor).references.as_ref()?.entity;
        let others: Vec<FieldId> =
            references(Some(target)).into_iter().filter(|&it| it != actor).collect();
        let is_named = scope.is_name_of(target, bare(&clause.subject));
        match others.as_slice() {
            [only] if is_named => Some(*only),
            _ => None,
        }
    })?;
    differ(actor, owner)
}
