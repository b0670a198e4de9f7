//! Chains of states inside a sentence: "Ticket lifecycle `open → closed`", "A ticket goes through Open → Closed", "staff see
//! the ticket status (Open → Closed)", and "Lifecycle `open → closed`" in a section about tickets.

use underpin_base::Phrases;

use super::clause::Clause;
use super::inline_fields::subject;
use super::state_words::spoken_of;
use crate::document::Document;
use crate::lifecycle::is_state_word;
use crate::notation::state_chain::{ARROWS, Chain, chain};
use crate::notation::{Output, mentioned};
use crate::words::{code_spans, lower_words};

/// Words before a chain that say that a row passes through it.
const PASSING: &[&str] = &[
    "goes",
    "go",
    "moves",
    "move",
    "passes",
    "pass",
    "progresses",
    "progress",
    "through",
    "flow",
    "workflow",
    "stages",
    "follows",
    "follow",
];

/// The entity whose states a sentence draws, and their chain.
pub(super) fn find(
    clause: &Clause,
    near: impl FnOnce() -> Option<String>,
    document: &Document<'_>,
    out: &Output,
) -> Option<(String, Chain)> {
    let (before, chain) = drawn(&clause.text)?;
    let words = lower_words(&before);
    let is_status = words.iter().any(|word| is_state_word(word));
    if !is_status && !words.iter().any(|word| PASSING.contains(&word.as_str())) {
        return None;
    }
    let mut named: Vec<String> = mentioned(&before, out);
    named.retain(|entity| !super::is_person_noun(entity));
    let entity = match named.as_slice() {
        [one] => one.clone(),
        [] => {
            let led =
                clause.lead.as_deref().map(|lead| mentioned(lead, out)).filter(|it| it.len() == 1);
            led.and_then(|mut it| it.pop())
                .or_else(|| subject(clause, document, out))
                .or_else(near)
                .or_else(|| spoken_of(clause, 0, None, out))?
        }
        [..] => return None,
    };
    Some((entity, chain))
}

/// The words before a chain, and the chain.
fn drawn(text: &str) -> Option<(String, Chain)> {
    let text = text.trim();
    // "the status flow open > assigned > closed".
    let marked = (text.matches('>').count() >= 2 && text.matches(" > ").count() >= 2)
        .then(|| text.replace(" > ", " → "));
    let text = marked.as_deref().unwrap_or(text);
    if let Some(code) = code_spans(text).into_iter().find(|it| it.first_of(ARROWS).is_some()) {
        let at = text.find(code)?;
        let chain = chain(code).filter(|it| it.steps.len() > 1)?;
        return Some((text[..at].to_owned(), chain));
    }
    let arrow = ARROWS.iter().filter_map(|arrow| Some((text.place_of(arrow)?, *arrow))).min()?;
    let (before, first) = last_state(&text[..arrow.0])?;
    let last = ARROWS.iter().filter_map(|arrow| Some(text.rfind(arrow)? + arrow.len())).max()?;
    let tail = &text[last..];
    let ends =
        [".", ";", ")", " via ", " by ", " when ", " with ", " so ", " after ", " (", " as "];
    let end = ends.iter().filter_map(|end| tail.find(end)).min().unwrap_or(tail.len());
    let middle = &text[arrow.0..last];
    let chain =
        chain(&format!("{first} {middle}{}", &tail[..end])).filter(|it| it.steps.len() > 2)?;
    Some((before.to_owned(), chain))
}

/// The state that a text ends with, and the words before it: the last one, or several with capital letters.
fn last_state(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_end();
    let start = text.rfind(['(', ':']).map_or(0, |at| at + 1);
    let mut at = text.rfind(' ').map_or(start, |at| at + 1).max(start);
    let is_capital = |from: usize| text[from..].starts_with(char::is_uppercase);
    while is_capital(at) && at > start {
        let front = text[..at].trim_end();
        let before = front.rfind(' ').map_or(start, |at| at + 1).max(start);
        if before >= at || before == 0 || !is_capital(before) || front.ends_with([':', '(', ',']) {
            break;
        }
        at = before;
    }
    let state = text[at..].trim();
    (!state.is_empty()).then_some((&text[..at], state))
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn chains_in_sentences() {
        check(
            "# Desk\n\n## 2. Tickets\n\n- FR-1: Members create tickets with a title and a date.\n- FR-2: Lifecycle `Open → In Progress → Closed`. Only `Open` can be seen.\n\n## 3. Claims\n\n- FR-3: Members create claims with a title and a date.\n- FR-4: A claim goes through Draft → Under Review → Paid/Refused.\n\n## 4. Other\n\n- FR-5: The build goes through Lint → Test → Deploy.\n- FR-6: Requests flow from Browser → Proxy → Server.\n",
            &expect![[r#"
                5 prose-entities  entity Ticket
                5 prose-entities  entity Member
                5 prose-inline-fields  field Ticket.title
                5 prose-inline-fields  field Ticket.date
                5 prose-possession  relationship Member 1:N Ticket [inferred: the sentence calls them its own]
                6 prose-lifecycle  transition Ticket: Open -> In Progress
                6 prose-lifecycle  transition Ticket: In Progress -> Closed
                10 prose-entities  entity Claim
                10 prose-inline-fields  field Claim.title
                10 prose-inline-fields  field Claim.date
                10 prose-possession  relationship Member 1:N Claim [inferred: the sentence calls them its own]
                11 prose-lifecycle  transition Claim: Draft -> Under Review
                11 prose-lifecycle  transition Claim: Under Review -> Paid
                11 prose-lifecycle  transition Claim: Under Review -> Refused
            "#]],
        );
    }
}
