//! States that verbs name, where a field lists them as values: "An account starts open", "it can be frozen
//! and unfrozen", "only an open account can be closed".

use super::clause::Clause;
use super::noun::{entity_name, phrase_at};
use super::tag::{Tag, Token};
use crate::Fact;
use crate::notation::Output;
use crate::words::fold;

/// Why such a step alone is no life cycle: who has all of them sees whether they lead everywhere.
const ONE_STEP: &str = "a sentence tells of this step";

/// What a sentence says of the states of a thing.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// A row is born in it.
    Starts(String),
    /// From one state, or from the first where it is `None`, to another, and whether back as well.
    May { from: Option<String>, to: String, back: bool },
}

/// The entity that a sentence is about, its field that holds the state, and what is said.
pub(super) fn find(clause: &Clause, out: &Output) -> Option<Vec<(String, String, Vec<Said>)>> {
    let found: Vec<_> =
        parts(&clause.tokens).into_iter().filter_map(|part| find_in(part, out)).collect();
    (!found.is_empty()).then_some(found)
}

/// The parts of a clause with subjects of their own: "it can be confirmed, and a confirmed booking can be
/// cancelled".
fn parts(tokens: &[Token]) -> Vec<&[Token]> {
    let mut parts = Vec::new();
    let mut rest = tokens;
    while let Some(at) = rest
        .windows(2)
        .position(|pair| pair[0].is_any(&["and", "but", "while"]) && pair[1].tag == Tag::Determiner)
    {
        parts.push(&rest[..at]);
        rest = &rest[at + 1..];
    }
    parts.push(rest);
    parts
}

fn find_in(tokens: &[Token], out: &Output) -> Option<(String, String, Vec<Said>)> {
    let is_only = tokens.first()?.is("only");
    let subject = phrase_at(tokens, usize::from(is_only))?;
    // Of "pending members", the state may be taken for a part of the name.
    let whole = out.known.get(&entity_name(&subject.noun));
    let bare = || out.known.get(&entity_name(subject.noun.rsplit(' ').next()?));
    let entity = whole.or_else(bare)?.to_owned();
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
    // "A project can only be delivered when its jobs are done" says when, and not from where.
    let is_conditional = behind.get(1).is_some_and(|token| token.is("only"));
    let froms = |to: &str| -> Vec<Option<String>> {
        let excepted = excepted(behind, &value);
        let others = |it: &&String| *it != to && !excepted.contains(it);
        match (before.is_empty(), excepted.is_empty()) {
            (false, _) => before.iter().cloned().map(Some).collect(),
            (true, true) if is_conditional => Vec::new(),
            (true, true) => vec![None],
            (true, false) => values.iter().filter(others).cloned().map(Some).collect(),
        }
    };
    if let Some(done) = possible(behind) {
        let verbs: Vec<&Token> = done.iter().take_while(|token| !token.is_any(ENDS)).collect();
        let undone = |to: &str| {
            verbs.iter().any(|verb| {
                ["un", "re"].iter().any(|lead| verb.lower.strip_prefix(lead) == Some(to))
                    || to.strip_suffix("ed").is_some() && verb.lower == format!("un{to}")
            })
        };
        for verb in &verbs {
            let again = || if before.is_empty() { None } else { made_again(&verb.lower, &values) };
            let to = value(verb).or_else(again).filter(|to| !before.contains(to));
            let Some(to) = to else { continue };
            let back = undone(&to.to_lowercase());
            said.extend(froms(&to).into_iter().map(|from| Said::May {
                from,
                to: to.clone(),
                back,
            }));
        }
    }
    // "Pending members become active once approved".
    let becomes = behind.iter().take(2).position(|token| token.is_verb_of(&["become"]));
    if let Some(to) = becomes.and_then(|at| value(behind.get(at + 1)?))
        && !before.is_empty()
    {
        said.extend(froms(&to).into_iter().map(|from| Said::May {
            from,
            to: to.clone(),
            back: false,
        }));
    }
    said.extend(gone_through(behind, &value));
    (!said.is_empty()).then_some((entity, field, said))
}

/// What stands behind what may happen.
const ENDS: &[&str] = &[
    "when", "if", "by", "after", "until", "from", "only", "unless", "once", "but", "while", "not",
];

/// What may be done: behind "can be", "may only be", "can still be".
fn possible(behind: &[Token]) -> Option<&[Token]> {
    let (can, rest) = behind.split_first()?;
    let rest = match rest {
        // "Can never be" says the contrary.
        [adverb, ..] if adverb.is_any(&["never", "not", "hardly"]) => return None,
        [adverb, rest @ ..] if adverb.tag == Tag::Adverb => rest,
        rest => rest,
    };
    let (be, done) = rest.split_first()?;
    (can.is_any(&["can", "may"]) && be.is("be")).then_some(done)
}

/// "Unless it was already collected": the states from which nothing happens.
fn excepted(behind: &[Token], value: &impl Fn(&Token) -> Option<String>) -> Vec<String> {
    let but = behind.iter().position(|token| token.is("unless"));
    but.map_or_else(Vec::new, |at| behind[at..].iter().filter_map(value).collect())
}

/// "Reactivated" is made active again, "reopened" open.
fn made_again(verb: &str, values: &[String]) -> Option<String> {
    const SHORTEST: usize = 4;
    let made = verb.strip_prefix("re")?;
    let stem = made.strip_suffix("ated").or_else(|| made.strip_suffix("ed"))?;
    let is_meant =
        |value: &&String| stem.len() >= SHORTEST && value.to_lowercase().starts_with(stem);
    values.iter().find(is_meant).cloned()
}

