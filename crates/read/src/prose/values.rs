//! States and other values that sentences list: "status can be pending, paid or cancelled", "record
//! ticket source: online, kiosk, or staff-add", "mark a ticket as served".

use std::collections::BTreeSet;

use super::clause::topic;
use super::evidence::core;
use super::noun::{is_attribute, phrase_at, phrases};
use super::state_words::spoken_of;
use super::tag::{Tag, Token};
use super::value_tells;
use super::values_told::{being, is_sort, is_told};
use super::{counts_under_condition, in_each, is_in_condition, over_clauses, resolve};
use crate::document::Document;
use crate::notation::Output;
use crate::words::{fold, split_top, unquote};
use crate::{Fact, FieldFact, quantity};
use underpin_base::Span;

pub(crate) const DOC: &str =
    "Values that a sentence lists: \"status can be pending, paid or cancelled\".";

/// Values of a property of a noun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) owner: String,
    pub(super) property: String,
    pub(super) values: Vec<String>,
}

/// Properties that take one of a few values.
pub(super) fn is_enumerable(word: &str) -> bool {
    matches!(
        word,
        "status"
            | "state"
            | "type"
            | "kind"
            | "source"
            | "priority"
            | "category"
            | "method"
            | "level"
            | "channel"
            | "role"
            | "gender"
            | "frequency"
            | "visibility"
            | "stage"
            | "statuses"
            | "types"
            | "states"
            | "priorities"
            | "levels"
            | "severity"
            | "phase"
            | "difficulty"
            | "mode"
    )
}

/// Whether words in brackets behind a property are its values: "condition (new, good, worn)".
pub(super) fn is_list_of_states(property: &str, values: &[String]) -> bool {
    let last = property.rsplit(' ').next().unwrap_or_default().to_lowercase();
    (is_enumerable(&last) || last == "condition")
        && values.iter().all(|value| {
            value.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' '))
                && !is_attribute(value)
        })
}

/// "add users with role Admin or Clerk", "orders with status open or paid": what rows of a thing are made with.
fn with_one_of(text: &str, tokens: &[Token]) -> Option<Listed> {
    let with = tokens.iter().position(|token| token.is("with"))?;
    let behind = with + 1 + usize::from(tokens.get(with + 1)?.is_any(&["a", "an", "the"]));
    let property = tokens.get(behind).filter(|token| is_enumerable(&token.lower))?;
    let owner = phrases(&tokens[..with]).pop().filter(|owner| owner.end == with)?;
    // "see orders with status open or paid" selects some.
    let is_made = tokens[..owner.start]
        .iter()
        .any(|token| token.tag == Tag::Verb && token.is_verb_of(super::lexicon::MANAGE));
    let rest = text.get(tokens.get(behind + 1)?.range.start..)?;
    let values = values(rest);
    let are_names = values.iter().all(|value| value.starts_with(char::is_uppercase));
    (is_made && are_names && values.len() >= 2 && rest.contains(" or ")).then(|| Listed {
        owner: core(&owner.noun).to_owned(),
        property: super::noun::singular(&property.lower),
        values,
    })
}

