//! Three values or more that a sentence tells with a verb: "mark a visit as planned, open or closed", "set the
//! status of a visit to ...", "visits are classified as ...", "view planned, open and closed visits". Two may
//! be some of many: "mark as paid or lost" leaves out what a row is before.

use super::clause::{Clause, topic};
use super::evidence::core;
use super::noun::{phrase_at, phrases};
use super::state_words::sounds_like_state;
use super::tag::{Tag, Token, tag};
use super::values::{Listed, is_enumerable, known_name, listed, state, values};
use super::{in_each, over_clauses, resolve};
use crate::document::Document;
use crate::notation::Output;
use crate::words::fold;

pub(crate) const DOC: &str = "Values that a verb tells: \"mark a visit as planned, open or closed\", where nothing lists them.";

pub(crate) fn read(document: &Document<'_>, out: &mut Output) {
    over_clauses(out, |clauses, out| {
        let heading = |clause: &Clause| clause.section.map(|it| topic(document.title(it)));
        let said = in_each(clauses, |clause| {
            let titled = || heading(clause).and_then(super::titled::noun);
            let label = clause.title.as_deref();
            told(&clause.text, &clause.tokens).or_else(|| labelled(label?, &clause.text, titled))
        });
        for (clause, found) in clauses.iter().zip(said) {
            let Some(mut found) = found else { continue };
            // "Given an order I own, when I set the status": what the sentence names first.
            if found.owner.is_empty() {
                let named = clause.phrases.iter().filter(|it| resolve(&it.noun, out).is_some());
                let Some(named) = named.map(|it| it.noun.clone()).next() else { continue };
                found.owner = named;
            }
            let Some(owner) = resolve(&found.owner, out) else { continue };
            let name = known_name(&owner, &found, out).unwrap_or_else(|| found.property.clone());
            let is_listed = out.choices_of(&owner).any(|(field, _)| fold(field) == fold(&name));
            if !is_listed {
                state(document, document.span(clause.range.clone()), found, out);
            }
        }
    });
}

/// How many values must stand together before they are taken for all.
const ENOUGH: usize = 3;

/// The values that a sentence tells.
pub(super) fn told(text: &str, tokens: &[Token]) -> Option<Listed> {
    marked_as(text, tokens)
        .or_else(|| set_to(text, tokens))
        .or_else(|| classified(text, tokens))
        .or_else(|| by_kind(text, tokens))
        .or_else(|| for_example(text, tokens))
        .or_else(|| shown_by_state(tokens))
}

/// The values in a sentence from a token on, where there are enough.
fn enough(text: &str, tokens: &[Token], at: usize) -> Option<Vec<String>> {
    let rest = text.get(tokens.get(at)?.range.start..)?;
    let found = values(rest);
    (found.len() >= ENOUGH).then_some(found)
}

/// "Mark a visit as planned, open or closed", "visits can be marked as ...".
fn marked_as(text: &str, tokens: &[Token]) -> Option<Listed> {
    let at = tokens.iter().position(|it| it.is_verb_of(&["mark", "flag", "assign"]))?;
    let behind = at + 1 + tokens[at + 1..].iter().take(6).position(|it| it.is("as"))?;
    let object = phrases(&tokens[at + 1..behind]).pop();
    // Nobody says in front what is marked, where it stands behind.
    let subject = || {
        let is_passive = tokens.get(at.checked_sub(1)?)?.is_any(&["be", "are", "is"]);
        is_passive.then(|| phrases(&tokens[..at - 1]).pop()).flatten()
    };
    let owner = object.or_else(subject)?;
    let values = enough(text, tokens, behind + 1)?;
    Some(Listed { owner: core(&owner.noun).to_owned(), property: "status".to_owned(), values })
}

