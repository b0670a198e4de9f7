//! What the modules of a system are for: "CRUD operations" under a heading, "client database", "visit scheduling".

use super::{Notes, core};
use crate::document::{BlockKind, Document};
use crate::notation::Output;
use crate::prose::clause::{Clause, topic};
use crate::prose::noun::{Phrase, coordinated, phrase_at, singular};
use crate::prose::tag::{Tag, Token, tag};
use crate::prose::usual::is_usual;
use crate::prose::{Evidence, lexicon, titled};
use crate::words::lower_words;

/// "CRUD operations" under a heading: somebody manages what the heading names.
pub(super) fn crud(notes: &mut Notes<'_, '_>) {
    let clause = notes.clause;
    if clause.tokens.len() > 4 || !clause.tokens.iter().any(|token| token.is("crud")) {
        return;
    }
    let Some(section) = clause.section else { return };
    let noun = titled::noun(topic(notes.document.title(section)));
    if let Some(noun) = noun {
        notes.note(&noun, Evidence::Managed);
    }
}

/// Whether what leads a list says that modules follow.
pub(super) fn is_module_lead(lead: &str) -> bool {
    lower_words(lead).iter().any(|word| {
        matches!(word.as_str(), "modules" | "features" | "functions" | "functionalities" | "module")
    })
}

/// The noun of a title that its sentence says again with a word before it: "package" of "Package Management: Create and
/// manage fitness packages".
pub(super) fn named_by_title(clause: &Clause, object: &str) -> Option<String> {
    const TOPICS: &[&str] =
        &["management", "tracking", "setting", "planning", "booking", "administration", "creation"];
    let title = clause.title.as_deref()?;
    let (_, last) = object.rsplit_once(' ')?;
    let words = lower_words(title);
    let thing = match words.as_slice() {
        [thing, topic] if TOPICS.contains(&topic.as_str()) => singular(thing),
        // "Coupons: Create and manage discount coupons".
        [things] if singular(things) != things.as_str() => singular(things),
        _ => return None,
    };
    (singular(&last.to_lowercase()) == thing).then_some(thing)
}

/// The noun before "management", "database", "tracking" and the like at the start of an item.
pub(in crate::prose) fn module_of(phrase: &Phrase, tokens: &[Token]) -> Option<String> {
    let words: Vec<&str> = phrase.noun.split(' ').collect();
    let topic = words.iter().position(|word| {
        matches!(
            word.to_lowercase().as_str(),
            "management"
                | "database"
                | "tracking"
                | "scheduling"
                | "records"
                | "directory"
                | "registry"
                | "catalog"
                | "catalogue"
                | "profiles"
                | "profile"
                | "handling"
                | "crud"
                | "inventory"
                | "administration"
                | "transaction"
                | "transactions"
                | "creation"
                | "submission"
        )
    });
    let after = tokens.get(phrase.end).filter(|token| {
        token.tag == Tag::Verb && token.is_any(&["tracking", "scheduling", "handling", "booking"])
    });
    let end = topic.or(after.map(|_| words.len()))?;
    (end > 0 && end <= 3).then(|| words[..end].join(" "))
}

/// "It manages donors, campaigns and donations" in an introduction, of which nothing else is read.
pub(super) fn introduced(document: &Document<'_>, out: &mut Output) {
    let index = out.document_index();
    for block in &document.blocks {
        let BlockKind::Paragraph(inline) = &block.kind else { continue };
        let Some(section) = block.section else { continue };
        let title = lower_words(document.title(section));
        if !title.iter().any(|word| matches!(word.as_str(), "introduction" | "intro")) {
            continue;
        }
        for sentence in inline.text.split(". ") {
            let tokens = tag(sentence);
            let verb = tokens.iter().position(|it| it.is_any(&["manages", "tracks", "stores"]));
            let Some(verb) = verb else { continue };
            let (things, _) = coordinated(&tokens, verb + 1);
            let is_list = things.len() >= 3 && things.iter().filter(|it| it.is_plural).count() >= 3;
            let span = document.span(inline.range());
            for thing in things.iter().filter(|it| is_list && it.is_plural && is_usual(&it.noun)) {
                out.prose.note(&thing.noun, Evidence::Managed, index, span, sentence);
            }
        }
    }
}

/// The thing in "data about a student" and "records of loans", where that is what somebody manages.
pub(super) fn behind_data(object: &Phrase, tokens: &[Token]) -> Option<String> {
    const DATA: &[&str] = &["data", "information", "details", "record", "profile"];
    let is_data = DATA.contains(&singular(&object.noun.to_lowercase()).as_str());
    let link = tokens.get(object.end).filter(|it| is_data && it.is_any(&["about", "of", "for"]))?;
    let thing = phrase_at(tokens, object.end + 1)?;
    let is_named = is_usual(&thing.noun) || link.is("about") && thing.is_plural;
    is_named.then(|| core(&thing.noun).to_owned())
}

/// Whether a verb is one of several with the same object: "enter, edit and delete grades".
pub(super) fn is_whole_life(tokens: &[Token], at: usize) -> bool {
    let chain = tokens[..at]
        .iter()
        .rev()
        .take_while(|it| it.tag == Tag::Verb || it.tag == Tag::Conjunction || it.is(","));
    chain.filter(|it| it.tag == Tag::Verb && it.is_verb_of(lexicon::MANAGE)).count() > 0
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn titles_that_their_sentences_say_again() {
        check(
            "# Gym\n\n- **Package Management**: Create and manage fitness packages\n- **Cache Management**: Create and manage fitness portals\n- **Theme Setting**: Set and track colors\n",
            &expect![[r#"
                3 prose-entities  entity Package
                4 prose-entities  entity Fitness Portal
            "#]],
        );
    }

    #[test]
    fn what_an_introduction_and_data_tell() {
        check(
            "# Aid\n\n## Introduction\n\nAid is a platform. It manages donors, campaigns and volunteers. It supports charts, tables and exports.\n\n## Requirements\n\n- Entering and deleting data about a student.\n- Entering data about performance.\n- Enter, edit and delete grades.\n- Edit grades of paint.\n",
            &expect![[r#"
                5 prose-entities  entity Donor
                5 prose-entities  entity Campaign
                5 prose-entities  entity Volunteer
                9 prose-entities  entity Student
                11 prose-entities  entity Grade
            "#]],
        );
    }

    #[test]
    fn what_is_managed_as_a_whole() {
        // A deed is no row of its own.
        check(
            "# Gym\n\n- Manage lockers.\n- Manage locker cleaning and online presence.\n",
            &expect![[r#"
                3 prose-entities  entity Locker
                4 prose-entities  candidate Locker Cleaning -- Manage locker cleaning and online presence.
                4 prose-entities  candidate Presence -- Manage locker cleaning and online presence.
            "#]],
        );
    }
}