/// "Reservations go from waiting to ready to collected".
fn gone_through(behind: &[Token], value: &impl Fn(&Token) -> Option<String>) -> Vec<Said> {
    let Some((verb, rest)) = behind.split_first() else { return Vec::new() };
    let from = rest.first().is_some_and(|token| token.is("from"));
    if !from || !verb.is_verb_of(&["go", "move", "pass", "change", "progress"]) {
        return Vec::new();
    }
    let mut steps: Vec<String> = Vec::new();
    for token in &rest[1..] {
        match value(token) {
            Some(state) => steps.push(state),
            None if token.is_any(&["to", "then", "and", ",", "through", "via"]) => {}
            None => break,
        }
    }
    let pairs = steps.windows(2);
    pairs
        .map(|pair| Said::May { from: Some(pair[0].clone()), to: pair[1].clone(), back: false })
        .collect()
}

/// The field of an entity that holds its state, with its values.
fn states_of(entity: &str, out: &Output) -> Option<(String, Vec<String>)> {
    let is_state =
        |field: &str| ["status", "state", "stage"].iter().any(|name| fold(name) == fold(field));
    out.choices_of(entity)
        .find(|(field, values)| values.len() > 1 && is_state(field))
        .map(|(field, values)| (field.to_owned(), values.to_vec()))
}

/// States what the sentences of a document say. What may happen to "an account" without more happens to
/// one in the first state: a document that means another says so.
pub(super) fn read(document: &crate::document::Document<'_>, clauses: &[Clause], out: &mut Output) {
    let known = &*out;
    let found: Vec<_> = clauses
        .iter()
        .zip(super::in_each(clauses, |clause| find(clause, known)))
        .flat_map(|(clause, found)| {
            let found = found.into_iter().flatten();
            found.map(move |(entity, field, said)| (clause, entity, field, said))
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
                    out.infer(document, span, step(&from, to), ONE_STEP);
                    if *back {
                        out.infer(document, span, step(to, &from), ONE_STEP);
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
    fn what_a_second_subject_may_come_to() {
        check(
            "# Seats\n\n## Booking\n- id: uuid\n- status: asked, confirmed, dropped\n\nA booking starts as asked; it can be confirmed or dropped, and a confirmed booking can be dropped.\n",
            &expect![[r#"
                3 bullet-fields  entity Booking
                4 bullet-fields  field Booking.id uuid
                5 field-phrases  field Booking.status [asked | confirmed | dropped]
                7 prose-lifecycle  life cycle Booking.status from asked
                7 prose-lifecycle  transition Booking.status: asked -> confirmed [inferred: a sentence tells of this step]
                7 prose-lifecycle  transition Booking.status: asked -> dropped [inferred: a sentence tells of this step]
                7 prose-lifecycle  transition Booking.status: confirmed -> dropped [inferred: a sentence tells of this step]
            "#]],
        );
    }

    #[test]
    fn states_that_verbs_name() {
        check(
            "# Bank\n\n## Account\n- id: uuid\n- status: open, frozen, closed\n\nAn account starts open. It can be frozen and unfrozen; only an open account can be closed. An account can be shown. A closed account can never be frozen.\n",
            &expect![[r#"
                3 bullet-fields  entity Account
                4 bullet-fields  field Account.id uuid
                5 field-phrases  field Account.status [open | frozen | closed]
                7 prose-lifecycle  life cycle Account.status from open
                7 prose-lifecycle  transition Account.status: open -> frozen [inferred: a sentence tells of this step]
                7 prose-lifecycle  transition Account.status: frozen -> open [inferred: a sentence tells of this step]
                7 prose-lifecycle  transition Account.status: open -> closed [inferred: a sentence tells of this step]
                7 R015 `A closed account can never be frozen.` seems to state something and was not understood
            "#]],
        );
    }

    #[test]
    fn a_condition_tells_no_step() {
        check(
            "## Ride\n\n| Field | Type |\n|-|-|\n| id | uuid |\n| status | enum(asked, taken, over) |\n\nA ride starts as asked. A ride can only be over when its tolls are paid.\n",
            &expect![[r#"
                1 field-table  entity Ride
                5 field-table  field Ride.id uuid
                6 field-table  field Ride.status enum [asked | taken | over]
                8 prose-lifecycle  life cycle Ride.status from asked
                8 R015 `A ride can only be over when its tolls are paid.` seems to state something and was not understood
            "#]],
        );
    }

    #[test]
    fn states_that_rows_go_through() {
        check(
            "# Club\n\n## Member\n- id: uuid\n- status: pending, active, suspended, closed\n\nPending members become active once approved. A suspended member can be reactivated. A member can be closed unless it is pending.\n\n## Booking\n- id: uuid\n- state: waiting, ready, collected\n\nBookings go from waiting to ready to collected. A collected booking can still be returned. A waiting booking can be repainted.\n",
            &expect![[r#"
                3 bullet-fields  entity Member
                4 bullet-fields  field Member.id uuid
                5 field-phrases  field Member.status [pending | active | suspended | closed]
                7 prose-lifecycle  transition Member.status: suspended -> active [inferred: a sentence tells of this step]
                7 prose-lifecycle  transition Member.status: active -> closed [inferred: a sentence tells of this step]
                7 prose-lifecycle  transition Member.status: suspended -> closed [inferred: a sentence tells of this step]
                9 bullet-fields  entity Booking
                10 bullet-fields  field Booking.id uuid
                11 field-phrases  field Booking.state [waiting | ready | collected]
                13 prose-lifecycle  transition Booking.state: waiting -> ready [inferred: a sentence tells of this step]
                13 prose-lifecycle  transition Booking.state: ready -> collected [inferred: a sentence tells of this step]
            "#]],
        );
    }
}
