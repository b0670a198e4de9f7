//! Where a script speaks of an object, for people who are to look there.

use std::ops::Range;

use crate::statements::{block_comment, dollar_quoted, is_word, quoted};
use crate::{Ident, QualifiedName, script_statements};

/// The names that a script mentions, each with its place.
#[derive(Debug, Clone, Default)]
pub struct ScriptPlaces {
    /// The words of each statement that makes or changes something.
    statements: Vec<Vec<Word>>,
}

#[derive(Debug, Clone)]
struct Word {
    /// As the catalog has it: folded, unless it stands in quotes.
    name: String,
    range: Range<usize>,
}

/// After one of these words stands the name of what the statement is about.
const BEFORE: &[&str] =
    &["table", "exists", "only", "on", "view", "function", "procedure", "index", "concurrently"];

impl ScriptPlaces {
    /// Reads a script.
    pub fn new(script: &str) -> Self {
        let makes = |words: &Vec<Word>| {
            words.first().is_some_and(|first| ["create", "alter"].contains(&&*first.name))
        };
        let statements = script_statements(script)
            .into_iter()
            .map(|statement| words(script, statement.start, statement.start + statement.text.len()))
            .filter(makes)
            .collect();
        Self { statements }
    }

    /// The bytes in which the script names a part of an object, or the object where it does not name that part.
    pub fn find(&self, owner: &QualifiedName, part: Option<&Ident>) -> Option<Range<usize>> {
        let about = |words: &Vec<Word>| {
            (1..words.len()).find(|&at| {
                words[at].name == owner.name.as_str()
                    && (BEFORE.contains(&&*words[at - 1].name)
                        || words[at - 1].name == owner.namespace.as_str())
            })
        };
        let mut first = None;
        for words in &self.statements {
            let Some(at) = about(words) else { continue };
            let named = part.and_then(|part| {
                let mut others = words.iter().enumerate().filter(|(other, _)| *other != at);
                others.find(|(_, word)| word.name == part.as_str())
            });
            if let Some((_, word)) = named {
                return Some(word.range.clone());
            }
            first.get_or_insert_with(|| words[at].range.clone());
        }
        first
    }

    /// Names of more bytes than the server keeps, with their places.
    pub fn long_names(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        let words = self.statements.iter().flatten();
        words
            .filter(|word| word.name.len() > Ident::MAX_BYTES)
            .map(|word| (&*word.name, word.range.clone()))
    }
}

fn words(script: &str, from: usize, to: usize) -> Vec<Word> {
    let bytes = script.as_bytes();
    let mut found = Vec::new();
    let mut at = from;
    while at < to {
        let rest = &script[at..to];
        let length = match bytes[at] {
            b'-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            b'/' if rest.starts_with("/*") => block_comment(rest),
            b'\'' => quoted(rest, b'\'', false),
            b'$' => dollar_quoted(rest).unwrap_or(1),
            b'"' => {
                let length = quoted(rest, b'"', false);
                let name = rest[1..length.saturating_sub(1).max(1)].replace("\"\"", "\"");
                found.push(Word { name, range: at..at + length });
                length
            }
            byte if is_word(byte) => {
                let length = rest.bytes().take_while(|byte| is_word(*byte)).count();
                let name = rest[..length].to_lowercase();
                found.push(Word { name, range: at..at + length });
                length
            }
            _ => rest.chars().next().map_or(1, char::len_utf8),
        };
        at += length;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ident(name: &str) -> Ident {
        Ident::new(name).unwrap()
    }

    #[test]
    fn a_part_is_found_where_it_is_named_and_else_its_owner() {
        let script = "CREATE TABLE b (a_id int REFERENCES a);\nCREATE TABLE \"A\" (x int);\n\
                      CREATE TABLE app.a (id int /* note */, note text DEFAULT 'id2');\n\
                      CREATE INDEX a_note_idx ON app.a (note);";
        let places = ScriptPlaces::new(script);
        let owner = QualifiedName::new(ident("app"), ident("a"));
        let find = |part: Option<&str>| {
            let range = places.find(&owner, part.map(ident).as_ref()).unwrap();
            (script[..range.start].matches('\n').count() + 1, &script[range])
        };
        assert_eq!(find(None), (3, "a"));
        assert_eq!(find(Some("note")), (3, "note"));
        assert_eq!(find(Some("a_note_idx")), (4, "a_note_idx"));
        assert_eq!(find(Some("a_id_pkey")), (3, "a"));
    }
}