/// "Set the status of a visit to planned, open or closed", "change the visit status to ...".
fn set_to(text: &str, tokens: &[Token]) -> Option<Listed> {
    let verb = tokens
        .iter()
        .position(|it| it.is_verb_of(&["set", "change", "update", "move", "switch"]))?;
    let to = verb + 1 + tokens[verb + 1..].iter().take(9).position(|it| it.is("to"))?;
    let between = &tokens[verb + 1..to];
    let is_state = |it: &Token| it.is_any(&["status", "state", "stage"]);
    let at = between.iter().position(is_state)?;
    let values = enough(text, tokens, to + 1)?;
    // "The status of a visit", "the visit's status", "the visit status".
    let behind = || phrases(&between[at + 1..]).into_iter().next();
    let front = || {
        let whole = phrases(&between[..=at]).pop()?;
        let is_own = core(&whole.noun) != whole.noun;
        if is_own { Some(whole) } else { phrases(&between[..whole.start]).pop() }
    };
    let owner = behind().or_else(front)?;
    let property = super::noun::singular(&between[at].lower);
    Some(Listed { owner: core(&owner.noun).to_owned(), property, values })
}

/// "Visits are classified as short, long or open", "a visit is of type short, long or open".
fn classified(text: &str, tokens: &[Token]) -> Option<Listed> {
    let by_verb = tokens.windows(2).position(|pair| {
        pair[0].is_any(&["classified", "categorized", "categorised"])
            && pair[1].is_any(&["as", "into"])
    });
    let by_type = || tokens.windows(2).position(|pair| pair[0].is("of") && pair[1].is("type"));
    let at = by_verb.or_else(by_type)?;
    let is_said = tokens.get(at.checked_sub(1)?)?.is_any(&["is", "are", "be"]);
    let owner = phrases(&tokens[..at - 1]).pop().filter(|_| is_said)?;
    let values = enough(text, tokens, at + 2)?;
    Some(Listed { owner: core(&owner.noun).to_owned(), property: "type".to_owned(), values })
}

/// "Classify each visit by type (short, long, open)".
fn by_kind(text: &str, tokens: &[Token]) -> Option<Listed> {
    let at =
        tokens.windows(2).position(|pair| pair[0].is("by") && is_enumerable(&pair[1].lower))?;
    let owner = phrases(&tokens[..at]).pop().filter(|owner| owner.end == at)?;
    tokens.get(at + 2).filter(|it| it.is_any(&["(", ":"]))?;
    let values = enough(text, tokens, at + 3)?;
    let property = super::noun::singular(&tokens[at + 1].lower);
    Some(Listed { owner: core(&owner.noun).to_owned(), property, values })
}

/// "Each visit with its date and status (e.g., planned, open, closed)": examples of states are the states
/// that anybody knows of.
fn for_example(text: &str, tokens: &[Token]) -> Option<Listed> {
    let at =
        text.find("e.g.").map(|at| (at, "e.g.")).or_else(|| Some((text.find("eg:")?, "eg:")))?;
    let lead = tag(&text[..at.0]);
    let last = lead.iter().rposition(|it| !it.is_any(&["(", ",", ":", "–", "-"]))?;
    let rest = text[at.0 + at.1.len()..].trim_start_matches([',', ' ', ':']);
    let values = Some(values(rest)).filter(|found| found.len() >= ENOUGH)?;
    // "The status to an allowed value (e.g. ...)": what is set is said before.
    let is_value = lead[last].is_any(&["value", "values"]);
    let is_state = |it: &Token| it.is_any(&["status", "state", "stage"]);
    let place = if is_value { lead.iter().rposition(is_state)? } else { last };
    if !is_state(&lead[place]) {
        return None;
    }
    let whole = phrases(&lead[..=place]).pop().filter(|it| it.end == place + 1)?;
    let own = core(&whole.noun);
    // "The list shows the visit date, room, and status": what the list of properties begins with.
    let owner = if own != whole.noun {
        own.to_owned()
    } else {
        let own = phrases(tokens).into_iter().filter(|it| it.end <= place).find_map(|it| {
            let own = core(&it.noun);
            (own != it.noun).then(|| own.to_owned())
        });
        own.unwrap_or_default()
    };
    Some(Listed { owner, property: "status".to_owned(), values })
}