/// "ticket source: online, kiosk, or staff-add", "order status (pending, paid)", "status of an order
/// can be a, b or c".
pub(super) fn listed(
    text: &str,
    tokens: &[Token],
    titled: impl Fn() -> Option<String>,
) -> Option<Listed> {
    if counts_under_condition(tokens) {
        return None;
    }
    for at in 0..tokens.len() {
        let is_property = is_enumerable(&tokens[at].lower) || is_told(text, tokens, at);
        if !is_property || tokens[at].is_code && tokens.len() < 3 {
            continue;
        }
        if is_in_condition(tokens, at) {
            continue;
        }
        let phrase =
            phrases(tokens).into_iter().find(|phrase| phrase.start <= at && at < phrase.end)?;
        // "Status values" are those of the status.
        let is_values = tokens.get(at + 1).is_some_and(|it| it.is_any(&["values", "options"]));
        let mut next = at + 1 + usize::from(is_values);
        if phrase.end != next {
            continue;
        }
        let property = super::noun::singular(&tokens[at].lower);
        let noun = &phrase.noun;
        let noun = if is_values { noun.rsplit_once(' ').map_or("", |it| it.0) } else { noun };
        // "Allowed statuses" are nobody's.
        let mut owner =
            (core(noun) != noun).then(|| core(noun).to_owned()).filter(|owner| !is_sort(owner));
        // "has a status of new, open or done": those are its values.
        let are_of = |at: usize| {
            let had = tokens[..phrase.start].iter().any(|it| it.is_any(&["has", "have"]));
            let rest = tokens.get(at).and_then(|it| text.get(it.range.start..));
            had && rest.is_some_and(|rest| rest.contains(" or ") && values(rest).len() >= 2)
        };
        let of = tokens.get(next).filter(|token| token.is_any(&["of", "for"]));
        if of.is_some_and(|of| !of.is("of") || !are_of(next + 1)) {
            let of = phrase_at(tokens, next + 1)?;
            next = of.end;
            owner = Some(of.noun);
        }
        if owner.is_none() && phrase.start > 0 && tokens[phrase.start - 1].lower.ends_with('s') {
            let mark = &tokens[phrase.start - 1];
            if mark.is("'s") || mark.is("’s") {
                owner = phrases(&tokens[..phrase.start - 1]).pop().map(|phrase| phrase.noun);
            }
        }
        // "an order has a status: ...".
        if owner.is_none() {
            let verb =
                tokens[..phrase.start].iter().rposition(|token| token.is_any(&["has", "have"]));
            owner = verb.and_then(|verb| phrases(&tokens[..verb]).pop()).map(|phrase| phrase.noun);
        }
        // "priority level" of "each task with one priority level" is its priority.
        let is_graded = owner.as_deref().is_some_and(is_enumerable) && property == "level";
        let (owner, property) = if is_graded {
            let each = tokens[..phrase.start].iter().rposition(|it| it.is_any(&["each", "every"]));
            let whose = each.and_then(|each| phrase_at(tokens, each)).map(|it| it.noun);
            (whose, owner.unwrap_or_default())
        } else {
            (owner, property)
        };
        let Some(owner) = owner.or_else(&titled) else { continue };
        let lead = tokens[next..].iter().take(6).position(|token| {
            !(token.tag == Tag::Modal
                || token.tag == Tag::Auxiliary
                || token.tag == Tag::Adverb
                || token.is_any(&[
                    ":",
                    "(",
                    "one",
                    "of",
                    "the",
                    "following",
                    "either",
                    "values",
                    "–",
                    "-",
                    "—",
                    "include",
                    "includes",
                    "such",
                    "as",
                ])
                // "Three sizes are available: ...", where "available" is no value itself.
                || token.is_any(&["available", "supported", "allowed"])
                    && text.get(token.range.end..).is_some_and(|rest| rest.starts_with(':')))
        })?;
        // "Track bed status including free, taken and closed": three, since two may be examples of anything.
        let is_open = lead == 0 && tokens[next].is("including");
        if lead == 0 && !is_open {
            continue;
        }
        let rest = text.get(tokens[next + lead + usize::from(is_open)].range.start..)?;
        let values = values(rest);
        if values.len() >= 2 + usize::from(is_open) && !are_deeds(tokens, at, &property, &values) {
            return Some(Listed { owner, property, values });
        }
    }
    None
}

/// "Manage membership status (suspend, renew, upgrade)": what is done, and not what a row is.
fn are_deeds(tokens: &[Token], at: usize, property: &str, values: &[String]) -> bool {
    let is_managed = tokens[..at]
        .iter()
        .any(|it| it.is_verb_of(&["manage", "change", "update", "edit", "control", "administer"]));
    let is_plain = |value: &String| {
        value.chars().all(char::is_lowercase) && !super::state_words::sounds_like_state(value)
    };
    let is_deed = |value: &String| is_plain(value) && !value.ends_with("ing") && value != "draft";
    property == "status" && is_managed && values.iter().all(is_deed)
}

/// States the values of a property of what is known; what a list of its own describes gets no further field.
pub(super) fn state(document: &Document<'_>, span: Span, found: Listed, out: &mut Output) {
    let Some(owner) = resolve(&found.owner, out) else { return };
    let name = known_name(&owner, &found, out);
    let is_known = name.is_some();
    let field = FieldFact {
        name: name.unwrap_or_else(|| found.property.clone()),
        enum_values: found.values,
        ..FieldFact::default()
    };
    if is_known || !out.prose.is_described(&owner) {
        out.state(document, span, Fact::Field { entity: owner, field });
    }
}

/// The field of an entity that is meant. What is said of a thing itself is of its state, whatever the field is called.
pub(super) fn known_name(owner: &str, found: &Listed, out: &Output) -> Option<String> {
    let names = match found.property.as_str() {
        "status" => &["status", "state", "stage"][..],
        property => &[property],
    };
    let own = format!("{} {}", found.owner, found.property);
    let name = names.iter().find_map(|name| out.field(owner, name));
    name.or_else(|| out.field(owner, &own)).map(str::to_owned)
}

