//! What speaks for nouns outside sentences: headings that name them, and lists and tables of terms.

use super::core;
use underpin_base::parallel;

use crate::document::{BlockKind, Document, Section};
use crate::entity_name::read_title;
use crate::notation::Output;
use crate::prose::clause::topic;
use crate::prose::noun::{entity_name, is_generic};
use crate::prose::outside::is_outside;
use crate::prose::tag::Tag;
use crate::prose::{Evidence, NounName, clause, tag, titled};
use crate::words::{fold, lower_words, split_once_any};

/// Headings that name a thing, its management, or a step that makes one.
pub(super) fn headings(document: &Document<'_>, out: &mut Output) {
    /// So many headings are looked at before another thread would have begun.
    const HEADINGS_OF_A_THREAD: usize = 500;
    let index = out.document_index();
    let said = parallel::map(&document.sections, HEADINGS_OF_A_THREAD, said);
    for (at, (section, Said { alias, noted, is_management })) in
        document.sections.iter().zip(said).enumerate()
    {
        if let Some((key, name)) = alias {
            out.prose.aliases.entry(key).or_insert(name);
        }
        let (span, text) = (document.span(section.title.range()), &section.title.text);
        if let Some((noun, evidence)) = noted {
            out.prose.note_named(&noun, evidence, index, span, text);
            // "Room Management" promises that somebody creates and changes rooms.
            if is_management && !is_outside(document, at) {
                out.prose.note_named(&noun, Evidence::Managed, index, span, text);
            }
        }
    }
}

/// What a heading says by its words alone.
#[derive(Default)]
struct Said {
    /// Another name, folded, and the name that it stands for.
    alias: Option<(String, String)>,
    noted: Option<(NounName, Evidence)>,
    is_management: bool,
}

fn said(section: &Section) -> Said {
    let text = &section.title.text;
    if section.level <= 1 {
        return Said::default();
    }
    let alias = other_name(clause::without_number(crate::entity_name::strip_numbering(text)));
    let topic = topic(text);
    let note = |noun: &str, evidence| Some((NounName::of(noun, evidence)?, evidence));
    // "Report Issue": what the step is about.
    if let Some(noun) = titled::step(topic) {
        let noted = note(&noun, Evidence::Titled);
        return Said { alias, noted, is_management: false };
    }
    let title = read_title(topic).filter(|title| title.not_stored.is_none());
    let Some(title) = title else { return Said { alias, ..Said::default() } };
    let noun = core(&title.name);
    if !noun.split(' ').all(|word| word.chars().all(char::is_alphanumeric)) {
        return Said { alias, ..Said::default() };
    }
    let rest = title.name[noun.len()..].to_lowercase();
    let is_management = matches!(rest.trim(), "management" | "administration" | "crud");
    Said { alias, noted: note(noun, Evidence::Headed), is_management }
}

/// "**Slot** – a bookable time interval" under a heading or sentence about concepts.
pub(super) fn definitions(document: &Document<'_>, out: &mut Output) {
    let index = out.document_index();
    for (at, block) in document.blocks.iter().enumerate() {
        let BlockKind::List(list) = &block.kind else { continue };
        let heading = block.section.map(|section| document.title(section));
        let is_topic = [document.lead(at), heading].into_iter().flatten().any(|text| {
            lower_words(text).iter().any(|word| {
                matches!(
                    word.as_str(),
                    "concept"
                        | "concepts"
                        | "terms"
                        | "terminology"
                        | "definitions"
                        | "glossary"
                        | "entities"
                        | "model"
                        | "domain"
                )
            })
        });
        if !is_topic {
            continue;
        }
        for item in list.items.iter().filter(|item| item.depth == 0) {
            let text = clause::without_number(&item.content.text);
            let Some((term, meaning)) = split_once_any(text, &[" – ", " — ", " - ", ": "])
            else {
                continue;
            };
            note_other_name(term.trim(), out);
            let term = term.split(" (").next().unwrap_or(term).trim();
            let tokens = tag::tag(term);
            let phrase = titled::of_words(&tokens, 0);
            let is_name = !phrase.noun.is_empty() && phrase.end == tokens.len();
            if !is_name || !out.is_open(document, item.content.range().start) {
                continue;
            }
            let span = document.span(item.content.range());
            out.prose.note(&phrase.noun, Evidence::Defined, index, span, text);
            if let Some(noun) = out.prose.nouns.get_mut(&fold(&entity_name(&phrase.noun))) {
                noun.description.get_or_insert_with(|| meaning.trim().to_owned());
            }
        }
    }
}

/// The rows of a table of terms: each is defined, and its brackets hold another name.
pub(super) fn glossary(document: &Document<'_>, out: &mut Output) {
    let index = out.document_index();
    for block in &document.blocks {
        let BlockKind::Table(table) = &block.kind else { continue };
        let header = |column: usize| {
            table
                .header
                .get(column)
                .map_or_else(String::new, |cell| cell.text.trim().to_lowercase())
        };
        let is_terms = matches!(header(0).as_str(), "term" | "terms" | "concept" | "word")
            && matches!(
                header(1).as_str(),
                "definition" | "meaning" | "description" | "explanation" | "definitions"
            );
        if !is_terms {
            continue;
        }
        for row in &table.rows {
            let (term, meaning) = (row.text(0).trim(), row.text(1).trim());
            let name = term.split(" (").next().unwrap_or(term).trim();
            let tokens = tag::tag(name);
            let phrase = titled::of_words(&tokens, 0);
            if phrase.noun.is_empty() || phrase.end != tokens.len() {
                continue;
            }
            note_other_name(term, out);
            let span = document.span(row.range.clone());
            out.prose.note(&phrase.noun, Evidence::Defined, index, span, meaning);
            if let Some(noun) = out.prose.nouns.get_mut(&fold(&entity_name(&phrase.noun))) {
                noun.description.get_or_insert_with(|| meaning.to_owned());
            }
        }
    }
}

fn note_other_name(title: &str, out: &mut Output) {
    if let Some((key, name)) = other_name(title) {
        out.prose.aliases.entry(key).or_insert(name);
    }
}

/// The second name of "Customer (client)", folded, and the first.
fn other_name(title: &str) -> Option<(String, String)> {
    let (name, rest) = title.split_once(" (")?;
    let other = rest.trim().strip_suffix(')')?;
    let is_name = |text: &str| {
        (1..=3).contains(&text.split(' ').count())
            && text.chars().all(|c| c.is_alphabetic() || c == ' ')
            && !is_generic(text)
    };
    // "Course (modify)" and "Products (admin)" say what is done with it, and by whom.
    let is_remark = other.split(' ').any(|word| {
        matches!(
            word.to_lowercase().as_str(),
            "admin" | "optional" | "future" | "new" | "mvp" | "modify" | "existing" | "required"
        ) || tag::tag(word).first().is_some_and(|token| token.tag == Tag::Adverb)
    });
    (is_name(name.trim()) && is_name(other) && !is_remark)
        .then(|| (fold(&entity_name(other)), entity_name(name.trim())))
}
