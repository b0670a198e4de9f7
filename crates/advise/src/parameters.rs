//! Parameters of statements, in the forms that query files use, made PostgreSQL's own `$1`, `$2`.

/// A statement as it can be sent, and how many parameters it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten {
    /// The statement.
    pub sql: String,
    /// How many parameters.
    pub parameters: usize,
}

/// A page of a list, where the number of rows is a parameter: the planner must know that it is small.
const PAGE: &str = "20";

/// Makes `$n` of `:name`, `@name`, `?`, `sqlc.arg(name)` and `sqlc.narg(name)`, each name one parameter; a parameter
/// behind LIMIT becomes a page of 20 rows, and one behind OFFSET none.
pub fn rewrite(sql: &str) -> Rewritten {
    let mut out = String::with_capacity(sql.len());
    let mut names: Vec<String> = Vec::new();
    let mut anonymous = 0;
    let mut at = 0;
    let mut word_before = String::new();
    while at < sql.len() {
        let rest = &sql[at..];
        let length = skipped(rest, out.chars().last());
        if length > 0 {
            out.push_str(&rest[..length]);
            if !rest.starts_with("--") && !rest.starts_with("/*") {
                word_before.clear();
            }
            at += length;
            continue;
        }
        let first = rest.chars().next().expect("invariant: at < length");
        if let Some((name, length)) = parameter(rest, sql[..at].chars().last()) {
            let limit = word_before.eq_ignore_ascii_case("limit")
                || word_before.eq_ignore_ascii_case("first");
            if limit {
                out.push_str(PAGE);
            } else if word_before.eq_ignore_ascii_case("offset") {
                out.push('0');
            } else {
                let name = if name == "?" {
                    anonymous += 1;
                    format!("?{anonymous}")
                } else {
                    name
                };
                let number = names.iter().position(|it| *it == name).unwrap_or_else(|| {
                    names.push(name);
                    names.len() - 1
                });
                out.push('$');
                out.push_str(&(number + 1).to_string());
            }
            word_before.clear();
            at += length;
            continue;
        }
        if first.is_alphanumeric() || first == '_' {
            let length =
                rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            rest[..length].clone_into(&mut word_before);
            out.push_str(&rest[..length]);
            at += length;
        } else {
            if !first.is_whitespace() {
                word_before.clear();
            }
            out.push(first);
            at += first.len_utf8();
        }
    }
    Rewritten { sql: out, parameters: names.len() }
}

/// The length of a string, quoted name, dollar quote or comment that begins here; 0 where none does.
fn skipped(rest: &str, before: Option<char>) -> usize {
    let quoted = |quote: char| rest[1..].find(quote).map_or(rest.len(), |end| end + 2);
    if rest.starts_with("--") {
        rest.find('\n').unwrap_or(rest.len())
    } else if rest.starts_with("/*") {
        rest.find("*/").map_or(rest.len(), |end| end + 2)
    } else if rest.starts_with('\'') {
        quoted('\'')
    } else if rest.starts_with('"') {
        quoted('"')
    } else if rest.starts_with('$') && !before.is_some_and(char::is_alphanumeric) {
        let Some(end) = rest[1..].find('$') else { return 0 };
        let tag = &rest[..end + 2];
        let is_tag = tag[1..=end].chars().all(|c| c.is_alphanumeric() || c == '_')
            && !tag[1..].starts_with(|c: char| c.is_ascii_digit());
        if is_tag {
            rest[tag.len()..].find(tag).map_or(0, |close| tag.len() + close + tag.len())
        } else {
            0
        }
    } else {
        0
    }
}

/// The parameter that begins here: its name and length.
fn parameter(rest: &str, before: Option<char>) -> Option<(String, usize)> {
    let word = |from: usize| -> usize {
        rest[from..].find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len() - from)
    };
    let begins_name = |at: usize| rest[at..].starts_with(|c: char| c.is_alphabetic() || c == '_');
    let first = rest.chars().next()?;
    match first {
        '$' if rest[1..].starts_with(|c: char| c.is_ascii_digit()) => {
            let length = 1 + word(1);
            Some((rest[..length].to_owned(), length))
        }
        ':' if begins_name(1) && before != Some(':') && !before.is_some_and(is_name) => {
            let length = 1 + word(1);
            Some((rest[1..length].to_owned(), length))
        }
        '@' if begins_name(1) && !before.is_some_and(|c| is_name(c) || "@<>~!|&".contains(c)) => {
            let length = 1 + word(1);
            Some((rest[1..length].to_owned(), length))
        }
        // `jsonb` has operators of this name; behind an operand it is one of them.
        '?' if !rest[1..].starts_with(['|', '&', '?']) => {
            let next = rest[1..].trim_start().chars().next();
            (!matches!(next, Some('\'' | '$'))).then(|| ("?".to_owned(), 1))
        }
        's' if !before.is_some_and(is_name) => {
            let call = ["sqlc.arg(", "sqlc.narg("].into_iter().find(|it| rest.starts_with(it))?;
            let close = rest.find(')')?;
            Some((rest[call.len()..close].trim_matches(['\'', ' ']).to_owned(), close + 1))
        }
        _ => None,
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sql: &str, expected: &str, parameters: usize) {
        assert_eq!(rewrite(sql), Rewritten { sql: expected.to_owned(), parameters });
    }

    #[test]
    fn each_form_becomes_numbers() {
        check("a = $2 AND b = $1 AND c = $2", "a = $1 AND b = $2 AND c = $1", 2);
        check("a = :id::bigint AND b = :name", "a = $1::bigint AND b = $2", 2);
        check("a = @id AND b @> '{}'", "a = $1 AND b @> '{}'", 1);
        check("a = ? AND b IN (?, ?)", "a = $1 AND b IN ($2, $3)", 3);
        check("a = sqlc.arg(id) OR sqlc.narg('x') IS NULL", "a = $1 OR $2 IS NULL", 2);
    }

    #[test]
    fn pages_are_small_and_leave_no_gap() {
        check("x = $1 LIMIT $2 OFFSET $3", "x = $1 LIMIT 20 OFFSET 0", 1);
        check("LIMIT $1 /* a */", "LIMIT 20 /* a */", 0);
    }

    #[test]
    fn what_only_looks_like_a_parameter_stays() {
        for sql in [
            "'$1 :x ?'",
            "j ? 'a'",
            "j ?| array['a']",
            "$tag$ :x $tag$",
            "\":x\"",
            "-- :x",
            "a[1:2]",
        ] {
            check(sql, sql, 0);
        }
    }
}
