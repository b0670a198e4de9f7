//! Types as code declares them, before it is decided which of them are stored.

use indexmap::IndexMap;
use std::ops::Range;

use crate::document::{Code, Document};
use crate::modifier;
use crate::words::{lower_words, name_words, parenthesized, split_top, unquote};
use crate::{EntityKind, Fact, FieldFact};

/// A class, record, struct or interface.
#[derive(Debug)]
pub(crate) struct Declared {
    pub(crate) name: String,
    /// The table that the code names.
    pub(crate) table: Option<String>,
    pub(crate) kind: EntityKind,
    pub(crate) description: Option<String>,
    /// Whether a mark of the language's mapper says that it is stored.
    pub(crate) is_marked: bool,
    /// Whether it only stands for what others share, so that there is no row of it alone.
    pub(crate) is_abstract: bool,
    /// What it takes over from others.
    pub(crate) bases: Vec<String>,
    pub(crate) members: Vec<Member>,
    /// How many functions it has.
    pub(crate) functions: usize,
    /// Keys, uniques and indexes, with their places.
    pub(crate) facts: Vec<(Fact, Range<usize>)>,
    /// The index of its block in the document.
    pub(crate) block: usize,
    /// Its first line in the block's code.
    pub(crate) head: Range<usize>,
    /// All of it in the block's code.
    pub(crate) range: Range<usize>,
}

impl Declared {
    pub(crate) fn new(name: &str, block: usize, head: Range<usize>, range: Range<usize>) -> Self {
        Self {
            name: name.to_owned(),
            table: None,
            kind: EntityKind::Entity,
            description: None,
            is_marked: false,
            is_abstract: false,
            bases: Vec::new(),
            members: Vec::new(),
            functions: 0,
            facts: Vec::new(),
            block,
            head,
            range,
        }
    }
}

/// A property of a declared type.
#[derive(Debug, Clone, Default)]
pub(crate) struct Member {
    pub(crate) field: FieldFact,
    pub(crate) at: Range<usize>,
    /// The type that it leads to, if that is an entity.
    pub(crate) navigation: Option<Navigation>,
}

/// A property whose type may be another entity.
#[derive(Debug, Clone, Default)]
pub(crate) struct Navigation {
    pub(crate) target: String,
    /// Whether it leads to several.
    pub(crate) is_list: bool,
    /// Whether the code says that it is a relationship, not only its type.
    pub(crate) is_marked: bool,
    /// What the code says of the number of both sides, seen from this one: `1:1`, `N:1`, `1:N`,
    /// `N:M`.
    pub(crate) cardinality: Option<&'static str>,
    /// Whether the other side holds the key.
    pub(crate) is_inverse: bool,
    /// The field that holds the key, where it is named.
    pub(crate) key: Option<String>,
    /// The name of the join table of a many-to-many.
    pub(crate) through: Option<String>,
    pub(crate) on_delete: Option<String>,
}

/// What a notation found in a document's code.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) types: Vec<Declared>,
    /// Lists of values: block, name, values, place.
    pub(crate) values: Vec<(usize, String, Vec<String>, Range<usize>)>,
    /// Other names for a type, each with that type: `type OrderId = string & { brand }`.
    pub(crate) aliases: Vec<(String, String)>,
    /// Places that hold no facts.
    pub(crate) others: Vec<(usize, Range<usize>)>,
}

impl Found {
    /// Puts the types in the place of other names for them.
    pub(crate) fn unalias(&mut self) {
        let aliases = std::mem::take(&mut self.aliases);
        // A name that a type of its own bears means that one.
        let is_other = |name: &String| self.types.iter().all(|declared| declared.name != *name);
        let known: IndexMap<String, String> =
            aliases.into_iter().filter(|(name, _)| is_other(name)).collect();
        for member in self.types.iter_mut().flat_map(|declared| &mut declared.members) {
            let Some(text) = &mut member.field.type_text else { continue };
            let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
            if let Some(meant) = known.get(&text[..end]) {
                text.replace_range(..end, meant);
                member.navigation = None;
            }
        }
    }

    pub(crate) fn enumeration(
        &mut self,
        block: usize,
        name: &str,
        values: Vec<String>,
        at: Range<usize>,
    ) {
        if values.is_empty() {
            self.others.push((block, at));
        } else {
            self.values.push((block, name.to_owned(), values, at));
        }
    }
}

pub(super) fn code_of<'d>(document: &'d Document<'_>, block: usize) -> Option<&'d Code> {
    match &document.blocks.get(block)?.kind {
        crate::document::BlockKind::Code(code) => Some(code),
        _ => None,
    }
}

/// What a comment beside a member says of it.
pub(crate) fn comment_into(comment: &str, field: &mut FieldFact) {
    let comment = comment.trim().trim_matches(['-', '—', '–', ' ']);
    if comment.is_empty() {
        return;
    }
    let required = field.required;
    let is_plain = field.type_text.as_deref().is_none_or(is_text_type);
    if is_plain && shows_examples(comment, &field.name) {
        if let Some((_, said, _)) = parenthesized(comment) {
            modifier::read_if_only_modifiers(said, field);
        }
        field.description.get_or_insert_with(|| comment.to_owned());
        return;
    }
    if field.enum_values.is_empty() && is_plain {
        field.enum_values = listed_values(comment);
        if !field.enum_values.is_empty() {
            return;
        }
    }
    if let Some(kind) = written_as(comment, field) {
        field.type_text = Some(kind.to_owned());
    }
    modifier::read_description(comment, field);
    field.required = required.or(field.required);
}

