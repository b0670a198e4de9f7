//! What the words beside a name say of its kind.

use crate::EntityKind;
use crate::words::lower_words;
use smol_str::SmolStr;

/// Words in a heading that say that the thing has no table.
const NOT_STORED: &[&str] = &[
    "computed",
    "dto",
    "dtos",
    "request",
    "response",
    "payload",
    "viewmodel",
    "derived",
    "virtual",
    "transient",
    "ephemeral",
    "in-memory",
    "not persisted",
    "not stored",
    "non-persisted",
    "no table",
    "read model",
    "view model",
    "read-model",
    "view-model",
    "api contract",
];

/// What stands before "Entity:" or "Table:" in a heading and says of which kind.
pub(super) fn is_attribute(word: &str) -> bool {
    matches!(
        word,
        "non"
            | "persisted"
            | "computed"
            | "derived"
            | "transient"
            | "virtual"
            | "join"
            | "junction"
            | "association"
            | "link"
            | "lookup"
            | "core"
            | "main"
            | "root"
            | "child"
            | "supporting"
            | "secondary"
            | "primary"
            | "domain"
            | "database"
            | "external"
            | "reference"
            | "master"
            | "aggregate"
    )
}

pub(super) fn is_kind_word(words: &[SmolStr]) -> bool {
    words.iter().all(|word| is_filler(word))
}

pub(super) fn is_filler(word: &str) -> bool {
    matches!(
        word,
        "entity"
            | "table"
            | "model"
            | "aggregate"
            | "root"
            | "the"
            | "collection"
            | "class"
            | "join"
            | "new"
    ) || word.chars().all(|c| c.is_ascii_digit())
}

/// What words beside a name say of its kind.
pub(super) fn note_kind(words: &str, kind: &mut EntityKind, not_stored: &mut Option<String>) {
    let lower = words.to_lowercase();
    let list = lower_words(words);
    let has = |word: &str| list.iter().any(|w| w == word);
    if has("join")
        || has("association")
        || has("junction")
        || has("pivot")
        || has("link") && has("table")
    {
        *kind = EntityKind::Join;
    } else if lower.contains("value object") || lower.contains("embedded") {
        *kind = EntityKind::ValueObject;
    }
    let is_unpersisted = ["not persisted", "non-persisted"].iter().any(|it| lower.contains(it));
    if not_stored.is_none() && !has("persisted") || is_unpersisted {
        *not_stored =
            NOT_STORED
                .iter()
                .find(|&&phrase| {
                    if phrase.contains([' ', '-']) { lower.contains(phrase) } else { has(phrase) }
                })
                .map(|&phrase| phrase.to_owned());
    }
}

/// Removes "Entity", "Table", "Aggregate Root" and the like from the ends of a name.
pub(super) fn strip_kind_words(name: &str, explicit: &mut bool, kind: &mut EntityKind) -> String {
    let mut words: Vec<&str> = name.split_whitespace().collect();
    while words.len() > 1 {
        let last = words[words.len() - 1].to_lowercase();
        match last.as_str() {
            "entity" | "table" | "aggregate" | "root" | "collection" | "model" | "class"
            | "fields" | "columns" | "attributes" | "表" | "テーブル" | "테이블" | "таблица" =>
            {
                *explicit |= matches!(
                    last.as_str(),
                    "entity"
                        | "table"
                        | "aggregate"
                        | "root"
                        | "fields"
                        | "columns"
                        | "表"
                        | "テーブル"
                        | "테이블"
                        | "таблица"
                );
                words.pop();
                // "Customer Data Model", "Order Domain Entity".
                let is_kind =
                    |last: &&str| matches!(last.to_lowercase().as_str(), "data" | "domain");
                if matches!(last.as_str(), "model" | "entity")
                    && words.len() > 1
                    && words.last().is_some_and(is_kind)
                {
                    words.pop();
                }
            }
            "junction" | "pivot" | "join" | "association" | "bridge"
                if *explicit && words.len() > 1 =>
            {
                *kind = EntityKind::Join;
                words.pop();
            }
            "object" if words.len() > 2 && words[words.len() - 2].eq_ignore_ascii_case("value") => {
                *kind = EntityKind::ValueObject;
                words.truncate(words.len() - 2);
            }
            _ => break,
        }
    }
    while words.len() > 1 {
        match words[0].to_lowercase().as_str() {
            "entity" | "table" | "the" | "existing" | "new" | "extended" => {
                words.remove(0);
            }
            _ => break,
        }
    }
    words.join(" ")
}