/// "pending, paid or cancelled" up to the end of the sentence or brackets.
pub(super) fn values(text: &str) -> Vec<String> {
    let end = text.find([')', '.', ';']).unwrap_or(text.len());
    // A bracket that opens after a value explains it.
    let end = text[..end].find(" (").unwrap_or(end);
    // "(30/s)" tells how often.
    if quantity::per_second(&text[..end]).is_some() {
        return Vec::new();
    }
    let text = text[..end].replace(" or ", ", ").replace(" and ", ", ").replace(" | ", ", ");
    let text = text.replace('/', ", ");
    let found: Vec<String> = split_top(&text, &[','])
        .into_iter()
        .map(|part| unquote(part.trim()).trim().to_owned())
        .map(|part| {
            let part =
                part.strip_prefix("or ").or_else(|| part.strip_prefix("and ")).unwrap_or(&part);
            unquote(part.trim()).to_owned()
        })
        .filter(|part| !part.is_empty())
        .collect();
    let is_value = |value: &String| {
        // "each category has a name and a price": those are properties.
        !value.starts_with("a ")
            && !value.starts_with("an ")
            && value.split_whitespace().count() <= 2 + usize::from(value.contains(" of "))
            && value.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' '))
            && value != "etc"
    };
    let found = without_frame(found);
    if found.len() >= 2 && found.iter().all(is_value) { found } else { Vec::new() }
}

/// "Track Pending, Success, Failed payments": the verb before the first value and the noun behind the
/// last are none, where the values have capital letters.
fn without_frame(mut values: Vec<String>) -> Vec<String> {
    let is_capital = |word: &str| word.starts_with(char::is_uppercase);
    let [first, .., last] = values.as_mut_slice() else { return values };
    if let Some((verb, value)) = first.split_once(' ') {
        let tokens = super::tag::tag(verb);
        let is_request = tokens.first().is_some_and(|token| {
            token.is_verb_of(super::lexicon::KEEP)
                || token.is_any(&["set", "show", "display", "manage"])
        });
        if is_request && is_capital(value) {
            *first = value.to_owned();
        }
    }
    if let Some((value, noun)) = last.rsplit_once(' ') {
        if is_capital(value) && !is_capital(noun) && is_capital(first) {
            *last = value.to_owned();
        }
    }
    values
}

/// "mark a ticket as served", "flag their account as frozen".
fn marked(tokens: &[Token]) -> Option<(Option<String>, String)> {
    let at = tokens
        .iter()
        .position(|token| token.is_verb_of(&["mark", "flag"]) && token.tag == Tag::Verb)?;
    let as_at = tokens[at..].iter().position(|token| token.is("as"))? + at;
    if as_at - at > 6 {
        return None;
    }
    let state = phrase_at(tokens, as_at + 1).map(|phrase| phrase.noun).or_else(|| {
        let token = tokens.get(as_at + 1)?;
        matches!(token.tag, Tag::Verb | Tag::Adjective).then(|| token.text.to_string())
    })?;
    let object = &tokens[at + 1..as_at];
    let is_pronoun = object
        .iter()
        .any(|token| token.tag == Tag::Pronoun || token.is_any(&["their", "his", "her", "its"]));
    let noun = phrase_at(tokens, at + 1).map(|phrase| phrase.noun).filter(|_| !is_pronoun);
    (is_pronoun || noun.is_some()).then_some((noun, state))
}

/// The states that a sentence takes a thing through.
#[derive(Debug, PartialEq, Eq)]
struct Moved {
    /// What goes through them, where the sentence names it.
    subject: Option<String>,
    /// Each state with the one after it.
    steps: Vec<(String, String)>,
    /// What causes the last step.
    on: Option<String>,
}

