//! SQL is put together by the typed tree of crate `pg` and its one quoting function, and nowhere else.

use crate::workspace::TextFile;

/// What a statement of SQL begins with. A literal is looked at only where values are put into it.
const OPENINGS: &[&str] = &[
    "SELECT ",
    "INSERT INTO ",
    "UPDATE ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "CREATE INDEX ",
    "CREATE UNIQUE INDEX ",
    "CREATE SCHEMA ",
    "CREATE TYPE ",
    "CREATE DATABASE ",
    "CREATE ROLE ",
    "CREATE POLICY ",
    "CREATE FUNCTION ",
    "CREATE TRIGGER ",
    "ALTER TABLE ",
    "ALTER ROLE ",
    "ALTER DATABASE ",
    "DROP TABLE ",
    "DROP DATABASE ",
    "DROP SCHEMA ",
    "DROP INDEX ",
    "DROP ROLE ",
    "TRUNCATE ",
    "GRANT ",
    "REVOKE ",
    "COMMENT ON ",
    "SET LOCAL ",
    "EXPLAIN ",
    "COPY ",
    "PREPARE ",
    "EXECUTE ",
    "DEALLOCATE ",
    "VACUUM ",
    "ANALYZE ",
    "REFERENCES ",
];

/// The macros that put values into a literal.
const MACROS: &[&str] = &["format!(", "write!(", "writeln!(", "format_args!("];

/// `pg` is where SQL is made; `xtask` holds the words of this rule.
const EXEMPT: &[&str] = &["crates/pg/", "crates/xtask/", "crates/testkit/"];

pub(super) fn is_put_together_in_pg_alone(file: &TextFile) -> Vec<String> {
    let in_tests = file.path.contains("/tests/") || file.path.ends_with("/tests.rs");
    if in_tests || EXEMPT.iter().any(|folder| file.path.starts_with(folder)) {
        return Vec::new();
    }
    // Tests stand at the end of a file and may say what they like.
    let code = file.text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let mut remarks = Vec::new();
    for (at, _) in MACROS.iter().flat_map(|name| code.match_indices(name)) {
        if is_in_comment(code, at) {
            continue;
        }
        let Some(literal) = first_literal(&code[at..]) else { continue };
        if literal.contains('{')
            && OPENINGS.iter().any(|opening| literal.trim_start().starts_with(opening))
        {
            let line = code[..at].matches('\n').count() + 1;
            remarks.push(format!(
                "{}:{line}: SQL put together as text (`{}`…): build it with the types of crate `pg`",
                file.path,
                literal.trim_start().chars().take(24).collect::<String>()
            ));
        }
    }
    remarks
}

fn is_in_comment(code: &str, at: usize) -> bool {
    let line_start = code[..at].rfind('\n').map_or(0, |it| it + 1);
    code[line_start..at].trim_start().starts_with("//")
}

/// The text of the first string literal of a macro call, if one stands before the call's first `;`.
fn first_literal(call: &str) -> Option<String> {
    let open = call.find('"')?;
    if call[..open].contains(';') {
        return None;
    }
    let mut literal = String::new();
    let mut characters = call[open + 1..].chars();
    while let Some(next) = characters.next() {
        match next {
            '"' => return Some(literal),
            '\\' => match characters.next() {
                // A line that goes on below: the indentation is not part of the text.
                Some('\n') => {
                    let rest = characters.as_str().trim_start();
                    characters = rest.chars();
                }
                Some(escaped) => literal.push(escaped),
                None => return None,
            },
            other => literal.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remarks(path: &str, text: &str) -> Vec<String> {
        is_put_together_in_pg_alone(&TextFile { path: path.to_owned(), text: text.to_owned() })
    }

    #[test]
    fn a_planted_statement_is_found() {
        let text = "//! A.\nfn f(t: &str) -> String {\n    format!(\"SELECT * FROM {t}\")\n}\n";
        let found = remarks("crates/verify/src/a.rs", text);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("crates/verify/src/a.rs:3:"), "{found:?}");
        let text = "write!(\n    out,\n    \"\\\n    DROP TABLE {}\", name)";
        assert_eq!(remarks("crates/verify/src/a.rs", text).len(), 1);
    }

    #[test]
    fn pg_and_tests_may() {
        let text = "format!(\"SELECT {x}\")";
        assert_eq!(remarks("crates/pg/src/a.rs", text), [""; 0]);
        assert_eq!(remarks("crates/cli/tests/a.rs", text), [""; 0]);
        let text = format!("fn f() {{}}\n#[cfg(test)]\nmod tests {{\n    {text}\n}}\n");
        assert_eq!(remarks("crates/cli/src/a.rs", &text), [""; 0]);
    }

    #[test]
    fn prose_and_fixed_statements_pass() {
        for text in [
            "format!(\"a SELECT that reads {x}\")",
            "let sql = \"SELECT 1\"; format!(\"{sql}\")",
            "// format!(\"SELECT {x}\")",
            "format!(\"SELECT 1\")",
            "write!(out, \"UPDATEs {n}\")",
        ] {
            assert_eq!(remarks("crates/emit/src/a.rs", text), [""; 0], "{text}");
        }
    }
}