/// The type of a text that a comment says to be written as another is: "ISO 8601 timestamp", "UUID v4".
fn written_as(comment: &str, field: &FieldFact) -> Option<&'static str> {
    let is_text =
        field.type_text.as_deref().is_some_and(|text| text.eq_ignore_ascii_case("string"));
    let words = lower_words(comment);
    let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if !is_text || words.len() > 8 || says(&["or", "not", "without"]) {
        return None;
    }
    if words.first().is_some_and(|word| matches!(word.as_str(), "uuid" | "guid")) {
        return Some("uuid");
    }
    let is_iso = says(&["8601", "iso8601"])
        || words.first().is_some_and(|word| word == "iso")
            && says(&["date", "datetime", "timestamp", "time"]);
    let last = name_words(&field.name).pop().unwrap_or_default();
    let is_day = says(&["date"]) || last == "date";
    let is_moment = says(&["timestamp", "datetime", "time"]) || last == "at";
    is_iso.then_some(if is_day && !is_moment { "date" } else { "timestamptz" })
}

/// Whether the quoted texts in a comment are what a free text may be, and not all that it may be: `"Main hall", "North
/// gate"`, `"HALL-001", "HALL-042"`. A field whose name asks for a choice is none.
fn shows_examples(comment: &str, name: &str) -> bool {
    let comment = comment.trim_end_matches('.');
    let front = parenthesized(comment).filter(|(_, _, behind)| behind.is_empty());
    let texts: Vec<&str> = split_top(front.map_or(comment, |(front, _, _)| front.trim()), &[',']);
    let quoted = |text: &&str| {
        let text = text.trim();
        text.len() > 2 && text.starts_with(['\'', '"']) && text.ends_with(['\'', '"'])
    };
    let is_title = |text: &&str| {
        let text = unquote(text.trim());
        text.starts_with(char::is_uppercase) && text.contains(' ')
    };
    let is_numbered = |text: &&str| {
        unquote(text.trim()).rsplit_once(['-', '_', ' ', '#']).is_some_and(|(_, number)| {
            number.len() > 1 && number.chars().all(|c| c.is_ascii_digit())
        })
    };
    texts.len() > 1
        && texts.iter().all(quoted)
        && !modifier::says_choice(name)
        && (texts.iter().any(is_title) || texts.iter().all(is_numbered))
}

fn is_text_type(text: &str) -> bool {
    matches!(
        text.to_lowercase().split(['(', '<', ' ']).next().unwrap_or_default(),
        "string" | "str" | "text" | "varchar" | "char" | "enum" | "&str" | "nvarchar" | "charfield"
    )
}

/// The values of a comment or a bracket that holds nothing else: `pending | paid`,
/// `'a', 'b'`, `pdf, docx, txt`. One word lists nothing, and several words are a sentence.
pub(crate) fn listed_values(text: &str) -> Vec<String> {
    let text = text.trim().trim_end_matches('.');
    let separators: &[&[char]] = &[&['|'], &[','], &['/']];
    for separator in separators {
        let parts = split_top(text, separator);
        if parts.len() < 2 {
            continue;
        }
        let values: Vec<String> = parts.iter().map(|part| unquote(part).to_owned()).collect();
        let quoted = parts.iter().all(|part| {
            let part = part.trim();
            part.len() > 2 && part.starts_with(['\'', '"', '`']) && part.ends_with(['\'', '"', '`'])
        });
        // A slash without quotation marks divides ways of saying one thing too often ("URL/path").
        let enough = separator[0] != '/' || quoted || values.len() > 2;
        let are_values = values.iter().all(|value| {
            value.starts_with(|c: char| c.is_alphanumeric())
                && value.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
                && value.len() <= 40
                && !says_no_value(value)
        });
        return if are_values && enough { values } else { Vec::new() };
    }
    Vec::new()
}

/// Words that describe a field where its values could stand.
fn says_no_value(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "etc"
            | "pk"
            | "fk"
            | "unique"
            | "nullable"
            | "null"
            | "optional"
            | "required"
            | "indexed"
            | "index"
            | "primary"
            | "hashed"
            | "encrypted"
            | "auto"
            | "autoincrement"
            | "json"
            | "jsonb"
            | "uuid"
            | "string"
            | "text"
            | "int"
            | "integer"
            | "date"
            | "datetime"
            | "timestamp"
            | "iso"
            | "url"
            | "path"
            | "base64"
            | "default"
            | "immutable"
            | "readonly"
            | "computed"
            | "not"
            | "e.g"
            | "e.g."
            | "bytes"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_values_and_other_words() {
        assert_eq!(listed_values("pdf, docx, txt"), ["pdf", "docx", "txt"]);
        assert_eq!(listed_values("pending | paid"), ["pending", "paid"]);
        assert_eq!(listed_values("'a', 'b'"), ["a", "b"]);
        assert_eq!(listed_values("low/medium/high"), ["low", "medium", "high"]);
        for text in [
            "bytes",
            "extracted text for search",
            "auto-generated from first question",
            "unique, indexed",
            "URL/path",
            "ISO date, in UTC",
            "a, b, etc",
        ] {
            assert!(listed_values(text).is_empty(), "{text}");
        }
    }
}
