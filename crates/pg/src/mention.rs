//! Which names a text of SQL mentions, as far as its words alone tell.

use std::collections::BTreeSet;

use crate::Schema;
use crate::keywords::keyword;

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
        let is_name = word.text.contains('_') && !word.is_called && keyword(&word.text).is_none();
        if is_name && !known.contains(&*word.text) && !unknown.contains(&word.text) {
            unknown.push(word.text.clone());
        }
    }
    unknown
}

/// SQL whose tables are found whatever the `search_path`: a bare name of a table outside `public` gets
/// its namespace where a table is named (after FROM, JOIN, INTO, UPDATE, USING and TABLE, and after the
/// commas of a list of tables). Elsewhere the bare name goes on meaning the table (manual, section 7.2.1).
pub fn with_namespaces(sql: &str, schema: &Schema) -> String {
    const BEFORE_A_TABLE: [&str; 7] = ["from", "join", "into", "update", "using", "table", "only"];
    let words = words(sql);
    let mut out = String::with_capacity(sql.len());
    let mut copied = 0;
    let mut is_list = false;
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| &words[before]);
        let between = sql[before.map_or(0, |before| before.end)..word.from].trim();
        let is_first = between.is_empty()
            && before.is_some_and(|before| BEFORE_A_TABLE.contains(&&*before.text));
        if is_first {
            is_list = true;
        } else if word.text != "as" && keyword(&word.text).is_some() {
            is_list = false;
        }
        if !(is_first || is_list && between == ",") {
            continue;
        }
        let table = schema.tables.keys().find(|it| it.name.as_str() == word.text);
        let is_qualified = sql[word.end..].starts_with('.');
        let Some(table) = table.filter(|it| it.namespace.as_str() != "public" && !is_qualified)
        else {
            continue;
        };
        out.push_str(&sql[copied..word.from]);
        out.push_str(&table.namespace.to_string());
        out.push('.');
        copied = word.from;
    }
    out.push_str(&sql[copied..]);
    out
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
    /// Where it begins and ends in the SQL, in bytes.
    from: usize,
    end: usize,
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
                from,
                end,
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
    fn tables_get_their_namespace_where_they_are_named() {
        let id = |name: &str| Ident::new(name).unwrap();
        let mut schema = Schema::default();
        for (namespace, name) in [("ordering", "orders"), ("order", "lines"), ("public", "users")] {
            schema.add_table(Table::new(QualifiedName::new(id(namespace), id(name))));
        }
        for (sql, wanted) in [
            (
                "SELECT orders.id FROM orders JOIN lines l ON l.order_id = orders.id",
                "SELECT orders.id FROM ordering.orders JOIN \"order\".lines l ON l.order_id = orders.id",
            ),
            (
                "SELECT 1 FROM users u, Orders o, lines WHERE a = 1",
                "SELECT 1 FROM users u, ordering.Orders o, \"order\".lines WHERE a = 1",
            ),
            (
                "UPDATE orders SET lines = 1, orders = 2",
                "UPDATE ordering.orders SET lines = 1, orders = 2",
            ),
            (
                "INSERT INTO orders (id) SELECT 'from orders'",
                "INSERT INTO ordering.orders (id) SELECT 'from orders'",
            ),
            ("DELETE FROM ordering.orders", "DELETE FROM ordering.orders"),
        ] {
            assert_eq!(with_namespaces(sql, &schema), wanted);
        }
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
