//! Sentences of which nothing was read although they seem to state something of a thing that is known: a line that holds one
//! counts as understood only in part, or not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use underpin_base::{Diagnostic, Phrases};

use crate::code;
use crate::document::{BlockKind, Document, Inline};
use crate::lines::Fate;
use crate::notation::{Output, mentioned};
use crate::prose::{placed_sentences, unsaid};
use crate::words::{fold, lower_words};
use crate::{Fact, PartitioningFact, Statement};

use super::shortened;

/// So many sentences of a document are told one by one; the others are counted.
const TOLD: usize = 20;

/// A sentence of which nothing was read.
struct Unread {
    text: String,
    place: Range<usize>,
}

/// Lists the sentences of a document that were not read, and says so of their lines.
pub(super) fn report(document: &Document<'_>, fates: &mut [Fate], out: &mut Output) {
    let unread = unread(document, fates, out);
    for it in &unread {
        let lines = document.line_of(it.place.start)..=document.line_of(it.place.end - 1);
        for fate in &mut fates[lines] {
            *fate = match *fate {
                Fate::Understood(notation) => Fate::InPart(notation),
                Fate::NoData(_) => Fate::NotUnderstood,
                fate @ (Fate::InPart(_) | Fate::SetAside(_) | Fate::NotUnderstood) => fate,
            };
        }
    }
    out.unread.extend(unread.iter().map(|it| document.span(it.place.clone())));
    for it in unread.iter().take(TOLD) {
        let message =
            format!("`{}` seems to state something and was not understood", shortened(&it.text));
        let diagnostic =
            Diagnostic::note(code::UNREAD_CLAUSE, message).at(document.span(it.place.clone()), "");
        out.diagnostics.push(
            diagnostic.help(
                "say it of one thing, with the names of its fields, in a sentence of its own",
            ),
        );
    }
    if let Some(next) = unread.get(TOLD) {
        let message = format!(
            "{} more sentences seem to state something and were not understood",
            unread.len() - TOLD
        );
        let diagnostic = Diagnostic::note(code::UNREAD_CLAUSE, message)
            .at(document.span(next.place.clone()), "the first of them");
        out.diagnostics.push(diagnostic.help("`--emit statements` shows the fate of each line"));
    }
}

fn unread(document: &Document<'_>, fates: &[Fate], out: &Output) -> Vec<Unread> {
    let by_line = by_line(document, out);
    let mut found = Vec::new();
    for block in &document.blocks {
        let inlines: Vec<&Inline> = match &block.kind {
            BlockKind::Paragraph(inline) => vec![inline],
            BlockKind::List(list) => list.items.iter().map(|item| &item.content).collect(),
            BlockKind::Table(_) | BlockKind::Code(_) => continue,
        };
        for inline in inlines {
            // Most texts bind nothing; they are not looked at twice.
            if !binds(&inline.text) {
                continue;
            }
            let sentences: Vec<(String, Range<usize>)> = placed_sentences(inline)
                .into_iter()
                .flat_map(|(text, range)| {
                    uncapitalized(&text).into_iter().map(move |it| (it, range.clone()))
                })
                .collect();
            let count = sentences.len();
            for (text, range) in sentences {
                let lines = document.line_of(range.start)
                    ..=document.line_of(range.end.max(range.start + 1) - 1);
                let is_looked_at = fates[lines.clone()]
                    .iter()
                    .all(|fate| matches!(fate, Fate::Understood(_) | Fate::NoData(_)));
                if !is_looked_at || !binds(&text) || is_told(&text) {
                    continue;
                }
                let words = phrases(&text);
                let mut stated = lines.flat_map(|line| by_line.get(&line).into_iter().flatten());
                let is_read = stated.any(|it| speaks_of(&it.fact, &text, &words, count == 1));
                let is_of_thing = || {
                    !mentioned(&text, out).is_empty()
                        || out.entity_of(document, block.section).is_some()
                };
                if !is_read && is_of_thing() {
                    found.push(Unread { place: place(document, range, &text), text });
                }
            }
        }
    }
    found
}

