//! What stands over a list of entities, and the fields that stand behind the name of one in plain words.

use smol_str::SmolStr;

use crate::FieldFact;
use crate::entity_name::strip_numbering;
use crate::words::lower_words;

pub(super) fn names_value_objects(label: &str) -> bool {
    let words = lower_words(label);
    words.len() <= 4
        && words
            .windows(2)
            .any(|pair| pair[0] == "value" && matches!(pair[1].as_str(), "objects" | "types"))
        && !words.iter().any(|word| matches!(word.as_str(), "not" | "no" | "without" | "excluded"))
}

/// "Collections", "Mongo collections": what a database of documents calls its tables.
pub(super) fn names_collections(label: &str) -> bool {
    let words = lower_words(strip_numbering(label));
    let is_kind = |word: &SmolStr| {
        matches!(
            word.as_str(),
            "database"
                | "db"
                | "mongodb"
                | "mongo"
                | "firestore"
                | "firebase"
                | "main"
                | "core"
                | "data"
        )
    };
    words.split_last().is_some_and(|(last, rest)| last == "collections" && rest.iter().all(is_kind))
}

pub(super) fn names_models(label: &str) -> bool {
    let words = lower_words(label);
    words.len() <= 4
        && words.iter().any(|word| matches!(word.as_str(), "models" | "entities" | "tables"))
        && !words.iter().any(|word| {
            matches!(
                word.as_str(),
                "allowed"
                    | "view"
                    | "read"
                    | "ui"
                    | "temporary"
                    | "not"
                    | "without"
                    | "excluded"
                    | "deferred"
                    | "candidate"
                    | "planned"
                    | "future"
                    | "external"
                    | "related"
                    | "between"
                    | "affected"
                    | "removed"
                    | "should"
                    | "must"
                    | "never"
                    | "always"
                    | "can"
                    | "cannot"
                    | "may"
            )
        })
}

/// Whether a sentence says that the entities follow: "The system shall maintain the following primary entities".
pub(super) fn announces_entities(lead: &str) -> bool {
    const LONGEST: usize = 16;
    let words = lower_words(lead);
    let is_denied = |word: &SmolStr| {
        matches!(
            word.as_str(),
            "not"
                | "no"
                | "without"
                | "out"
                | "outside"
                | "excluded"
                | "except"
                | "external"
                | "future"
                | "later"
                | "deferred"
                | "never"
                | "removed"
                | "planned"
                // "The schema in this repository uses" tells of code.
                | "schema"
                | "repository"
                | "code"
                | "uses"
        )
    };
    let Some(at) = words.iter().position(|word| word == "following") else { return false };
    let noun =
        words[at..].iter().take(5).position(|word| matches!(word.as_str(), "entities" | "tables"));
    // "The following tables show the results" over anything else.
    let ends = noun.is_some_and(|noun| {
        let rest = &words[at + noun + 1..];
        rest.first().is_none_or(|word| {
            matches!(
                word.as_str(),
                "are" | "is" | "will" | "shall" | "must" | "in" | "to" | "exist" | "and"
            )
        })
    });
    words.len() <= LONGEST && ends && !words.iter().any(is_denied)
}

/// Whether a label promises entities and nothing else: "Core entities", not "Models and services".
pub(super) fn is_list_of_entities(label: &str) -> bool {
    let words = lower_words(label);
    let others = ["services", "jobs", "controllers", "views", "modules", "components", "rules"];
    announces_entities(label)
        || words.first().is_some_and(|word| matches!(word.as_str(), "entities" | "tables"))
        || words.last().is_some_and(|word| matches!(word.as_str(), "entities" | "tables"))
            && !words.iter().any(|word| others.contains(&word.as_str()))
}

/// "isbn, title, author, cover, status" behind the name of an entity: its fields, most of which sound like properties.
/// Names in code are read elsewhere.
pub(super) fn plain_fields(rest: &str) -> Vec<FieldFact> {
    const LEAST: usize = 3;
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-');
    let names: Vec<&str> = rest.trim_end_matches('.').split(',').map(str::trim).collect();
    let is_name = |name: &&str| -> bool {
        (1..=3).contains(&name.split(' ').count())
            && name.chars().all(is_plain)
            && name.starts_with(char::is_lowercase)
            && !name.starts_with("and ")
    };
    let is_known =
        |name: &&&str| crate::prose::is_property_noun(name.rsplit(' ').next().unwrap_or_default());
    let known = names.iter().filter(is_known).count();
    if names.len() < LEAST || !names.iter().all(is_name) || known * 2 < names.len() {
        return Vec::new();
    }
    names
        .into_iter()
        .map(|name| FieldFact { name: name.to_owned(), ..FieldFact::default() })
        .collect()
}
