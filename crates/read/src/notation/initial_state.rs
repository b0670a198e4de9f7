//! The state in which a row begins, as sentences about life cycles say it.

use crate::Fact;
use crate::lifecycle::{Holder, state_name};
use crate::notation::Output;
use crate::words::fold;

/// Whether the documents know a state of a thing: "new tools are expensive" names none.
pub(super) fn is_state(holder: &Holder, state: &str, out: &Output) -> bool {
    let named = |name: &str| fold(name) == fold(state);
    out.choices(&[state]).any(|(entity, _)| fold(entity) == fold(&holder.entity))
        || out.stated().any(|statement| {
            matches!(&statement.fact, Fact::Transition { entity, from, to, .. }
                if fold(entity) == fold(&holder.entity) && (named(from) || named(to)))
        })
}

/// The state in which a row begins: "Initial state: draft", "a payment starts as `created`", "new tools are
/// available"; and whether it is called the initial state.
pub(super) fn initial_state(text: &str) -> Option<(String, bool)> {
    let lower = text.to_lowercase();
    let named = ["initial state", "initial status"]
        .iter()
        .find_map(|lead| lower.find(lead).map(|at| at + lead.len()));
    let at = named.or_else(|| {
        let verbs = [
            " starts as ",
            " start as ",
            " starts out as ",
            " begins as ",
            " begin as ",
            " starts in state ",
            " starts in the state ",
            " is created as ",
            " are created as ",
        ];
        let born = verbs.iter().find_map(|verb| lower.find(verb).map(|at| at + verb.len()));
        born.or_else(|| {
            // "new tools are available": all between is the noun.
            let new =
                lower.find("new ").filter(|&at| at == 0 || lower[..at].ends_with([' ', '.']))?;
            let (verb, at) = [" are ", " is "]
                .iter()
                .find_map(|verb| Some((verb, lower[new..].find(verb)? + new)))?;
            (lower[new..at].split(' ').count() <= 4).then_some(at + verb.len())
        })
    })?;
    let rest = text.get(at..)?.trim_start_matches([':', ' ', '=', '*']);
    let rest = rest.strip_prefix("is ").unwrap_or(rest);
    let end = rest.find(['.', ';', ',']).unwrap_or(rest.len());
    state_name(&rest[..end]).map(|state| (state, named.is_some()))
}

#[cfg(test)]
mod tests {
    use super::initial_state;

    #[test]
    fn what_begins_and_what_does_not() {
        for (text, state) in [
            ("Initial state: draft.", Some("draft")),
            ("A payment starts as `created`. `failed` is final.", Some("created")),
            ("New tools are available.", Some("available")),
            ("A payment starts when it is asked for.", None),
            ("The newest tools are available", None),
        ] {
            assert_eq!(initial_state(text).map(|(state, _)| state).as_deref(), state, "{text}");
        }
    }
}
