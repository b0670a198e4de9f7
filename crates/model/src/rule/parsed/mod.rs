//! What a parsed sentence means of one entity, one file for each kind of rule. A kind takes a clause whose every part it
//! understands, or leaves it alone.

pub(crate) mod across;
mod apart;
pub(crate) mod barring;
pub(crate) mod beside;
mod bound;
mod key;
pub(crate) mod lasting;
mod operand;
mod presence;
mod scope;
pub(crate) mod settled;
mod state;
mod stays;
mod step;

use super::Meaning;
use super::beyond::from_then_on;
use super::clause::{Clause, Link, parse};
use super::permanence::Permanence;
use super::wording::Wording;
use crate::{EntityId, Expression, FieldId, Lifecycle, Literal, Model};
use scope::Scope;
pub(super) use state::value_of;

/// Gives a clause a meaning, or leaves it alone.
type Kind = fn(&Scope<'_>, &Clause) -> Option<Meaning>;

const KINDS: &[Kind] =
    &[presence::meaning, key::meaning, apart::meaning, step::meaning, bound::meaning];

/// What a sentence means of an entity; `None` where any part of it names nothing.
pub(super) fn understand(
    model: &Model,
    entity: EntityId,
    field: Option<FieldId>,
    words: &Wording,
) -> Option<Meaning> {
    let scope = Scope { model, entity, field };
    words
        .readings(field.is_some())
        .iter()
        .filter(|clause| clause.is_firm())
        .find_map(|clause| KINDS.iter().find_map(|kind| kind(&scope, clause)))
}

/// What a sentence says never changes; `None` where it says anything else.
pub(super) fn permanence(
    model: &Model,
    entity: EntityId,
    field: Option<FieldId>,
    text: &str,
) -> Option<Permanence> {
    let scope = Scope { model, entity, field };
    readings(field.is_some(), text).iter().find_map(|clause| stays::permanence(&scope, clause))
}

/// The fields that a sentence is said of and what it says of each: "13 digits", "at most 40 characters".
pub(super) fn said_of_fields(
    model: &Model,
    entity: EntityId,
    field: Option<FieldId>,
    words: &Wording,
) -> Option<(Vec<FieldId>, String)> {
    let scope = Scope { model, entity, field };
    let clause = words.clause().filter(|clause| clause.is_firm())?;
    (clause.conditions.is_empty() && clause.only.is_none() && !clause.exclusive).then_some(())?;
    let said = match clause.predicate() {
        Some(said) => said,
        None => match clause.verb.as_str() {
            "have" | "has" | "contain" | "contains" => clause.object.clone(),
            "consist" | "consists" => clause.object.strip_prefix("of ")?.to_owned(),
            _ => return None,
        },
    };
    let said = if clause.negated { format!("not {said}") } else { said };
    let fields = scope.fields(&clause.subject, scope::Want::Any)?;
    Some((fields, said))
}

/// The number of an entity that a phrase names, with words such as "amount" beside its name or without them.
pub(super) fn number_named(model: &Model, entity: EntityId, phrase: &str) -> Option<FieldId> {
    Scope { model, entity, field: None }.field_of(phrase, scope::Want::Number)
}

/// The rows of an entity that a phrase names: "rejected measurements", "cancelled ones".
pub(super) fn rows_said(
    model: &Model,
    entity: EntityId,
    phrase: &str,
) -> Option<Expression<FieldId>> {
    let scope = Scope { model, entity, field: None };
    match phrase.strip_suffix(" ones") {
        Some(state) => scope.state(state),
        None => scope.rows(phrase)?,
    }
}

/// The clauses that a text can be read as: itself, and beside a field what that field must be.
pub(super) fn readings(is_beside_field: bool, text: &str) -> Vec<Clause> {
    let text = text.trim().trim_end_matches(['.', '!', ';']);
    let mut all = Vec::new();
    if is_beside_field {
        all.extend(parse(&format!("it must be {text}")));
        all.extend(parse(&format!("it {text}")));
    }
    // "is only allowed for" may have become "only for" on the way.
    all.extend(parse(text).or_else(|| parse(&text.replacen(" only ", " is only ", 1))));
    all
}

/// What holds under the conditions of a clause; `None` where one of them is not understood.
fn under(
    scope: &Scope<'_>,
    conditions: &[(Link, String)],
    then: Expression<FieldId>,
) -> Option<Expression<FieldId>> {
    conditions.iter().try_fold(then, |then, (link, text)| {
        let condition = match link {
            Link::When | Link::While => scope.condition(text)?,
            // "After it was paid" is a state, and no comparison of moments.
            Link::Once | Link::After => {
                from_then_on(scope.model, scope.entity, scope.condition(text)?)
            }
            Link::Until | Link::Before => not_yet(scope, scope.condition(text)?)?,
            Link::Unless => state::negation(scope.condition(text)?),
            Link::OnlyIf | Link::Exactly | Link::Without | Link::Within => return None,
        };
        Some(Expression::Implies(Box::new(condition), Box::new(then)))
    })
}

/// "Until it is stored" holds in the states that lead there, and not in those that follow.
fn not_yet(scope: &Scope<'_>, then: Expression<FieldId>) -> Option<Expression<FieldId>> {
    let Some((field, state)) = value_of(&then) else { return Some(state::negation(then)) };
    let Some(life) = scope.model.lifecycles.iter().find(|it| it.field == field) else {
        return Some(state::negation(then));
    };
    let later = reached(life, state);
    let leads = |it: &str| !later.contains(&it) && reached(life, it).contains(&state);
    let earlier = life.states.iter().filter(|it| leads(it));
    let earlier: Vec<Literal> = earlier.map(|it| Literal::Text(it.clone())).collect();
    (!earlier.is_empty()).then(|| Expression::OneOf(Box::new(Expression::Field(field)), earlier))
}

/// A state and all that may follow it.
fn reached<'m>(life: &'m Lifecycle, from: &'m str) -> Vec<&'m str> {
    let mut reached = vec![from];
    let mut at = 0;
    while let Some(&from) = reached.get(at) {
        for step in life.transitions.iter().filter(|step| step.from == from) {
            if !reached.contains(&step.to.as_str()) {
                reached.push(&step.to);
            }
        }
        at += 1;
    }
    reached
}

/// The fields that a subject names and the rows of which it speaks: "the fee of a paid order".
fn subject(
    scope: &Scope<'_>,
    text: &str,
    want: scope::Want,
) -> Option<(Vec<FieldId>, Option<Expression<FieldId>>)> {
    if text.is_empty() {
        return scope.field.map(|field| (vec![field], None));
    }
    if let Some(fields) = scope.fields(text, want) {
        return Some((fields, None));
    }
    let parts = text.split_once("'s ").map(|(owner, name)| (name, owner));
    let of = || text.rsplit_once(" of ");
    let (name, owner) = parts.or_else(of)?;
    let rows = scope.rows(owner)??;
    Some((scope.fields(name, want)?, Some(rows)))
}

#[cfg(test)]
mod tests;
