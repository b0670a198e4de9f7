//! Items of a list of fields that are no names of one field with its type: names in words, and words for several.

use crate::modifier;
use crate::words::{is_identifier, lower_words, strip_prefix_ignoring_case};

/// The name that an item in words is as a whole, where its last word is a type as well: "Due date", "Optional start time".
pub(super) fn in_words(text: &str) -> Option<(&str, Option<bool>)> {
    let name = strip_prefix_ignoring_case(text, "optional ");
    let required = name.is_some().then_some(false);
    let name = name.unwrap_or(text).trim();
    let words: Vec<&str> = name.split(' ').collect();
    let (last, front) = words.split_last()?;
    let is_plain = |word: &&str| {
        word.chars().all(char::is_alphabetic) && !modifier::is_scalar(&word.to_lowercase())
    };
    let is_title = name.starts_with(char::is_uppercase) || required.is_some();
    let is_compound = matches!(*last, "date" | "time") && (1..=2).contains(&front.len());
    (is_title && is_compound && front.iter().all(is_plain)).then_some((name, required))
}

/// Whether an item stands for the two moments that most rows hold: "audit fields", "timestamps".
pub(super) fn names_times(text: &str) -> bool {
    let words = lower_words(text);
    let words: Vec<&str> = words.iter().map(smol_str::SmolStr::as_str).collect();
    let words = words.strip_prefix(&["standard"]).unwrap_or(&words);
    matches!(
        words,
        ["timestamps"] | ["audit", "fields" | "columns" | "timestamps"] | ["time", "stamps"]
    )
}

/// The key in "**PK:** `id` (uuid)".
pub(super) fn keyed(text: &str) -> Option<&str> {
    let rest = strip_prefix_ignoring_case(text, "pk:")
        .or_else(|| strip_prefix_ignoring_case(text, "primary key:"))?;
    let rest = rest.trim_start_matches(['*', ' ']);
    rest.starts_with('`').then_some(rest)
}

/// The columns in "`shop_id` + `code` (unique)", which are unique together.
pub(super) fn joined(text: &str) -> Option<Vec<String>> {
    let (names, behind) = text.rsplit_once('`')?;
    let said = lower_words(behind);
    let said: Vec<&str> = said.iter().map(smol_str::SmolStr::as_str).collect();
    let is_unique = matches!(
        said.as_slice(),
        ["unique"] | ["is" | "must", .., "unique"] | ["unique", "together" | "pair" | "key"]
    );
    let parts: Vec<&str> = names.split('+').map(|part| part.trim().trim_matches('`')).collect();
    (is_unique && parts.len() > 1 && parts.iter().all(|part| is_identifier(part)))
        .then(|| parts.into_iter().map(str::to_owned).collect())
}

/// "Every object belongs to one shop" begins a sentence, although an object is a type as well.
pub(super) fn is_determiner(name: &str) -> bool {
    matches!(
        name.to_lowercase().as_str(),
        "a" | "an" | "the" | "each" | "every" | "all" | "any" | "no" | "one" | "some" | "this"
    )
}
