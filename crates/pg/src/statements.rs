//! A script taken apart into its statements, as `psql` does it (manual, section 4.1): quotes, dollar
//! quotes and comments hide semicolons.

/// A statement of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScriptStatement<'a> {
    /// The line that it begins on, from 1.
    pub line: usize,
    /// The byte that it begins at.
    pub start: usize,
    /// Its text, without the semicolon.
    pub text: &'a str,
}

/// The statements of a script. Lines that begin with a backslash are for `psql` and are left out, and so is a
/// `COPY … FROM stdin` with the rows below it, as `pg_dump` writes them: sent as a statement it waits for rows forever.
pub fn script_statements(script: &str) -> Vec<ScriptStatement<'_>> {
    let bytes = script.as_bytes();
    let mut found = Vec::new();
    let mut start = None;
    let mut at = 0;
    // In the body of a function that is written in SQL, semicolons stand between BEGIN ATOMIC and END.
    let mut atomic = 0_usize;
    let mut push = |from: Option<usize>, to: usize| {
        let statement = from.map(|from| (from, script[from..to].trim_end()));
        if let Some((from, text)) = statement.filter(|(_, text)| !is_copied_from_stdin(text)) {
            let line = script[..from].matches('\n').count() + 1;
            found.push(ScriptStatement { line, start: from, text });
        }
    };
    while at < bytes.len() {
        let rest = &script[at..];
        let skipped = if rest.starts_with("--") {
            rest.find('\n').map_or(rest.len(), |end| end + 1)
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if bytes[at] == b'\\' && start.is_none() {
            rest.find('\n').map_or(rest.len(), |end| end + 1)
        } else {
            usize::from(bytes[at].is_ascii_whitespace())
        };
        if skipped > 0 {
            at += skipped;
            continue;
        }
        if bytes[at] == b';' && atomic == 0 {
            let has_rows = start.is_some_and(|from| is_copied_from_stdin(&script[from..at]));
            push(start.take(), at);
            at += 1;
            if has_rows {
                at += copied_rows(&script[at..]);
            }
            continue;
        }
        let from = *start.get_or_insert(at);
        at += match bytes[at] {
            b'\'' => {
                let escapes = at > from
                    && matches!(bytes[at - 1], b'e' | b'E')
                    && (at < 2 || !is_word(bytes[at - 2]));
                quoted(rest, b'\'', escapes)
            }
            b'"' => quoted(rest, b'"', false),
            b'$' if at == 0 || !is_word(bytes[at - 1]) => dollar_quoted(rest).unwrap_or(1),
            first if is_word(first) => {
                let length = rest.bytes().take_while(|byte| is_word(*byte)).count();
                let word = &rest[..length];
                if word.eq_ignore_ascii_case("atomic") {
                    atomic = 1;
                } else if atomic > 0 && word.eq_ignore_ascii_case("case") {
                    atomic += 1;
                } else if atomic > 0 && word.eq_ignore_ascii_case("end") {
                    atomic -= 1;
                }
                length
            }
            _ => rest.chars().next().map_or(1, char::len_utf8),
        };
    }
    push(start, script.len());
    found
}

/// The words of a statement, also those within its texts and bodies: key words and plain names in lower case, quoted names
/// as they are. Comments are left out; what stands between words is not kept.
pub fn statement_words(statement: &str) -> Vec<String> {
    let bytes = statement.as_bytes();
    let mut words = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &statement[at..];
        if rest.starts_with("--") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            at += block_comment(rest);
        } else if bytes[at] == b'"' {
            let length = quoted(rest, b'"', false);
            words.push(rest[1..length].trim_end_matches('"').replace("\"\"", "\""));
            at += length;
        } else if is_word(bytes[at]) {
            let length = rest.bytes().take_while(|byte| is_word(*byte)).count();
            words.push(rest[..length].to_lowercase());
            at += length;
        } else {
            at += 1;
        }
    }
    words
}

/// Whether the rows of a COPY stand below it in the script.
fn is_copied_from_stdin(statement: &str) -> bool {
    let mut words = statement
        .split(|c: char| c.is_whitespace() || matches!(c, '(' | ')'))
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase);
    if words.next().as_deref() != Some("copy") {
        return false;
    }
    let words: Vec<String> = words.collect();
    words.windows(2).any(|pair| pair[0] == "from" && pair[1] == "stdin")
}

/// How long the rows below a COPY are, with the line `\\.` that ends them; to the end where none does.
fn copied_rows(text: &str) -> usize {
    let mut length = 0;
    for line in text.split_inclusive('\n') {
        length += line.len();
        if line.trim_end() == "\\." {
            break;
        }
    }
    length
}

pub(crate) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// How long a text in quotes is; to the end where it is not closed.
pub(crate) fn quoted(text: &str, quote: u8, escapes: bool) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        if escapes && bytes[at] == b'\\' {
            at += 2;
        } else if bytes[at] == quote {
            if bytes.get(at + 1) == Some(&quote) {
                at += 2;
            } else {
                return at + 1;
            }
        } else {
            at += 1;
        }
    }
    bytes.len()
}

/// How long a text in dollar quotes is; `None` where none begins.
pub(crate) fn dollar_quoted(text: &str) -> Option<usize> {
    let tag_end = text[1..].find('$')? + 2;
    let tag = &text[..tag_end];
    if !tag[1..tag_end - 1].bytes().all(is_word) || tag.as_bytes()[1].is_ascii_digit() {
        return None;
    }
    Some(text[tag_end..].find(tag).map_or(text.len(), |end| tag_end + end + tag_end))
}

/// How long a block comment is; they nest.
pub(crate) fn block_comment(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0_usize, 0);
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn semicolons_in_quotes_comments_and_bodies_end_nothing() {
        let script = "-- a; b\nCREATE TABLE a (x text DEFAULT ';');\n\\restrict x\n/* ; /* ; */ ; */\n\
                      CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $body$ BEGIN RETURN 1; END $body$;\n\
                      CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END;\n\
                      SELECT E'\\';', \"a;\"\"b\", $1";
        let found = script_statements(script);
        let lines: Vec<usize> = found.iter().map(|it| it.line).collect();
        assert_eq!(lines, [2, 5, 6, 7]);
        assert!(found[1].text.ends_with("$body$"));
        assert!(found[2].text.ends_with("END"));
        assert_eq!(found[3].text, "SELECT E'\\';', \"a;\"\"b\", $1");
    }

    #[test]
    fn words_are_found_also_in_bodies_and_names_keep_their_letters() {
        assert_eq!(
            statement_words(
                "DO $$ BEGIN -- create role x\n CREATE /* y */ Role \"App\"; END $$; x-\"a\"\"b\""
            ),
            ["do", "begin", "create", "role", "App", "end", "x", "a\"b"]
        );
    }

    #[test]
    fn rows_below_a_copy_are_no_statements() {
        let script = "CREATE TABLE a (x text);\n\nCOPY public.a (x) FROM stdin WITH (FORMAT text);\nit's; $$ \"\n\\.\r\n\n\
                      COPY b (x) FROM stdin;\n\\.\nCOPY a FROM '/rows';\nCREATE TABLE copy_from (stdin int);\nCOPY c FROM STDIN;\n1\n";
        let found = script_statements(script);
        let texts: Vec<(usize, &str)> = found.iter().map(|it| (it.line, it.text)).collect();
        assert_eq!(
            texts,
            [
                (1, "CREATE TABLE a (x text)"),
                (9, "COPY a FROM '/rows'"),
                (10, "CREATE TABLE copy_from (stdin int)")
            ]
        );
    }
}
