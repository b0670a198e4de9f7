//! What speaks for nouns outside sentences: headings that name them, and lists and tables of terms.

use super::core;
use underpin_base::parallel;

use crate::document::{BlockKind, Document, Section};
use crate::entity_name::read_title;
use crate::notation::Output;
use crate::prose::clause::topic;
use crate::prose::definition::{self, Definition, Genus};
use crate::prose::noun::{entity_name, is_attribute, is_generic};
use crate::prose::outside::is_outside;
use crate::prose::possession::runs_the_system;
use crate::prose::sentence::Terms;
use crate::prose::tag::Tag;
use crate::prose::usual::{is_compound_thing, is_person};
use crate::prose::{Evidence, NounName, clause, tag, titled};
use crate::words::{fold, lower_words};

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

/// Whether a heading is one of those that each specification has, of whatever product: "Product Perspective".
fn is_of_template(heading: &str) -> bool {
    let words = lower_words(clause::without_number(crate::entity_name::strip_numbering(heading)));
    let [first, second] = words.as_slice() else { return false };
    first == "product"
        && matches!(
            second.as_str(),
            "name"
                | "perspective"
                | "functions"
                | "scope"
                | "overview"
                | "features"
                | "vision"
                | "position"
                | "summary"
                | "goals"
                | "context"
                | "functionality"
        )
}

fn said(section: &Section) -> Said {
    let text = &section.title.text;
    if section.level <= 1 {
        return Said::default();
    }
    if is_of_template(text) {
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
    // "Financial Management" manages nothing that is called so.
    let is_sort = !noun.contains(' ')
        && ["cial", "ical", "ional", "emic"].iter().any(|end| noun.to_lowercase().ends_with(end));
    if is_sort && !rest.is_empty() {
        return Said { alias, ..Said::default() };
    }
    let is_management = matches!(rest.trim(), "management" | "administration" | "crud");
    Said { alias, noted: note(noun, Evidence::Headed), is_management }
}

/// The defined things whose names have several words.
pub(super) fn compound(document: &Document<'_>) -> Terms {
    let all = definition::definitions(document);
    let things = all.iter().filter(|it| definition::genus(it) == Genus::Thing);
    Terms::of(things.map(|it| it.term.as_str()))
}

/// "**Slot** – a bookable time interval" under a heading or sentence about concepts, and the rows of a table of terms:
/// each that is said to be a thing is defined.
pub(super) fn definitions(document: &Document<'_>, out: &mut Output) {
    let index = out.document_index();
    let all = definition::definitions(document);
    let roles = definition::roles(&all);
    out.prose.shorts.extend(shorts(&all));
    for it in all {
        note_other_name(it.title, out);
        if !it.is_row && !out.is_open(document, it.range.start) {
            continue;
        }
        let key = fold(&entity_name(&it.term));
        match definition::genus(&it) {
            Genus::Thing => {}
            // One kind of user is all users, but for who runs the system.
            Genus::Role
                if !roles.contains(&key) && !runs_the_system(&it.term.replace('_', " ")) => {}
            Genus::Role if !roles.contains(&key) => continue,
            Genus::Role => {
                let span = document.span(it.range.clone());
                out.prose.note("user", Evidence::HasProperties, index, span, it.meaning);
                out.prose.roles.entry(key).or_insert(it.term);
                continue;
            }
            Genus::Program => {
                out.prose.programs.insert(key);
                continue;
            }
            Genus::Property => {
                out.prose.properties.insert(key);
                continue;
            }
        }
        let span = document.span(it.range.clone());
        out.prose.note(&it.term, Evidence::Defined, index, span, it.quote());
        if let Some(noun) = out.prose.nouns.get_mut(&key) {
            noun.description.get_or_insert_with(|| it.meaning.to_owned());
        }
    }
}

/// The last words of defined names, folded, that can mean nothing else: "material" of "Raw Material", where no material is
/// defined beside it. Who somebody is, and what is only usual to call so, may be more than is defined.
fn shorts(all: &[Definition<'_>]) -> Vec<(String, String)> {
    let things = || all.iter().filter(|it| definition::genus(it) == Genus::Thing);
    let names: Vec<String> = things().map(|it| entity_name(&it.term)).collect();
    let last = |name: &str| name.rsplit_once(' ').map(|(_, last)| last.to_owned());
    let short = |name: &String| {
        let last = last(name)?;
        let key = fold(&last);
        let ending = names.iter().filter(|it| it.rsplit(' ').next().map(fold) == Some(key.clone()));
        let is_other = matches!(key.as_str(), "user" | "account" | "item" | "type")
            || is_person(&last)
            || is_attribute(&last) && !is_compound_thing(&last.to_lowercase());
        let sorts = ending.count();
        let front = || name.split(' ').next().map(fold);
        match (name.split(' ').count() == 2 && !is_other, sorts) {
            (true, 1) => Some((key, name.clone())),
            // Of "Purchase Transaction" and "Transfer Transaction" the first words tell which.
            (true, _) => front().map(|front| (front, name.clone())),
            (false, _) => None,
        }
    };
    let found = names.iter().filter_map(short);
    found.filter(|(key, _)| !names.iter().any(|name| fold(name) == *key)).collect()
}

/// Tables that a list names as such, each with what it is for: "`boats` table with policies".
pub(super) fn tables(document: &Document<'_>, out: &mut Output) {
    let index = out.document_index();
    for block in &document.blocks {
        let BlockKind::List(list) = &block.kind else { continue };
        // "Future extensions" tell of tables that are not there.
        let is_later = |section: usize| {
            let words = lower_words(document.title(section));
            words
                .iter()
                .any(|word| matches!(word.as_str(), "future" | "later" | "roadmap" | "scope"))
        };
        if document.path_of(block.section).any(is_later) {
            continue;
        }
        let named: Vec<Option<&str>> =
            list.items.iter().map(|it| table(&it.content.text)).collect();
        for (at, item) in list.items.iter().enumerate() {
            let Some(name) = named[at] else { continue };
            if !out.is_open(document, item.content.range().start) {
                continue;
            }
            let beside = (0..list.items.len())
                .filter(|&other| list.items[other].parent == item.parent && named[other].is_some());
            if beside.count() > 1 {
                let span = document.span(item.content.range());
                out.prose.note(name, Evidence::Listed, index, span, &item.content.text);
            }
        }
    }
}

/// The name of a table at the start of an item.
fn table(text: &str) -> Option<&str> {
    let (name, rest) = text.trim_start().strip_prefix('`')?.split_once('`')?;
    let says = ["table", "collection"].iter().any(|noun| {
        rest.trim_start()
            .strip_prefix(noun)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ':', ',', '.']))
    });
    let is_name = crate::words::is_identifier(name) && !name.contains('.');
    (says && is_name && name.starts_with(char::is_alphabetic)).then_some(name)
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
