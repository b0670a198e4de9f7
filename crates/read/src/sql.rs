//! SQL text as statements: split at semicolons, parsed one by one in the dialects that people use.

use std::ops::Range;

use sqlparser::ast::Statement;
use sqlparser::dialect::{Dialect, GenericDialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::parser::Parser;

/// The ranges of the statements of a text, without leading comments and white space. Semicolons in
/// strings, comments and dollar quotes end nothing.
pub(crate) fn split(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut statements = Vec::new();
    let mut start: Option<usize> = None;
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
        if start.is_none() && !byte.is_ascii_whitespace() && byte != b';' {
            start = Some(at);
        }
        at += match byte {
            b'\'' | b'"' | b'`' => {
                let quote = char::from(byte);
                rest[1..].find(quote).map_or(rest.len(), |end| end + 2)
            }
            b'$' => dollar_quote(rest).unwrap_or(1),
            b';' => {
                if let Some(start) = start.take() {
                    statements.push(start..at);
                }
                1
            }
            _ => rest.chars().next().map_or(1, char::len_utf8),
        };
    }
    if let Some(start) = start {
        let end = start + text[start..].trim_end().len();
        statements.push(start..end);
    }
    statements
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

/// Parses one statement in the first dialect that accepts it; PostgreSQL's complaint otherwise.
pub(crate) fn parse(text: &str) -> Result<Statement, String> {
    let dialects: [&dyn Dialect; 4] =
        [&PostgreSqlDialect {}, &MySqlDialect {}, &SQLiteDialect {}, &GenericDialect {}];
    let mut complaint = None;
    for dialect in dialects {
        match Parser::new(dialect).with_recursion_limit(40).try_with_sql(text).and_then(
            |mut parser| {
                let statement = parser.parse_statement()?;
                parser.expect_token(&sqlparser::tokenizer::Token::EOF).map(|_| statement)
            },
        ) {
            Ok(statement) => return Ok(statement),
            Err(error) => {
                complaint.get_or_insert(error.to_string());
            }
        }
    }
    Err(complaint.unwrap_or_default())
}

/// The comment at the end of a line, without its dashes.
pub(crate) fn line_comment(line: &str) -> Option<&str> {
    let mut quoted = false;
    for (at, character) in line.char_indices() {
        if character == '\'' {
            quoted = !quoted;
        }
        if !quoted && line[at..].starts_with("--") {
            let text = line[at..].trim_start_matches('-').trim();
            return (!text.is_empty()).then_some(text);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn semicolons_in_strings_and_bodies_end_nothing() {
        let text = "-- a; b\nSELECT ';';;\nCREATE FUNCTION f() AS $$ BEGIN; END; $$ language x;\nSELECT 2 /* ; */";
        let statements: Vec<&str> = split(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(
            statements,
            [
                "SELECT ';'",
                "CREATE FUNCTION f() AS $$ BEGIN; END; $$ language x",
                "SELECT 2 /* ; */"
            ]
        );
    }

    #[test]
    fn unclosed_quotes_take_the_rest() {
        assert_eq!(split("SELECT 'a; b").len(), 1);
        assert_eq!(split("$a$ ; $").len(), 1);
    }
}
