//! What the states of a life cycle ask of a row: a step that writes nothing but the state would be refused.

use underpin_model::{Comparison, Expression, Literal};

use crate::{AttributeId, Machine};

/// The attributes that a rule asks for in some states of a column.
pub fn asked_in_states(rule: &Expression<AttributeId>, state: AttributeId) -> Vec<AttributeId> {
    let mut found = Vec::new();
    asks_for(rule, state, &mut |_, id| found.push(id));
    found
}

/// The attributes that a rule asks for in states that a row comes to later than at its birth.
pub(crate) fn asked_later(rule: &Expression<AttributeId>, machine: &Machine) -> Vec<AttributeId> {
    let is_of_birth = |condition: Option<&Expression<AttributeId>>| {
        let states = condition.and_then(|it| listed_states(it, machine.attribute));
        let initial = machine.initial.as_deref();
        states.is_some_and(|states| states.iter().all(|state| Some(*state) == initial))
    };
    let mut found = Vec::new();
    asks_for(rule, machine.attribute, &mut |condition, id| {
        if !is_of_birth(condition) {
            found.push(id);
        }
    });
    found
}

/// The attributes that may have a value in some states only, where a row goes from one of them to another state.
pub fn cleared_by_steps(rule: &Expression<AttributeId>, machine: &Machine) -> Vec<AttributeId> {
    let mut found = Vec::new();
    clears(rule, machine, &mut found);
    found
}

type Finds<'f> = &'f mut dyn FnMut(Option<&Expression<AttributeId>>, AttributeId);

fn asks_for(rule: &Expression<AttributeId>, state: AttributeId, found: Finds<'_>) {
    if let Expression::All(parts) = rule {
        for part in parts {
            asks_for(part, state, found);
        }
    }
    if let Expression::Implies(condition, consequence) = rule {
        if condition.fields().contains(&state) {
            let ids = consequence.fields().into_iter().filter(|id| *id != state);
            ids.for_each(|id| found(Some(condition), id));
        }
    }
    // The same in the words of SQL: another state, or that a value is there.
    if let Expression::Any(parts) = rule {
        let is_another = |part: &&Expression<AttributeId>| {
            let is_denied = matches!(
                part,
                Expression::Not(_) | Expression::Compare(_, Comparison::NotEqual, _)
            );
            is_denied && part.fields().contains(&state)
        };
        if parts.iter().any(|part| is_another(&part)) {
            for part in parts.iter().filter(|part| !is_another(part)) {
                part.fields().into_iter().filter(|id| *id != state).for_each(|id| found(None, id));
            }
        }
    }
}

fn clears(rule: &Expression<AttributeId>, machine: &Machine, found: &mut Vec<AttributeId>) {
    if let Expression::All(parts) = rule {
        for part in parts {
            clears(part, machine, found);
        }
    }
    let Expression::Implies(condition, consequence) = rule else { return };
    let Expression::IsPresent(id) = **condition else { return };
    let Some(states) = listed_states(consequence, machine.attribute) else { return };
    let leaves = machine.transitions.iter().any(|(from, next)| {
        states.contains(&from.as_str()) && next.iter().any(|to| !states.contains(&to.as_str()))
    });
    if leaves {
        found.push(id);
    }
}

/// The states that a condition lists.
fn listed_states(condition: &Expression<AttributeId>, state: AttributeId) -> Option<Vec<&str>> {
    fn text(literal: &Literal) -> Option<&str> {
        if let Literal::Text(text) = literal { Some(text.as_str()) } else { None }
    }
    let is_state = |value: &Expression<AttributeId>| *value == Expression::Field(state);
    if let Expression::OneOf(value, list) = condition {
        return if is_state(value) { list.iter().map(text).collect() } else { None };
    }
    let Expression::Compare(value, Comparison::Equal, other) = condition else { return None };
    let Expression::Literal(literal) = &**other else { return None };
    if is_state(value) { Some(vec![text(literal)?]) } else { None }
}
