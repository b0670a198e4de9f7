//! Parameters as documents write them, `:name` and `?`, in the one form that PostgreSQL prepares: `$1`.

/// The SQL with numbered parameters: each name has one number, each `?` one of its own. What stands in strings, quoted
/// names and comments stays, as do casts (`::text`), slices of arrays (`[1:n]`) and the operators that `jsonb` has with
/// `?`. SQL that numbers its parameters already is left alone.
pub fn numbered_parameters(sql: &str) -> String {
    let bytes = sql.as_bytes();
    let mut names: Vec<&str> = Vec::new();
    let mut count = 0;
    let mut out = String::with_capacity(sql.len());
    let mut at = 0;
    while at < bytes.len() {
        let rest = &sql[at..];
        if let Some(length) = untouched(rest) {
            out.push_str(&rest[..length]);
            at += length;
            continue;
        }
        let is_free = at == 0
            || !matches!(bytes[at - 1], b':' | b'[' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_');
        match rest.as_bytes()[0] {
            b'$' if rest[1..].starts_with(|c: char| c.is_ascii_digit()) => return sql.to_owned(),
            b':' if is_free && name_of(rest).is_some() => {
                let name = name_of(rest).unwrap_or_default();
                let number = match names.iter().position(|known| *known == name) {
                    Some(at) => at + 1,
                    None => {
                        names.push(name);
                        names.len()
                    }
                };
                out.push('$');
                out.push_str(&number.to_string());
                at += 1 + name.len();
            }
            b'?' if is_value(&out, &rest[1..]) => {
                count += 1;
                out.push('$');
                out.push_str(&count.to_string());
                at += 1;
            }
            _ => {
                let length = rest.chars().next().map_or(1, char::len_utf8);
                out.push_str(&rest[..length]);
                at += length;
            }
        }
    }
    // Both forms in one text: whose numbers they are, nobody can say.
    if count > 0 && !names.is_empty() { sql.to_owned() } else { out }
}

/// What the numbered parameters of SQL are compared with: for each in order the column's name and the operator behind
/// which it stands (`account_id = $1`). Empty where one of them stands elsewhere, or with two columns.
pub fn compared_parameters(sql: &str) -> Vec<(&str, &'static str)> {
    const OPERATORS: [&str; 5] = [">=", "<=", "=", ">", "<"];
    let mut found: Vec<Option<(&str, &'static str)>> = Vec::new();
    let mut at = 0;
    while at < sql.len() {
        let rest = &sql[at..];
        if let Some(length) = untouched(rest) {
            at += length;
            continue;
        }
        let digits = rest
            .strip_prefix('$')
            .map(|it| it.len() - it.trim_start_matches(|c: char| c.is_ascii_digit()).len());
        let Some(digits) = digits.filter(|it| *it > 0) else {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        };
        let before = sql[..at].trim_end();
        let compared = liked(before).or_else(|| {
            OPERATORS.iter().find_map(|operator| {
                let front = before.strip_suffix(operator)?.trim_end();
                // `<>` and `!=` tell nothing of the value.
                let begin = front
                    .rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                    .map_or(0, |it| it + 1);
                (begin < front.len()).then(|| (&front[begin..], *operator))
            })
        });
        let number: usize = rest[1..=digits].parse().unwrap_or_default();
        let (Some(compared), Some(index)) = (compared, number.checked_sub(1)) else {
            return Vec::new();
        };
        found.resize(found.len().max(number.min(100)), None);
        match found.get_mut(index) {
            Some(slot @ None) => *slot = Some(compared),
            Some(Some(known)) if *known == compared => {}
            Some(Some(_)) | None => return Vec::new(),
        }
        at += 1 + digits;
    }
    found.into_iter().collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// The column of which a text that ends here is looked for: `name ILIKE`, or `name LIKE '%' ||`.
fn liked(before: &str) -> Option<(&str, &'static str)> {
    let front = match before.strip_suffix("||") {
        Some(front) => {
            let literal = front.trim_end().strip_suffix('\'')?;
            literal[..literal.rfind('\'')?].trim_end()
        }
        None => before,
    };
    let word = |text: &str| {
        text.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).map_or(0, |it| it + 1)
    };
    let at = word(front);
    let operator = ["ilike", "like"].into_iter().find(|it| front[at..].eq_ignore_ascii_case(it))?;
    let front = front[..at].trim_end();
    let column = &front[word(front)..];
    (!column.is_empty() && !column.eq_ignore_ascii_case("not")).then_some((column, operator))
}

/// The SQL with another text for each numbered parameter outside strings, quoted names and comments; what `of` has no
/// text for stays.
pub(crate) fn parameters_replaced(sql: &str, of: &dyn Fn(usize) -> Option<String>) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut at = 0;
    while at < sql.len() {
        let rest = &sql[at..];
        let digits = rest
            .strip_prefix('$')
            .map_or(0, |it| it.len() - it.trim_start_matches(|c: char| c.is_ascii_digit()).len());
        let length = match untouched(rest) {
            Some(length) => length,
            None if digits > 0 => {
                if let Some(text) = rest[1..=digits].parse().ok().and_then(of) {
                    out.push_str(&text);
                    at += 1 + digits;
                    continue;
                }
                1 + digits
            }
            None => rest.chars().next().map_or(1, char::len_utf8),
        };
        out.push_str(&rest[..length]);
        at += length;
    }
    out
}

/// The first name behind a single colon, wherever it stands: pgbench reads strings and comments as it reads the rest.
pub(crate) fn would_be_variable(sql: &str) -> Option<&str> {
    let bytes = sql.as_bytes();
    let mut at = 0;
    while let Some(found) = sql[at..].find(':') {
        let colon = at + found;
        let end = colon + bytes[colon..].iter().take_while(|byte| **byte == b':').count();
        if let (1, Some(name)) = (end - colon, name_of(&sql[colon..])) {
            return Some(name);
        }
        at = end;
    }
    None
}

/// The length of a string, a quoted name or a comment that begins here.
fn untouched(rest: &str) -> Option<usize> {
    let until = |end: &str, from: usize| {
        Some(rest[from..].find(end).map_or(rest.len(), |found| from + found + end.len()))
    };
    match rest.as_bytes() {
        [b'\'', ..] => until("'", 1),
        [b'"', ..] => until("\"", 1),
        [b'-', b'-', ..] => until("\n", 2),
        [b'/', b'*', ..] => until("*/", 2),
        [b':', b':', ..] => Some(2),
        _ => None,
    }
}

/// The name behind the colon.
fn name_of(rest: &str) -> Option<&str> {
    let behind = rest.strip_prefix(':')?;
    let end =
        behind.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(behind.len());
    let name = &behind[..end];
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_').then_some(name)
}

/// Whether a `?` stands where a value does: behind an operator, a bracket, a comma or a keyword, and not before a string.
fn is_value(before: &str, behind: &str) -> bool {
    let before = before.trim_end();
    let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let keyword =
        ["LIMIT", "OFFSET", "AND", "BETWEEN", "LIKE", "ILIKE", "THEN", "ELSE", "FETCH", "VALUES"];
    let is_placed = before.ends_with(['=', '<', '>', '(', ',', '+', '-', '*', '/', '|'])
        || keyword.iter().any(|it| it.eq_ignore_ascii_case(word));
    is_placed && !behind.trim_start().starts_with(['\'', '|', '&'])
}

#[cfg(test)]
mod tests {
    use super::{compared_parameters, numbered_parameters};

    #[test]
    fn what_a_text_is_looked_for_by_is_compared() {
        let of = |sql| compared_parameters(sql);
        assert_eq!(of("SELECT 1 FROM t WHERE t.name ILIKE $1"), [("name", "ilike")]);
        assert_eq!(
            of("SELECT 1 FROM t WHERE a = $2 AND name like '%' || $1 || '%'"),
            [("name", "like"), ("a", "=")]
        );
        assert_eq!(of("SELECT 1 FROM t WHERE name NOT LIKE $1"), []);
    }

    #[test]
    fn what_parameters_are_compared_with() {
        let sql =
            "SELECT a FROM t AS o WHERE o.account_id = $1 AND made_at >= $2 AND note <> 'x = $3'";
        assert_eq!(compared_parameters(sql), [("account_id", "="), ("made_at", ">=")]);
    }

    #[test]
    fn parameters_of_which_nothing_is_told() {
        for sql in [
            "SELECT a FROM t WHERE b = $1 LIMIT $2",
            "SELECT a FROM t WHERE lower(b) = $1",
            "SELECT a FROM t WHERE b <> $1",
            "SELECT a FROM t WHERE b = $1 OR c = $1",
            "SELECT a FROM t",
        ] {
            assert_eq!(compared_parameters(sql), [], "{sql}");
        }
    }

    #[test]
    fn names_and_marks() {
        for (sql, wanted) in [
            (
                "SELECT 1 FROM t WHERE a = :a AND b > :b OR c = :a",
                "SELECT 1 FROM t WHERE a = $1 AND b > $2 OR c = $1",
            ),
            ("INSERT INTO t VALUES (?, ?) ", "INSERT INTO t VALUES ($1, $2) "),
            ("SELECT 1 FROM t WHERE a = ? LIMIT ?", "SELECT 1 FROM t WHERE a = $1 LIMIT $2"),
            (
                "SELECT ':a', \":b\" -- :c\nFROM t WHERE d = :d::text",
                "SELECT ':a', \":b\" -- :c\nFROM t WHERE d = $1::text",
            ),
        ] {
            assert_eq!(numbered_parameters(sql), wanted);
        }
    }

    #[test]
    fn what_means_something_else_stays() {
        for sql in [
            "SELECT a::int, b[1:n] FROM t WHERE c = $1",
            "SELECT 1 FROM t WHERE doc ? 'key' AND a = $1",
            "SELECT 1 FROM t WHERE doc ? 'key'",
            "SELECT a[1:n] FROM t",
            "SELECT 1 FROM t WHERE a = :a AND b = ?",
            "SELECT '12:30'::time",
        ] {
            assert_eq!(numbered_parameters(sql), sql);
        }
    }
}
