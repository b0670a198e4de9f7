//! Names that things have in short notes, and words that other lists have for their labels.

use crate::entity_name::{is_structural, read_title};
use crate::notation::bullet_fields;
use crate::prose::without_field_word;
use crate::words::lower_words;

/// The name of a thing: up to three words that are no label of something else.
pub(in crate::notation) fn name_of(text: &str) -> Option<String> {
    let text = without_field_word(text.trim().trim_end_matches(':'));
    let words = lower_words(text);
    let is_name = (1..=3).contains(&words.len())
        && text.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '_' | '-' | '`' | '*'))
        && !is_structural(text)
        && bullet_fields::label(text) == bullet_fields::Label::Unknown
        && !words.iter().any(|word| NO_THINGS.contains(&word.as_str()));
    let title = read_title(text).filter(|title| is_name && title.not_stored.is_none())?;
    Some(title.name)
}

/// Labels of other lists: what stands behind them are no fields.
#[rustfmt::skip]
const NO_THINGS: &[&str] = &[
    "and", "or", "the", "a", "an", "of", "for", "to", "in", "on", "by", "with", "must", "can",
    "should", "may", "is", "are", "input", "inputs", "output", "outputs", "returns", "response",
    "request", "body", "params", "query", "queries", "example", "examples", "note", "notes",
    "stack", "tech", "frontend", "backend", "database", "filter", "filters", "sort", "search",
    "screen", "screens", "page", "pages", "form", "forms", "view", "views", "tabs", "header",
    "headers", "auth", "authentication", "login", "signup", "register", "registration", "step",
    "steps", "scope", "goal", "goals", "role", "roles", "actors", "permissions", "endpoint",
    "endpoints", "api", "test", "tests", "unique", "required", "optional", "indexed", "indexes",
    "display", "shows", "columns", "fields", "validation", "errors", "events", "keywords",
    "tags", "author", "date", "version", "status", "states", "statuses", "types", "kinds",
    "categories", "metadata", "formats", "languages", "platforms", "dependencies", "tools",
    "libraries", "we", "you", "it", "see", "table", "tables", "entities", "models", "data",
    "crud", "features", "deliverables",
];