/// The sentences of a text whose author writes no capitals: "closed. closed tickets can be reopened".
fn uncapitalized(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in text.split(". ") {
        let is_whole = part.starts_with(char::is_lowercase) && part.split(' ').count() > 2;
        match parts.last_mut() {
            Some(last) if !is_whole || last.split(' ').count() < 3 => {
                last.push_str(". ");
                last.push_str(part);
            }
            Some(_) | None => parts.push(part.to_owned()),
        }
    }
    parts
}

/// Questions, plans, and what is written for people who build or use something.
fn is_told(text: &str) -> bool {
    let first = lower_words(text).into_iter().next().unwrap_or_default();
    text.trim_end().ends_with(['?', ':'])
        || text.split_whitespace().count() > 40
        || unsaid::unsaid(text).is_some()
        || matches!(
            first.as_str(),
            "if" | "when"
                | "note"
                | "see"
                | "this"
                | "these"
                | "we"
                | "as"
                | "to"
                | "why"
                | "how"
                | "what"
        )
}

/// The statements of a document by the lines that they stand in.
fn by_line<'o>(document: &Document<'_>, out: &'o Output) -> BTreeMap<usize, Vec<&'o Statement>> {
    let mut lines: BTreeMap<usize, Vec<&Statement>> = BTreeMap::new();
    let own =
        out.statements.iter().chain(&out.drafted).filter(|it| it.span.document == document.id);
    for statement in own {
        let range = statement.span.range();
        for line in
            document.line_of(range.start)..=document.line_of(range.end.max(range.start + 1) - 1)
        {
            lines.entry(line).or_default().push(statement);
        }
    }
    lines
}

/// Whether a text has the words of one that says what must hold, what a thing has, or what becomes of it.
pub fn binds(text: &str) -> bool {
    const BINDING: &[&str] = &[
        " must ",
        " cannot ",
        " can't ",
        " can not ",
        " may not ",
        " never ",
        " always ",
        " only ",
        " at most ",
        " at least ",
        " no more than ",
        " exactly one ",
        " no two ",
        " unique",
        " mandatory",
        " belongs to ",
        " belong to ",
        " has many ",
        " have many ",
        " has one ",
        " has exactly ",
        " consists of ",
        " starts as ",
        ">=",
        "<=",
        " > ",
        " max ",
        " max. ",
        " is confidential",
        " are confidential",
        " overlap",
        " can be reopened",
        " is immutable",
        " are immutable",
        " is required",
        " are required",
        " is optional",
        " are optional",
        " at the same time",
    ];
    let lower = text.to_lowercase();
    if lower.as_str().first_of(BINDING).is_some() {
        return true;
    }
    let keeps = [" kept ", " deleted", " purged", " retained", " removed", " expire"];
    let period = [" day", " week", " month", " year", " yr", " hour", " min"];
    let is_retention = lower.as_str().first_of(&keeps).is_some()
        && lower.as_str().first_of(&period).is_some()
        && lower.contains(|c: char| c.is_ascii_digit());
    let begins_new = lower.starts_with("new ") || lower.contains(". new ");
    let is_initial = begins_new && (lower.contains(" are ") || lower.contains(" is "));
    is_retention || is_initial
}

fn is_digit(character: char) -> bool {
    character.is_ascii_digit()
}

/// The folded runs of up to three words of a sentence.
fn phrases(text: &str) -> BTreeSet<String> {
    let words = lower_words(text);
    let runs = (0..words.len()).flat_map(|at| (1..=3).map(move |length| at..at + length));
    runs.filter_map(|run| Some(fold(&words.get(run)?.join(" ")))).collect()
}