/// "View planned, confirmed and cancelled visits": states in front of what is in them.
fn shown_by_state(tokens: &[Token]) -> Option<Listed> {
    let verb = tokens.iter().position(|it| {
        it.is_verb_of(&["view", "see", "list", "show", "display", "filter", "track"])
    })?;
    let is_state = |it: &Token| {
        sounds_like_state(&it.lower) || it.is_any(&["upcoming", "past", "ongoing", "in-progress"])
    };
    let mut states: Vec<String> = Vec::new();
    let mut at = verb + 1;
    while let Some(token) = tokens.get(at) {
        match token {
            it if is_state(it) => states.push(it.lower.to_string()),
            it if it.is_any(&[",", "and", "or", "/", "all"]) || it.tag == Tag::Determiner => {}
            _ => break,
        }
        at += 1;
    }
    let owner = phrase_at(tokens, at).filter(|it| it.is_plural)?;
    // Past and upcoming are told by a date.
    let is_of_time = states.iter().any(|it| matches!(it.as_str(), "upcoming" | "past" | "ongoing"));
    (states.len() >= ENOUGH && !is_of_time).then(|| Listed {
        owner: core(&owner.noun).to_owned(),
        property: "status".to_owned(),
        values: states,
    })
}

/// "Status: planned, open, closed" in a section about visits.
pub(super) fn labelled(
    label: &str,
    text: &str,
    heading: impl Fn() -> Option<String>,
) -> Option<Listed> {
    let text = text.strip_prefix(label).unwrap_or(text).trim_start_matches([':', ' ', '*', '(']);
    let label = label.trim_end_matches(" tracking").trim_end_matches(" Tracking");
    let text = text.trim_end_matches(')');
    let found = values(text);
    let is_whole = text.trim_end_matches('.').split([',', '/', '|']).count() == found.len();
    let is_said =
        label.split(' ').count() <= 3 && is_enumerable(&label.rsplit(' ').next()?.to_lowercase());
    if found.len() < ENOUGH || !is_whole || !is_said {
        return None;
    }
    let text = format!("{label}: {}", found.join(", "));
    listed(&text, &tag(&text), heading)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(text: &str) -> Option<String> {
        told(text, &tag(text))
            .map(|it| format!("{}.{}: {}", it.owner, it.property, it.values.join("|")))
    }

    #[test]
    fn values_that_verbs_tell() {
        for (text, expected) in [
            (
                "Staff can mark a visit as planned, open or closed.",
                "visit.status: planned|open|closed",
            ),
            (
                "The app allows staff to assign visits as planned, open or closed.",
                "visits.status: planned|open|closed",
            ),
            (
                "Visits can be marked as planned, open or closed.",
                "Visits.status: planned|open|closed",
            ),
            (
                "Staff change the status of a visit to Planned, Open or Closed.",
                "visit.status: Planned|Open|Closed",
            ),
            (
                "Set the visit status to 'Planned', 'Open' or 'Closed'.",
                "visit.status: Planned|Open|Closed",
            ),
            ("Visits are classified as short, long or open.", "Visits.type: short|long|open"),
            ("Classify each visit by type (short, long, open).", "visit.type: short|long|open"),
            (
                "Staff can view confirmed, cancelled and closed visits.",
                "visits.status: confirmed|cancelled|closed",
            ),
            (
                "The list shows the visit date and status (e.g., 'Planned', 'Open', 'Closed').",
                "visit.status: Planned|Open|Closed",
            ),
        ] {
            assert_eq!(find(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_lists_no_values() {
        for text in [
            // What a row is before stands in neither.
            "Staff can mark a visit as paid or lost.",
            "Set the visit status to closed or lost.",
            "Members can view past, upcoming and cancelled visits.",
            "The page shows name, city and country.",
            "Visits are classified as needed.",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
    }

    #[test]
    fn labels_of_values() {
        let find = |label: &str, text: &str| {
            labelled(label, text, || Some("visit".to_owned())).map(|it| it.values.join("|"))
        };
        assert_eq!(find("Status", "planned, open, closed").as_deref(), Some("planned|open|closed"));
        assert_eq!(find("Status", "Draft"), None);
        assert_eq!(find("Priority", "High / Medium"), None);
        assert_eq!(find("Status", "Set by staff, and shown to all, when they sign in"), None);
    }
}
