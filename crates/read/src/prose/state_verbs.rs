//! States that verbs name, where a field lists them as values: "An account starts open", "it can be frozen
//! and unfrozen", "only an open account can be closed".

use super::clause::Clause;
use super::noun::{entity_name, phrase_at};
use super::tag::{Tag, Token};
use crate::Fact;
use crate::notation::Output;
use crate::words::fold;

/// What a sentence says of the states of a thing.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// A row is born in it.
    Starts(String),
    /// From one state, or from the first where it is `None`, to another, and whether back as well.
    May { from: Option<String>, to: String, back: bool },
}

/// The entity that a sentence is about, its field that holds the state, and what is said.
pub(super) fn find(clause: &Clause, out: &Output) -> Option<(String, String, Vec<Said>)> {
    let tokens = &clause.tokens;
    let is_only = tokens.first()?.is("only");
    let subject = phrase_at(tokens, usize::from(is_only))?;
    let entity = out.known.get(&entity_name(&subject.noun))?.to_owned();
    let (field, values) = states_of(&entity, out)?;
    let value = |word: &Token| values.iter().find(|it| fold(it) == fold(&word.lower)).cloned();
    let behind = &tokens[subject.end..];
    let mut said = Vec::new();
    let starts = behind.first().is_some_and(|verb| verb.is_verb_of(&["start", "begin"]))
        || behind.first().is_some_and(|verb| verb.is_any(&["is", "are"]))
            && behind.iter().any(|token| token.is_any(&["initially", "first", "created"]));
    if starts {
        let words = behind[1..].iter().take(5);
        said.extend(words.filter(|word| !word.is("created")).find_map(value).map(Said::Starts));
    }
    // "An open account", "a pending or confirmed booking".
    let before: Vec<String> = tokens[subject.start..subject.end].iter().filter_map(value).collect();
    let is_possible = matches!(behind, [can, be, ..] if can.is_any(&["can", "may"]) && be.is("be"))
        || matches!(behind, [can, only, be, ..]
            if can.is_any(&["can", "may"]) && only.tag == Tag::Adverb && be.is("be"));
    if is_possible {
        let verbs: Vec<&Token> = behind[2..]
            .iter()
            .take_while(|token| {
                !token.is_any(&["when", "if", "by", "after", "until", "from", "only", "unless"])
            })
            .collect();
        let undone = |to: &str| {
            verbs.iter().any(|verb| {
                ["un", "re"].iter().any(|lead| verb.lower.strip_prefix(lead) == Some(to))
                    || to.strip_suffix("ed").is_some() && verb.lower == format!("un{to}")
            })
        };
        for verb in &verbs {
            let Some(to) = value(verb).filter(|to| !before.contains(to)) else { continue };
            let back = undone(&to.to_lowercase());
            if before.is_empty() {
                said.push(Said::May { from: None, to, back });
            } else {
                let from = before.iter().map(|from| Some(from.clone()));
                said.extend(from.map(|from| Said::May { from, to: to.clone(), back }));
            }
        }
    }
    (!said.is_empty()).then_some((entity, field, said))
}

/// The field of an entity that holds its state, with its values.
fn states_of(entity: &str, out: &Output) -> Option<(String, Vec<String>)> {
    let is_state = |field: &str| matches!(fold(field).as_str(), "status" | "state" | "stage");
    out.choices_of(entity)
        .find(|(field, values)| values.len() > 1 && is_state(field))
        .map(|(field, values)| (field.to_owned(), values.to_vec()))
}

/// States what the sentences of a document say. What may happen to "an account" without more happens to
/// one in the first state: a document that means another says so.
pub(super) fn read(document: &crate::document::Document<'_>, clauses: &[Clause], out: &mut Output) {
    let found: Vec<_> = clauses
        .iter()
        .filter_map(|clause| {
            find(clause, out).map(|(entity, field, said)| (clause, entity, field, said))
        })
        .collect();
    let first_of = |entity: &str| {
        found.iter().filter(|(_, owner, _, _)| owner == entity).find_map(|(_, _, _, said)| {
            said.iter().find_map(|said| match said {
                Said::Starts(state) => Some(state.clone()),
                Said::May { .. } => None,
            })
        })
    };
    for (clause, entity, field, said) in &found {
        let span = document.span(clause.range.clone());
        let first = first_of(entity);
        for said in said {
            match said {
                Said::Starts(state) => {
                    let fact = Fact::Lifecycle {
                        entity: entity.clone(),
                        field: Some(field.clone()),
                        states: Vec::new(),
                        initial: Some(state.clone()),
                    };
                    out.state(document, span, fact);
                }
                Said::May { from, to, back } => {
                    let Some(from) = from.clone().or_else(|| first.clone()) else { continue };
                    let step = |from: &str, to: &str| Fact::Transition {
                        entity: entity.clone(),
                        field: Some(field.clone()),
                        from: from.to_owned(),
                        to: to.to_owned(),
                        on: None,
                    };
                    out.state(document, span, step(&from, to));
                    if *back {
                        out.state(document, span, step(to, &from));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn states_that_verbs_name() {
        check(
            "# Bank\n\n## Account\n- id: uuid\n- status: open, frozen, closed\n\nAn account starts open. It can be frozen and unfrozen; only an open account can be closed. An account can be shown.\n",
            &expect![[r#"
                3 bullet-fields  entity Account
                4 bullet-fields  field Account.id uuid
                5 field-phrases  field Account.status [open | frozen | closed]
                7 prose-lifecycle  life cycle Account.status from open
                7 prose-lifecycle  transition Account.status: open -> frozen
                7 prose-lifecycle  transition Account.status: frozen -> open
                7 prose-lifecycle  transition Account.status: open -> closed
            "#]],
        );
    }
}
