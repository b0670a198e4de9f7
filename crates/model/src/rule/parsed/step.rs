//! Steps that a life cycle does not have: "A cancelled booking can't be reopened", "Only held bookings can be confirmed".
//! Where the stated steps say the same, the rule is known; where they say otherwise, somebody must be asked.

use super::super::Meaning;
use super::super::clause::{Clause, Link, Only, Voice, root};
use super::scope::Scope;
use super::state::{texts, value_of};
use crate::{Expression, FieldId, Lifecycle};

/// Adverbs behind the verb that change nothing.
const IDLE: &[&str] =
    &["again", "any more", "anymore", "directly", "back", "later", "forever", "afterwards"];

pub(super) fn meaning(scope: &Scope<'_>, clause: &Clause) -> Option<Meaning> {
    let life = scope.model.lifecycles.iter().find(|it| it.entity == scope.entity)?;
    let from = origin(scope, life, clause);
    let object = idle(&clause.object);
    let is_only = clause.only == Some(Only::Subject)
        || matches!(clause.conditions.as_slice(), [(Link::OnlyIf, _)]);
    if is_only && !clause.negated {
        return only_from(scope, life, clause, &from?, object);
    }
    let from = from?;
    let leaves = |state: &String| life.transitions.iter().any(|step| step.from == *state);
    // "stays closed", "is final"
    let stays = matches!(clause.verb.as_str(), "stay" | "stays" | "remain" | "remains")
        && states(scope, life, object).is_some_and(|it| it == from)
        || clause.predicate().is_some_and(|it| it == "final");
    if stays && !clause.negated {
        return (!from.iter().any(leaves)).then(|| known(life));
    }
    clause.negated.then_some(())?;
    let to = target(scope, life, clause, object)?;
    let leads = |step: &crate::Transition| {
        from.contains(&step.from) && (to.is_empty() || to.contains(&step.to))
    };
    (!life.transitions.iter().any(leads)).then(|| known(life))
}

fn known(life: &Lifecycle) -> Meaning {
    let steps = life.transitions.len();
    Meaning::Known(format!("none of the {steps} transitions of the life cycle leads there"))
}

/// "Only a confirmed booking may be refunded": no other state leads to it.
fn only_from(
    scope: &Scope<'_>,
    life: &Lifecycle,
    clause: &Clause,
    from: &[String],
    object: &str,
) -> Option<Meaning> {
    let to = target(scope, life, clause, object).filter(|it| !it.is_empty())?;
    let mut leading = life.transitions.iter().filter(|step| to.contains(&step.to)).peekable();
    leading.peek()?;
    leading.all(|step| from.contains(&step.from)).then(|| known(life))
}

/// The states that the rows of the sentence are in.
fn origin(scope: &Scope<'_>, life: &Lifecycle, clause: &Clause) -> Option<Vec<String>> {
    let rows = scope.rows(&clause.subject)?;
    let condition = match (rows, clause.conditions.as_slice()) {
        (Some(rows), []) => rows,
        (None, [(Link::When | Link::Once | Link::After | Link::While | Link::OnlyIf, text)]) => {
            scope.condition(text)?
        }
        _ => return None,
    };
    of_life(life, &condition)
}

/// The states of a life cycle in a condition.
fn of_life(life: &Lifecycle, condition: &Expression<FieldId>) -> Option<Vec<String>> {
    match condition {
        Expression::OneOf(value, list) if **value == Expression::Field(life.field) => texts(list),
        other => {
            let (field, value) = value_of(other)?;
            (field == life.field).then(|| vec![value.to_owned()])
        }
    }
}

/// The states that a word names.
fn states(scope: &Scope<'_>, life: &Lifecycle, text: &str) -> Option<Vec<String>> {
    of_life(life, &scope.state(text)?)
}

/// The states that a sentence says a row comes to; none where it says that it leaves the one it is in.
fn target(
    scope: &Scope<'_>,
    life: &Lifecycle,
    clause: &Clause,
    object: &str,
) -> Option<Vec<String>> {
    if clause.voice == Voice::Passive && object.is_empty() {
        if let Some(found) = states(scope, life, &clause.verb) {
            return Some(found);
        }
        // "reactivated" leads to what is active, "reopened" away from what is closed.
        let again = clause.verb.strip_prefix("re")?;
        let again = root(again);
        let named = life.states.iter().find(|it| {
            let state = root(it);
            !again.is_empty() && (again.starts_with(&state) || state.starts_with(&again))
        });
        return match named {
            Some(state) => Some(vec![state.clone()]),
            None => {
                matches!(again.as_str(), "open" | "activat" | "stor" | "viv" | "start" | "instat")
                    .then(Vec::new)
            }
        };
    }
    // "be set back to open", "go back to published", "become active", "be marked as paid"
    let lead = ["back to ", "to ", "as ", "back into ", "into "];
    let to = lead.iter().find_map(|it| object.strip_prefix(it));
    match (to, clause.verb.as_str()) {
        (Some(to), _) => states(scope, life, to),
        (None, "become" | "becomes" | "be") => states(scope, life, object),
        (None, _) => None,
    }
}

/// What follows the verb, without adverbs that change nothing.
fn idle(object: &str) -> &str {
    IDLE.iter().fold(object.trim(), |text, word| {
        if text == *word {
            ""
        } else {
            text.strip_suffix(word).filter(|it| it.ends_with(' ')).map_or(text, str::trim_end)
        }
    })
}
