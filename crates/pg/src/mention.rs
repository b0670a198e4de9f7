//! Which names a text of SQL mentions, as far as its words alone tell.

use std::collections::BTreeSet;

use crate::Schema;
use crate::keywords::KEYWORDS;

/// Names of several words, such as `archived_at`, that stand in the SQL where a column or a table could
/// and that the schema knows neither as column nor as table nor the SQL as an alias. In lower case,
/// each once. Names of one word are passed over: too many of them are SQL's own.
pub fn unknown_names(sql: &str, schema: &Schema) -> Vec<String> {
    let words = words(sql);
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for table in schema.tables.values() {
        known.insert(table.name.name.as_str());
        known.extend(table.columns.iter().map(|column| column.name.as_str()));
    }
    // What follows AS, and what stands before it in `WITH name AS (`.
    for pair in words.windows(2) {
        if pair[0].text == "as" {
            known.insert(&pair[1].text);
        } else if pair[1].text == "as" {
            known.insert(&pair[0].text);
        }
    }
    let mut unknown = Vec::new();
    for word in &words {
        let is_name = word.text.contains('_')
            && !word.is_called
            && KEYWORDS.binary_search(&&*word.text).is_err();
        if is_name && !known.contains(&*word.text) && !unknown.contains(&word.text) {
            unknown.push(word.text.clone());
        }
    }
    unknown
}

/// For an INSERT that gives another number of values than it names columns: both numbers.
pub fn uneven_insert(sql: &str) -> Option<(usize, usize)> {
    let lower = sql.to_lowercase();
    if !lower.trim_start().starts_with("insert into ") {
        return None;
    }
    let (columns, values) = lower.split_once("values")?;
    let count = |text: &str| {
        let mut depth = 0_usize;
        let mut commas = 0;
        let mut is_quoted = false;
        for c in text[text.find('(')?..].chars() {
            match c {
                '\'' => is_quoted = !is_quoted,
                _ if is_quoted => {}
                '(' | '[' => depth += 1,
                ')' | ']' => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(commas + 1);
                    }
                }
                ',' if depth == 1 => commas += 1,
                _ => {}
            }
        }
        None
    };
    let (columns, values) = (count(columns)?, count(values)?);
    (columns != values).then_some((columns, values))
}

struct Word {
    text: String,
    /// Whether a parenthesis follows: a function, or the columns of an INSERT.
    is_called: bool,
}

/// The words outside strings and comments.
fn words(sql: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = sql.char_indices().peekable();
    while let Some((from, c)) = rest.next() {
        if c == '\'' {
            rest.by_ref().find(|&(_, c)| c == '\'');
        } else if c == '-' && rest.peek().is_some_and(|&(_, next)| next == '-') {
            rest.by_ref().find(|&(_, c)| c == '\n');
        } else if c.is_alphabetic() || c == '_' {
            let mut end = from + c.len_utf8();
            while let Some(&(at, c)) = rest.peek() {
                if !(c.is_alphanumeric() || c == '_') {
                    break;
                }
                end = at + c.len_utf8();
                rest.next();
            }
            words.push(Word {
                text: sql[from..end].to_lowercase(),
                is_called: sql[end..].trim_start().starts_with('('),
            });
        } else if c == '$' || c == ':' {
            // A parameter, or a type after `::`.
            while rest.peek().is_some_and(|&(_, c)| c == ':' || c.is_alphanumeric() || c == '_') {
                rest.next();
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Column, Ident, QualifiedName, Table, Type};

    #[test]
    fn an_insert_gives_each_column_a_value() {
        assert_eq!(
            uneven_insert("INSERT INTO a (b, c) VALUES (now(), f(1, 2), 'x,')"),
            Some((2, 3))
        );
        assert_eq!(uneven_insert("INSERT INTO a (b, c) VALUES (f(1, 2), 'x,)')"), None);
        assert_eq!(uneven_insert("INSERT INTO a SELECT 1, 2"), None);
        assert_eq!(uneven_insert("DELETE FROM a"), None);
    }

    #[test]
    fn names_that_no_table_has() {
        let id = |name: &str| Ident::new(name).unwrap();
        let mut table = Table::new(QualifiedName::new(id("public"), id("test_results")));
        table.columns = vec![Column {
            name: id("created_at"),
            data_type: Type::TimestampTz,
            not_null: true,
            default: None,
            identity: None,
            generated: None,
            comment: None,
        }];
        let mut schema = Schema::default();
        schema.add_table(table);
        for (sql, wanted) in [
            ("DELETE FROM test_results WHERE archived_at < now()", &["archived_at"][..]),
            ("SELECT count(*) AS row_count FROM test_results ORDER BY row_count", &[]),
            ("SELECT jsonb_typeof('no_name') -- or_this\nFROM test_results", &[]),
            ("SELECT created_at::some_type FROM test_results WHERE created_at > :some_time", &[]),
            ("DELETE FROM test_results WHERE created_at < CURRENT_TIMESTAMP", &[]),
        ] {
            assert_eq!(unknown_names(sql, &schema), wanted, "{sql}");
        }
    }
}