/// "moves from draft to published", "changes from A to B when paid", "goes from A to B, from B to C".
fn moved(text: &str, tokens: &[Token]) -> Option<Moved> {
    let at = tokens
        .iter()
        .position(|token| token.is_verb_of(&["move", "change", "transition", "go", "switch"]))?;
    let mut from = tokens[at..].iter().position(|token| token.is("from"))? + at;
    if from - at > 3 {
        return None;
    }
    let word = |range: &[Token]| -> Option<String> {
        let words: Vec<&str> = range
            .iter()
            // "From in_review back to draft"
            .filter(|token| token.tag != Tag::Determiner && !token.is("back"))
            .map(|token| token.text.as_str())
            .collect();
        // "Ratings go from 1 to 5" names no states.
        let is_state = |word: &&str| word.contains(char::is_alphabetic);
        let few = (1..=2).contains(&words.len()) && words.iter().all(is_state);
        few.then(|| words.join(" "))
    };
    let is_link = |token: &Token| token.is_any(&[",", ";", "and", "then", "or"]);
    let mut steps: Vec<(String, String)> = Vec::new();
    let mut end;
    loop {
        let to = tokens[from..].iter().position(|token| token.is("to"))? + from;
        let first = match steps.last() {
            // "from A to B, then to C"
            Some((_, last)) if to == from => last.clone(),
            Some(_) | None => word(&tokens[from + 1..to])?,
        };
        // Another step behind the comma ends the state before it.
        let next = |at: usize| {
            let links = tokens[at..].iter().take_while(|token| is_link(token)).count();
            let lead = tokens.get(at + links).filter(|_| links > 0)?;
            lead.is_any(&["from", "to"]).then_some(at + links)
        };
        end = (to..tokens.len())
            .find(|&at| {
                tokens[at].is_any(&["when", "after", "once", "if", ".", ",", "upon", "by"])
                    || next(at).is_some()
            })
            .unwrap_or(tokens.len());
        steps.push((first, word(&tokens[to + 1..end])?));
        match (end < tokens.len()).then(|| next(end)).flatten() {
            Some(at) => from = at,
            None => break,
        }
    }
    let on = tokens
        .get(end + 1)
        .and_then(|token| text.get(token.range.start..))
        .map(|on| on.trim_end_matches('.').to_owned());
    let subject = phrases(&tokens[..at]).pop().map(|phrase| core(&phrase.noun).to_owned());
    Some(Moved { subject, steps, on: on.filter(|on| !on.is_empty()) })
}

