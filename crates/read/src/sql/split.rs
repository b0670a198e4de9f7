//! A script as statements, as the clients of several servers divide it.

use std::ops::Range;

/// The ranges of the statements of a text, without leading comments and white space. Semicolons in
/// strings, comments, dollar quotes and bodies of triggers end nothing; a line `GO` ends a statement,
/// and so does a line that begins the next one where somebody forgot the semicolon.
pub(crate) fn split(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut statements = Vec::new();
    let mut start: Option<usize> = None;
    let mut depth = 0_usize;
    let mut body = Body::default();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        let skip = if rest.starts_with("--") || rest.starts_with('#') && start.is_none() {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else {
            0
        };
        if skip > 0 {
            at += skip;
            continue;
        }
        let byte = bytes[at];
        if depth == 0 && byte.is_ascii_alphabetic() && is_line_start(text, at) {
            let line = rest.split('\n').next().unwrap_or(rest).trim();
            let is_client = line.eq_ignore_ascii_case("go") || is_delimiter(line);
            let is_next = start.is_some_and(|start| {
                body.depth == 0 && begins_apart(line) && is_definition(&text[start..at])
            });
            if is_client || is_next {
                if let Some(start) = start.take() {
                    push(text, start..at, &mut statements);
                }
                body = Body::default();
                if is_client {
                    at += rest.find('\n').unwrap_or(rest.len());
                    continue;
                }
            }
        }
        if start.is_none() && !byte.is_ascii_whitespace() && byte != b';' {
            start = Some(at);
            depth = 0;
            body = Body::default();
        }
        at += match byte {
            b'\'' | b'"' | b'`' => {
                let quote = char::from(byte);
                rest[1..].find(quote).map_or(rest.len(), |end| end + 2)
            }
            b'$' => dollar_quote(rest).unwrap_or(1),
            b'(' => {
                depth += 1;
                1
            }
            b')' => {
                depth = depth.saturating_sub(1);
                1
            }
            b';' if body.depth > 0 => 1,
            b';' => {
                if let Some(start) = start.take() {
                    push(text, start..at, &mut statements);
                }
                1
            }
            _ if byte.is_ascii_alphabetic() || byte == b'_' => {
                let word = word(rest);
                body.take(word, rest);
                word.len()
            }
            _ => rest.chars().next().map_or(1, char::len_utf8),
        };
    }
    if let Some(start) = start {
        push(text, start..text.len(), &mut statements);
    }
    statements
}

fn is_line_start(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches([' ', '\t']);
    before.is_empty() || before.ends_with('\n')
}

fn push(text: &str, range: Range<usize>, statements: &mut Vec<Range<usize>>) {
    let content = text[range.clone()].trim_end();
    if !content.is_empty() {
        statements.push(range.start..range.start + content.len());
    }
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    &text[..end]
}

/// How deep a statement stands in `BEGIN … END`.
#[derive(Default)]
struct Body {
    /// Words since the statement began, as far as they matter.
    words: usize,
    is_create: bool,
    is_routine: bool,
    depth: usize,
    after_end: bool,
}

impl Body {
    fn take(&mut self, word: &str, rest: &str) {
        let is = |other: &str| word.eq_ignore_ascii_case(other);
        self.words += 1;
        if self.words == 1 {
            self.is_create = is("create");
        }
        if self.is_create && self.words <= 8 {
            self.is_routine |=
                ["trigger", "procedure", "function", "event"].iter().any(|it| is(it));
        }
        if !self.is_routine {
            return;
        }
        // `END IF` and its like close what opened without `BEGIN`.
        let after_end = std::mem::take(&mut self.after_end);
        if is("begin") || is("case") && !after_end {
            self.depth += 1;
        } else if is("end") && self.depth > 0 {
            let next = rest[word.len()..].trim_start();
            let next = self::word(next);
            let closes_other = ["if", "loop", "while", "repeat", "for"]
                .iter()
                .any(|other| next.eq_ignore_ascii_case(other));
            if !closes_other {
                self.depth -= 1;
            }
            self.after_end = true;
        }
    }
}

fn is_delimiter(line: &str) -> bool {
    let mut words = line.split_whitespace();
    words.next().is_some_and(|word| word.eq_ignore_ascii_case("delimiter"))
        && words.next().is_some()
        && words.next().is_none()
}

/// Whether a line can only be the beginning of a statement.
fn begins_apart(line: &str) -> bool {
    let mut words = line.split_whitespace().map(str::to_ascii_lowercase);
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    match first.as_str() {
        "create" => !second.is_empty(),
        "alter" | "drop" => second == "table",
        "comment" => second == "on",
        "insert" => second == "into",
        _ => false,
    }
}

/// Whether a statement defines a table, type or index, in which none of those lines can stand.
fn is_definition(text: &str) -> bool {
    let words: Vec<String> = text.split_whitespace().take(4).map(str::to_ascii_lowercase).collect();
    let word = |index: usize| words.get(index).map_or("", String::as_str);
    match word(0) {
        "create" => words[1..]
            .iter()
            .any(|word| matches!(word.split('(').next(), Some("table" | "type" | "index"))),
        "alter" => word(1) == "table",
        "comment" => word(1) == "on",
        _ => false,
    }
}

/// The length of a dollar-quoted string at the start of the text.
fn dollar_quote(text: &str) -> Option<usize> {
    let close = text[1..].find('$')? + 2;
    let tag = &text[..close];
    if tag.len() > 64 || !tag[1..close - 1].chars().all(|c| c.is_alphanumeric() || c == '_') {
        return None;
    }
    // A quote that never ends takes the rest.
    Some(text[close..].find(tag).map_or(text.len(), |end| close + end + tag.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let statements: Vec<&str> = split(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(statements, expected);
    }

    #[test]
    fn semicolons_in_strings_and_bodies_end_nothing() {
        check(
            "-- a; b\nSELECT ';';;\nCREATE FUNCTION f() AS $$ BEGIN; END; $$ language x;\nSELECT 2 /* ; */",
            &[
                "SELECT ';'",
                "CREATE FUNCTION f() AS $$ BEGIN; END; $$ language x",
                "SELECT 2 /* ; */",
            ],
        );
        check(
            "CREATE TRIGGER t AFTER UPDATE ON a BEGIN UPDATE a SET b = CASE c WHEN 1 THEN 2 END; IF x THEN y; END IF; END; SELECT 1;",
            &[
                "CREATE TRIGGER t AFTER UPDATE ON a BEGIN UPDATE a SET b = CASE c WHEN 1 THEN 2 END; IF x THEN y; END IF; END",
                "SELECT 1",
            ],
        );
    }

    #[test]
    fn unclosed_quotes_take_the_rest() {
        assert_eq!(split("SELECT 'a; b").len(), 1);
        assert_eq!(split("$a$ ; $").len(), 1);
    }

    #[test]
    fn other_ways_to_end_a_statement() {
        check(
            "CREATE TABLE a (x int)\nGO\nCREATE TABLE b (\n  x int\n)\n\nCREATE INDEX i ON b (x)\nALTER TABLE b\n  DROP COLUMN y\n",
            &[
                "CREATE TABLE a (x int)",
                "CREATE TABLE b (\n  x int\n)",
                "CREATE INDEX i ON b (x)",
                "ALTER TABLE b\n  DROP COLUMN y",
            ],
        );
        check("DELIMITER //\nSELECT 1;\n", &["SELECT 1"]);
    }
}
