//! What the modules of a system are for: "CRUD operations" under a heading, "client database", "visit scheduling".

use super::Notes;
use crate::prose::Evidence;
use crate::prose::clause::topic;
use crate::prose::noun::Phrase;
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
