//! SQL conditions that are kept as a document writes them: which words of one are columns.
//!
//! PostgreSQL judges such a text when the schema is applied. What could do more than look at the values of one
//! row (a query, a second statement, a function that nobody knows) is no condition, so that only words from the
//! lists below may stand beside the columns.

/// A part of an SQL condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SqlPart<'t> {
    /// What must be a column of the table.
    Column(&'t str),
    /// Everything else, as written.
    Other(&'t str),
}

/// Operators and values that are words.
const KEYWORDS: &[&str] = &[
    "and",
    "any",
    "array",
    "as",
    "between",
    "case",
    "distinct",
    "else",
    "end",
    "escape",
    "false",
    "from",
    "ilike",
    "in",
    "is",
    "isnull",
    "like",
    "not",
    "notnull",
    "null",
    "or",
    "similar",
    "symmetric",
    "then",
    "to",
    "true",
    "unknown",
    "when",
];

/// Functions that give the same result for the same values (PostgreSQL documentation, chapter 9).
const FUNCTIONS: &[&str] = &[
    "abs",
    "array_length",
    "array_position",
    "bit_length",
    "btrim",
    "cardinality",
    "cast",
    "ceil",
    "ceiling",
    "char_length",
    "character_length",
    "coalesce",
    "date_part",
    "extract",
    "floor",
    "greatest",
    "isempty",
    "isfinite",
    "jsonb_array_length",
    "jsonb_typeof",
    "json_typeof",
    "json_array_length",
    "least",
    "left",
    "length",
    "lower",
    "lower_inc",
    "ltrim",
    "mod",
    "nullif",
    "num_nonnulls",
    "num_nulls",
    "octet_length",
    "position",
    "power",
    "regexp_count",
    "regexp_like",
    "regexp_replace",
    "replace",
    "right",
    "round",
    "rtrim",
    "sign",
    "split_part",
    "sqrt",
    "starts_with",
    "strpos",
    "substr",
    "substring",
    "trim",
    "trunc",
    "upper",
    "upper_inc",
];

/// Types that a value may be cast to, and the parts of a time.
const TYPES: &[&str] = &[
    "bigint",
    "boolean",
    "bool",
    "char",
    "character",
    "date",
    "day",
    "decimal",
    "double",
    "epoch",
    "hour",
    "int",
    "int4",
    "int8",
    "integer",
    "interval",
    "json",
    "jsonb",
    "minute",
    "month",
    "numeric",
    "precision",
    "real",
    "second",
    "smallint",
    "text",
    "time",
    "uuid",
    "varchar",
    "varying",
    "year",
    "bpchar",
    "dow",
    "isodow",
    "numrange",
    "int4range",
    "int8range",
    "daterange",
    "citext",
];

/// The parts of a condition; `None` where it is none that a row alone answers.
pub fn sql_parts(sql: &str) -> Option<Vec<SqlPart<'_>>> {
    let mut parts = Vec::new();
    let mut depth = 0_usize;
    let mut rest = sql.trim();
    let mut has_column = false;
    let mut compares = false;
    // For each open bracket whether a comparison stands in it that nothing has ended: PostgreSQL chains none.
    let mut compared = vec![false];
    let mut in_operator = false;
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '\'' => quoted(rest, '\'')?,
            '"' => quoted(rest, '"')?,
            c if c.is_alphabetic() || c == '_' => {
                rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len())
            }
            c if c.is_ascii_digit() => {
                rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len())
            }
            c => c.len_utf8(),
        };
        let (part, after) = rest.split_at(end);
        match first {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.checked_sub(1)?,
            // Another statement, a remark, a quotation in dollars, a table's name before a column.
            ';' | '$' | '\\' | '{' | '}' | '`' | '?' => return None,
            '.' => return None,
            '-' if after.starts_with('-') => return None,
            '/' if after.starts_with('*') => return None,
            '=' | '<' | '>' | '~' => compares = true,
            _ => {}
        }
        let lower = part.to_ascii_lowercase();
        let is_comparison = matches!(first, '=' | '<' | '>' | '~');
        if is_comparison && !in_operator && std::mem::replace(compared.last_mut()?, true) {
            return None;
        }
        // `->` and `->>` bind before any comparison.
        let is_arrow = first == '-' && after.starts_with('>');
        in_operator = is_comparison
            || is_arrow
            || first == '!'
            || in_operator && matches!(first, '*' | '@' | '-');
        if first == '(' {
            compared.push(false);
        } else if first == ')' {
            compared.pop();
        } else if first == ',' || matches!(lower.as_str(), "and" | "or" | "when" | "then" | "else")
        {
            *compared.last_mut()? = false;
        }
        let is_word = first.is_alphabetic() || first == '_';
        // E'...' reads backslashes otherwise, and B'...' is no text.
        if is_word && after.starts_with('\'') {
            return None;
        }
        let is_call = after.trim_start().starts_with('(');
        let known = KEYWORDS.contains(&lower.as_str())
            || is_call && (FUNCTIONS.contains(&lower.as_str()) || TYPES.contains(&lower.as_str()))
            || TYPES.contains(&lower.as_str()) && is_type_here(&parts);
        compares |= matches!(
            lower.as_str(),
            "like"
                | "ilike"
                | "in"
                | "is"
                | "between"
                | "similar"
                | "not"
                | "regexp_like"
                | "starts_with"
                | "isempty"
        );
        if first == '"' || is_word && !known {
            if is_call {
                return None;
            }
            has_column = true;
            parts.push(SqlPart::Column(part));
        } else {
            parts.push(SqlPart::Other(part));
        }
        rest = after;
    }
    (depth == 0 && has_column && compares).then_some(parts)
}

