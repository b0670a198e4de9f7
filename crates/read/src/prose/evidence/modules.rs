//! What the modules of a system are for: "CRUD operations" under a heading, "client database", "visit scheduling".

use super::Notes;
use crate::prose::Evidence;
use crate::prose::clause::{Clause, topic};
use crate::prose::noun::{Phrase, singular};
use crate::prose::tag::{Tag, Token};
use crate::prose::titled;
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
    let [thing, topic] = words.as_slice() else { return None };
    let thing = singular(thing);
    (TOPICS.contains(&topic.as_str()) && singular(&last.to_lowercase()) == thing).then_some(thing)
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
}