pub(crate) fn read(document: &Document<'_>, out: &mut Output) {
    over_clauses(out, |clauses, out| {
        let mut last: Option<String> = None;
        let mut marks: Vec<(String, String, usize)> = Vec::new();
        let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
        // Values and states make no entity, so that what is known by now is all.
        let known = &*out;
        let said = in_each(clauses, |clause| {
            let heading = || clause.section.map(|section| topic(document.title(section)));
            let titled = || clause.title.as_deref().or_else(heading).and_then(super::titled::noun);
            let found = listed(&clause.text, &clause.tokens, titled)
                .or_else(|| being(&clause.text, &clause.tokens))
                .or_else(|| super::slashed::find(&clause.text, &clause.tokens))
                .or_else(|| with_one_of(&clause.text, &clause.tokens));
            // "Mark a visit as planned, open or closed" lists states, and sets no flag.
            let is_flag = value_tells::told(&clause.text, &clause.tokens).is_none();
            let marked = marked(&clause.tokens).filter(|_| is_flag);
            (found, moved(&clause.text, &clause.tokens), marked)
        });
        // What a sentence is about matters only where one says what becomes of "it".
        let is_asked = said.iter().any(|(_, moved, marked)| moved.is_some() || marked.is_some());
        let subject = |clause: &super::clause::Clause| {
            clause.phrases.iter().find_map(|phrase| resolve(&phrase.noun, known))
        };
        let subjects = if is_asked { in_each(clauses, subject) } else { Vec::new() };
        let subjects = subjects.into_iter().chain(std::iter::repeat(None));
        for (((index, clause), (found, moved, marked)), subject) in
            clauses.iter().enumerate().zip(said).zip(subjects)
        {
            let span = document.span(clause.range.clone());
            if let Some(found) = found {
                state(document, span, found, out);
            }
            if let Some(Moved { subject: noun, steps, on }) = moved {
                let at_end = clause.tokens.len();
                let spoken_of = || spoken_of(clause, at_end, last.as_deref(), out);
                let owner = noun.and_then(|noun| resolve(&noun, out)).or_else(spoken_of);
                let count = steps.len();
                for (at, (from, to)) in steps.into_iter().enumerate() {
                    let Some(entity) = owner.clone() else { break };
                    let on = on.clone().filter(|_| at + 1 == count);
                    let fact = Fact::Transition { entity, field: None, from, to, on };
                    out.state(document, span, fact);
                }
            }
            if let Some((noun, state)) = marked {
                let owner = match noun {
                    Some(noun) => resolve(core(&noun), out),
                    // "flag their account": the subject of this sentence, or of the one before.
                    None => subject.clone().or_else(|| last.clone()),
                };
                if let Some(owner) = owner {
                    if seen.insert((owner.clone(), fold(&state))) {
                        marks.push((owner, state, index));
                    }
                }
            }
            last = subject.or(last);
        }
        super::state_marks::state(document, clauses, &marks, out);
    });
    super::value_lists::read(document, out);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prose::tag::tag;

    #[test]
    fn values_in_sentences() {
        let find = |text: &str| {
            listed(text, &tag(text), || None)
                .map(|it| format!("{}.{}: {}", it.owner, it.property, it.values.join("|")))
        };
        assert_eq!(
            find("The system shall record ticket source: online, kiosk, or staff-add (walk-in).")
                .as_deref(),
            Some("ticket.source: online|kiosk|staff-add")
        );
        assert_eq!(
            find("An order status can be pending, paid or cancelled.").as_deref(),
            Some("order.status: pending|paid|cancelled")
        );
        assert_eq!(
            find("Each task has a priority (low, medium, high)").as_deref(),
            Some("task.priority: low|medium|high")
        );
        let being = |text: &str| being(text, &tag(text)).map(|it| it.values.join("|"));
        let copy = "A copy is available, on loan, reserved, lost or withdrawn.";
        assert_eq!(being(copy).as_deref(), Some("available|on loan|reserved|lost|withdrawn"));
        assert_eq!(being("A room is small, medium or large."), None);
        assert_eq!(being("Copies are available, reserved or lost."), None);
        let trips = "Trips are either running, finished or cancelled.";
        assert_eq!(being(trips).as_deref(), Some("running|finished|cancelled"));
        assert_eq!(being("A user is able to create, edit or delete orders."), None);
        let made = |text: &str| {
            with_one_of(text, &tag(text))
                .map(|it| format!("{}.{}: {}", it.owner, it.property, it.values.join("|")))
        };
        assert_eq!(
            made("Add users with role Admin or Clerk.").as_deref(),
            Some("users.role: Admin|Clerk")
        );
        assert_eq!(made("Show users with role Admin or Clerk."), None);
        // What selects rows lists neither values nor fields.
        for text in [
            "An order has at most one payment whose `status` is `authorized`, `captured` or `refunded`.",
            "A user has at most one cart where status is open or paid.",
            "Staff see an order if its status is pending or paid.",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
        assert_eq!(
            find("Payment Status: Track Pending, Success, Failed payments.").as_deref(),
            Some("Payment.status: Pending|Success|Failed")
        );
        assert_eq!(find("Staff can filter by status, time, and source."), None);
        assert_eq!(find("Staff manage card status (suspend, renew, upgrade)."), None);
    }

    #[test]
    fn a_mark_and_its_opposite_in_a_table() {
        crate::notation::check(
            "# Lending\n\nThe system stores each reader with a name and an email.\n\nIf a reader owes 10 EUR, we should flag the reader as `blocked`.\n\n| Owed | Status |\n|-|-|\n| 3 | Not Blocked |\n| 12 | Blocked |\n",
            &expect_test::expect![[r#"
                3 prose-entities  entity Reader
                3 prose-inline-fields  field Reader.name
                3 prose-inline-fields  field Reader.email
                5 prose-values  field Reader.blocked [Not Blocked | Blocked]
                5 prose-values  transition Reader.blocked: Not Blocked -> Blocked on If a reader owes 10 EUR, we should flag the reader as `blocked`
                7 R001 the table `Owed | Status` was not understood, so nothing in it reached the model
            "#]],
        );
    }

    #[test]
    fn marks_and_moves() {
        let marked = |text: &str| marked(&tag(text));
        assert_eq!(
            marked("The system shall allow staff to mark a ticket as served."),
            Some((Some("ticket".to_owned()), "served".to_owned()))
        );
        assert_eq!(
            marked("we should flag their account as `frozen`"),
            Some((None, "frozen".to_owned()))
        );
        let text = "An article moves from draft to published when an editor approves it.";
        assert_eq!(
            moved(text, &tag(text)),
            Some(Moved {
                subject: Some("article".to_owned()),
                steps: vec![("draft".to_owned(), "published".to_owned())],
                on: Some("an editor approves it".to_owned())
            })
        );
        let text = "A call goes from planned to open, then to closed, and from closed to archived.";
        let steps = moved(text, &tag(text)).unwrap().steps;
        let pair = |(from, to): (&str, &str)| (from.to_owned(), to.to_owned());
        assert_eq!(
            steps,
            [("planned", "open"), ("open", "closed"), ("closed", "archived")].map(pair)
        );
    }
}