/// Whether a fact that was read from the lines of a sentence is one that the sentence states. A sentence that stands there
/// alone is meant by whatever says more than that a thing exists.
fn speaks_of(fact: &Fact, text: &str, words: &BTreeSet<String>, is_alone: bool) -> bool {
    let names = |name: &str| {
        words.contains(&fold(name))
            || lower_words(name).iter().all(|word| words.contains(&fold(word)))
    };
    let holds = |said: &str| {
        let plain = |text: &str| lower_words(text).join(" ");
        let (said, text) = (plain(said), plain(text));
        // Behind the number of a requirement.
        let numbered = text.split_once(' ').filter(|(lead, _)| lead.ends_with(is_digit));
        let bare = numbered.map_or(text.as_str(), |(_, behind)| behind);
        said.contains(bare) || text.contains(&said)
    };
    match fact {
        Fact::Project { .. } | Fact::Entity(_) | Fact::External { .. } | Fact::Candidate { .. } => {
            false
        }
        _ if is_alone => true,
        Fact::Field { field, .. } => names(&field.name),
        Fact::Relationship(relationship) => names(&relationship.from) || names(&relationship.to),
        Fact::Transition { from, to, .. } => names(from) && names(to),
        Fact::Lifecycle { states, initial, .. } => {
            states.iter().chain(initial).any(|state| names(state))
        }
        Fact::Enumeration { values, .. } => values.iter().any(|value| names(value)),
        Fact::Rule { text: said, .. } => holds(said),
        Fact::Retention { text: said, .. }
        | Fact::Volume { text: said, .. }
        | Fact::Load { text: said, .. }
        | Fact::Share { text: said, .. }
        | Fact::Partitioning(PartitioningFact { text: said, .. }) => holds(said),
        Fact::Unique { fields, .. } | Fact::PrimaryKey { fields, .. } => {
            fields.iter().any(|field| names(field))
        }
        Fact::Sensitivity { field, .. } | Fact::Unit { field, .. } => names(field),
        _ => true,
    }
}

/// Where a sentence stands in the lines that it runs over, whatever marks stand between its words; all of them where it is
/// not found.
fn place(document: &Document<'_>, range: Range<usize>, text: &str) -> Range<usize> {
    let source = document.text_of(range.clone());
    let is_kept = |c: &char| c.is_alphanumeric();
    let wanted: Vec<char> = text.chars().filter(is_kept).collect();
    let there: Vec<(usize, char)> = source.char_indices().filter(|(_, c)| is_kept(c)).collect();
    let fits =
        |at: &usize| there[*at..].iter().map(|(_, c)| c).take(wanted.len()).eq(wanted.iter());
    match (0..(there.len() + 1).saturating_sub(wanted.len())).find(fits) {
        Some(at) if !wanted.is_empty() => {
            let (last, character) = there[at + wanted.len() - 1];
            range.start + there[at].0..range.start + last + character.len_utf8()
        }
        _ => range,
    }
}

#[cfg(test)]
mod tests {
    use underpin_base::Sources;

    /// What is said to be unread, with line and column, and the count.
    fn unread(text: &str) -> (Vec<String>, String) {
        let mut sources = Sources::default();
        sources.add("notes.md", text);
        let reading = crate::read(&sources);
        let own = reading.diagnostics.iter().filter(|it| it.code == crate::code::UNREAD_CLAUSE);
        let said = own.map(|it| {
            let place = sources.location(it.primary().expect("a place"));
            let words = it.message.split('`').nth(1).unwrap_or(&it.message);
            format!("{}:{} {words}", place.line, place.column)
        });
        (said.collect(), reading.coverage[0].to_string())
    }

    const SWIMMERS: &str =
        "## Swimmer\n\n| Field | Type |\n|---|---|\n| name | text |\n| status | text |\n\n";

    #[test]
    fn a_line_of_which_a_sentence_was_lost_is_understood_in_part() {
        let text =
            format!("{SWIMMERS}Out in the rain. New swimmers are active. Status: active → left.\n");
        let (said, coverage) = unread(&text);
        assert_eq!(said, ["8:18 New swimmers are active."]);
        assert_eq!(coverage, "notes.md: 5 of 6 fact lines");
    }

    #[test]
    fn what_was_read_and_what_states_nothing_is_not_listed() {
        for sentence in [
            "Swimmers are deleted after 2 years.",
            "Our swimmers must like cold water?",
            "Deployments must be green.",
            "The name of a swimmer is unique.",
        ] {
            let (said, _) = unread(&format!("{SWIMMERS}# Remarks\n\n{sentence}\n"));
            assert!(said.is_empty(), "{sentence}: {said:?}");
        }
    }
}
