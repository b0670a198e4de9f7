//! Sentences whose subject goes through states: "A visit is scheduled -> done; scheduled -> cancelled".

use std::ops::Range;

use smol_str::SmolStr;

use super::state_chain::{Chain, chain};
use crate::Fact;
use crate::document::{BlockKind, Document};
use crate::notation::Output;
use crate::words::{fold, lower_words, without_mark};

pub(super) const DOC: &str =
    "A sentence or label that names an entity, and its states with arrows between them.";

/// Words between the subject and the first state.
const VERBS: &[&str] = &[
    "is",
    "are",
    "goes",
    "go",
    "moves",
    "move",
    "runs",
    "passes",
    "follows",
    "flows",
    "changes",
    "transitions",
    "starts",
    "begins",
    "progresses",
    "cycles",
];

/// Words that may follow the verb or the entity before the first state.
const FILLERS: &[&str] = &[
    "from",
    "through",
    "as",
    "in",
    "at",
    "first",
    "status",
    "state",
    "states",
    "lifecycle",
    "life",
    "cycle",
    "flow",
    "workflow",
    "transitions",
    "the",
    "its",
];

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (_, block) in out.blocks(document) {
        let lines: Vec<(&str, Range<usize>)> = match &block.kind {
            BlockKind::Paragraph(inline) => {
                inline.lines.iter().map(|line| (line.text.as_str(), line.range.clone())).collect()
            }
            BlockKind::List(list) => list
                .items
                .iter()
                .map(|item| (item.content.text.as_str(), item.content.range()))
                .collect(),
            BlockKind::Table(_) | BlockKind::Code(_) => continue,
        };
        for (text, range) in lines {
            if !range.is_empty() && text.len() <= 500 && out.is_open(document, range.start) {
                read_line(document, text, range, out);
            }
        }
    }
}

fn read_line(document: &Document<'_>, text: &str, range: Range<usize>, out: &mut Output) {
    let text = without_mark(text);
    let (text, behind) = text.split_once(". ").unwrap_or((text, ""));
    let Some((entity, rest)) = subject(text, out) else { return };
    let chains: Option<Vec<Chain>> = rest.split(';').map(chain).collect();
    let Some(chains) = chains else { return };
    let is_entity = |state: &String| out.known.get(state).is_some();
    // An arrow to an entity relates two of them.
    if chains.iter().flat_map(|chain| chain.steps.iter().flatten()).any(is_entity) {
        return;
    }
    let born = begins(behind, &chains);
    for chain in chains {
        for (from, to) in chain.pairs() {
            let fact = Fact::Transition {
                entity: entity.clone(),
                field: None,
                from: from.to_owned(),
                to: to.to_owned(),
                on: chain.on.clone(),
            };
            out.state(document, document.span(range.clone()), fact);
        }
    }
    if born.is_some() {
        let (field, states) = (None, Vec::new());
        let fact = Fact::Lifecycle { entity, field, states, initial: born };
        out.state(document, document.span(range), fact);
    }
}

/// The state that the sentence behind names as the first: "It begins as a draft", "It starts open".
fn begins(text: &str, chains: &[Chain]) -> Option<String> {
    let said = lower_words(text);
    let (subject, rest) = said.split_first()?;
    let (verb, rest) = rest.split_first()?;
    let is_birth = ["begins", "starts", "begin", "start"].contains(&verb.as_str());
    (is_birth && ["it", "they"].contains(&subject.as_str())).then_some(())?;
    let is_filler = |word: &&SmolStr| {
        ["as", "in", "a", "an", "the", "state", "status"].contains(&word.as_str())
    };
    let named: Vec<&str> = rest.iter().skip_while(is_filler).map(SmolStr::as_str).collect();
    let named = fold(&named.join(" "));
    chains.iter().flat_map(Chain::states).find(|state| fold(state) == named)
}

/// The entity that a line begins with, and what follows the words that lead to the first state.
fn subject<'a>(text: &'a str, out: &Output) -> Option<(String, &'a str)> {
    let mut rest = without_article(text)?;
    // "The status of a contract goes …"
    for of in ["status of ", "state of "] {
        if let Some(whose) = rest.trim_start().strip_prefix(of) {
            rest = without_article(whose)?;
        }
    }
    // The longest run of up to three words that names an entity.
    let mut ends = Vec::new();
    let mut tail = rest;
    for _ in 0..3 {
        let Some((_, after)) = word(tail) else { break };
        ends.push(rest.len() - after.len());
        tail = after;
    }
    let (entity, mut tail) = ends.iter().rev().find_map(|&end| {
        let name = rest[..end].trim_matches(|c: char| !c.is_alphanumeric());
        out.known.get(name).map(|entity| (entity.to_owned(), &rest[end..]))
    })?;
    let mut led = rest[..rest.len() - tail.len()].trim_end().ends_with(':');
    while let Some((next, after)) = word(tail) {
        let plain = plain_word(next);
        if VERBS.contains(&plain.as_str()) || FILLERS.contains(&plain.as_str()) {
            led |= VERBS.contains(&plain.as_str()) || next.ends_with(':');
            tail = after;
        } else {
            break;
        }
    }
    led.then_some((entity, tail.trim_start_matches([':', ' '])))
}

fn without_article(text: &str) -> Option<&str> {
    let (article, after) = word(text)?;
    let is_article =
        ["a", "an", "the", "each", "every", "any"].contains(&plain_word(article).as_str());
    Some(if is_article { after } else { text })
}

/// The first word with its punctuation, and what follows it.
fn word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

fn plain_word(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    const KNOWN: &str = "# Visit\n| Field | Type |\n|-|-|\n| id | int |\n\n# Dog\n| Field | Type |\n|-|-|\n| id | int |\n\n# Notes\n\n";

    fn checked(text: &str, expected: &expect_test::Expect) {
        check(&format!("{KNOWN}{text}"), expected);
    }

    #[test]
    fn the_subject_is_an_entity_and_the_rest_are_states() {
        checked(
            "A visit is scheduled -> done -> billed; scheduled -> cancelled\n\n- Dog: alive → gone\n",
            &expect![[r#"
                1 field-table  entity Visit
                4 field-table  field Visit.id int
                6 field-table  entity Dog
                9 field-table  field Dog.id int
                13 transition-sentence  transition Visit: scheduled -> done
                13 transition-sentence  transition Visit: done -> billed
                13 transition-sentence  transition Visit: scheduled -> cancelled
                15 transition-sentence  transition Dog: alive -> gone
            "#]],
        );
    }

    #[test]
    fn the_status_of_a_thing_and_how_it_begins() {
        checked(
            "- The status of a visit goes planned → begun → done; planned → cancelled. It begins as planned.\n",
            &expect![[r#"
                1 field-table  entity Visit
                4 field-table  field Visit.id int
                6 field-table  entity Dog
                9 field-table  field Dog.id int
                13 transition-sentence  transition Visit: planned -> begun
                13 transition-sentence  transition Visit: begun -> done
                13 transition-sentence  transition Visit: planned -> cancelled
                13 transition-sentence  life cycle Visit from planned
            "#]],
        );
    }

    #[test]
    fn other_subjects_and_arrows_between_entities_are_not_read() {
        checked(
            "The build goes red -> green.\n\nA visit is a Dog -> Visit\n\nVisits matter -> much\n",
            &expect![[r#"
                1 field-table  entity Visit
                4 field-table  field Visit.id int
                6 field-table  entity Dog
                9 field-table  field Dog.id int
            "#]],
        );
    }
}