/// Where a text in quotation marks ends, which doubles those inside; `None` where it does not, or where it
/// holds what only some settings read.
fn quoted(text: &str, mark: char) -> Option<usize> {
    let mut from = 1;
    loop {
        let at = from + text[from..].find(mark)?;
        if text[at + 1..].starts_with(mark) {
            from = at + 2;
        } else {
            return Some(at + 1);
        }
    }
}

/// Whether a word behind these parts is a type: after `::` or `AS`, within `EXTRACT (`, or behind another.
fn is_type_here(parts: &[SqlPart<'_>]) -> bool {
    let mut before = parts.iter().rev().filter_map(|part| match part {
        SqlPart::Other(text) if !text.trim().is_empty() => Some(*text),
        SqlPart::Other(_) => None,
        SqlPart::Column(name) => Some(*name),
    });
    let Some(last) = before.next() else { return false };
    let lower = last.to_ascii_lowercase();
    lower == ":" && before.next() == Some(":")
        || lower == "as"
        || lower == "(" && before.next().is_some_and(|word| word.eq_ignore_ascii_case("extract"))
        || matches!(lower.as_str(), "double" | "character")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(sql: &str) -> Option<Vec<&str>> {
        let parts = sql_parts(sql)?;
        let columns = parts.iter().filter_map(|part| match part {
            SqlPart::Column(name) => Some(*name),
            SqlPart::Other(_) => None,
        });
        Some(columns.collect())
    }

    #[test]
    fn conditions_name_their_columns() {
        for (sql, expected) in [
            ("code ~ '^[A-Z]+$'", &["code"][..]),
            ("lower(email) = email", &["email", "email"]),
            ("\"Total\" % 5 = 0", &["\"Total\""]),
            ("extract(dow from day) IN (1, 2)", &["day"]),
            ("(price)::numeric > 0", &["price"]),
            ("note NOT LIKE '%''%'", &["note"]),
            ("starts <@ '[2020-01-01,)'::daterange IS true", &["starts"]),
        ] {
            assert_eq!(columns(sql).as_deref(), Some(expected), "{sql}");
        }
    }

    #[test]
    fn what_does_more_is_refused() {
        for sql in [
            "a > 0; drop table b",
            "a > (select 1)",
            "a > 0 -- and more",
            "a > 0 /* and more",
            "pg_sleep(5) > a",
            "now() > a",
            "a = $$x$$",
            "b.a > 0",
            "a <= b <= c",
            "a > 0)",
            "(a > 0",
            "a = 'open",
            "a = E'\\''",
            "1 = 1",
            "code",
        ] {
            // A query is refused by the words that are no columns of the table.
            let found = columns(sql);
            let refused = found.is_none_or(|all| all.contains(&"select"));
            assert!(refused, "{sql}");
        }
    }
}
