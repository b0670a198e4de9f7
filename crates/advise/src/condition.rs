//! What a condition of a plan asks of the columns in it. Conditions come from `EXPLAIN (VERBOSE)`, so that every column
//! stands behind the alias of its table; where the parser does not know a form, the names alone are taken.

use std::ops::Range;

use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator, Value};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

/// A column behind an alias.
pub(crate) type Named = (String, String);

/// One thing that a condition asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ask {
    /// A column equals something of its own row's outside: a constant, a parameter, one of a list.
    Equal(Named),
    /// A column lies in a range, or begins with something.
    Range(Named),
    /// A column equals a column of another table.
    Join(Named),
    /// A column is looked at in a way that no b-tree serves.
    Filter(Named),
    /// An expression over columns of one table is compared with something outside.
    Expression {
        /// The alias of the table.
        alias: String,
        /// The expression with bare column names.
        text: String,
    },
    /// A column or an expression over columns of one table is searched by an operator that other indexes than b-trees know.
    Searched {
        /// The alias of the table.
        alias: String,
        /// What is searched.
        what: Searched,
    },
    /// Rows of one table for which a fixed condition holds that few distinct values are known of.
    Fixed {
        /// The column that it is about.
        column: Named,
        /// What it asks of it.
        test: Fixed,
        /// The condition with bare column names.
        text: String,
    },
}

/// What is searched, and how.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Searched {
    /// The column, where it is nothing else.
    pub column: Option<String>,
    /// What is searched as SQL with bare column names.
    pub text: String,
    /// The operator, as the server writes it.
    pub operator: String,
    /// Whether it begins with characters that are known: `LIKE 'abc%'`.
    pub is_anchored: bool,
}

/// A condition that names a state and no value of the caller's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fixed {
    /// The column has this value, as the server writes it.
    Is(String),
    /// It is NULL.
    IsNull,
    /// It is not NULL.
    IsNotNull,
}

/// What a condition asks.
pub(crate) fn asks(condition: &str) -> Vec<Ask> {
    let mut found = Vec::new();
    match parse(condition) {
        Some(expression) => walk(&expression, true, &mut found),
        None => found.extend(names_in(condition).into_iter().map(Ask::Equal)),
    }
    found
}

fn parse(condition: &str) -> Option<Expr> {
    let text = without_plan_names(condition);
    let mut parser = Parser::new(&PostgreSqlDialect {}).try_with_sql(&text).ok()?;
    parser.parse_expr().ok()
}

/// `(hashed SubPlan 1)` is no SQL: the number is taken off.
fn without_plan_names(condition: &str) -> String {
    let mut text = condition.replace("hashed SubPlan ", "SubPlan ");
    for word in ["SubPlan ", "InitPlan "] {
        while let Some(at) = text.find(word) {
            let digits = text[at + word.len()..].bytes().take_while(u8::is_ascii_digit).count();
            text.replace_range(at..at + word.len() + digits, "subplan");
        }
    }
    text
}

/// `conjunct` says whether all of the condition must hold for a row: only then may an index leave other rows out.
fn walk(expression: &Expr, conjunct: bool, found: &mut Vec<Ask>) {
    match expression {
        Expr::Nested(inner) => walk(inner, conjunct, found),
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
            walk(left, conjunct, found);
            walk(right, conjunct, found);
        }
        Expr::BinaryOp { left, op: BinaryOperator::Or, right } => {
            walk(left, false, found);
            walk(right, false, found);
        }
        Expr::BinaryOp { left, op, right } => {
            let kind = kind_of(op);
            searched(left, op, right, found);
            compare(left, right, kind, expression, conjunct, found);
            compare(right, left, kind, expression, conjunct, found);
        }
        Expr::AnyOp { left, compare_op, right, .. } => {
            let kind = kind_of(compare_op);
            compare(left, right, kind, expression, conjunct, found);
        }
        Expr::InList { expr, list: _, negated: false } => {
            compare(
                expr,
                &Expr::Value(Value::Null.into()),
                Kind::Equal,
                expression,
                conjunct,
                found,
            );
        }
        Expr::IsNull(inner) => {
            if let (Some(column), true) = (column(inner), conjunct) {
                found.push(Ask::Fixed { column, test: Fixed::IsNull, text: bare(expression) });
            }
            let null = Expr::Value(Value::Null.into());
            compare(inner, &null, Kind::Equal, expression, conjunct, found);
        }
        Expr::IsNotNull(inner) => {
            if let (Some(column), true) = (column(inner), conjunct) {
                found.push(Ask::Fixed { column, test: Fixed::IsNotNull, text: bare(expression) });
            }
            filter(inner, found);
        }
        Expr::UnaryOp { op: UnaryOperator::Not, expr } => match (column(expr), conjunct) {
            (Some(named), true) => {
                let test = Fixed::Is("f".to_owned());
                found.push(Ask::Fixed { column: named.clone(), test, text: bare(expression) });
                found.push(Ask::Equal(named));
            }
            _ => filter(expr, found),
        },
        other => match (column(other), conjunct) {
            (Some(named), true) => {
                let test = Fixed::Is("t".to_owned());
                found.push(Ask::Fixed { column: named.clone(), test, text: bare(other) });
                found.push(Ask::Equal(named));
            }
            _ => filter(other, found),
        },
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Equal,
    Range,
    Other,
}

fn kind_of(operator: &BinaryOperator) -> Kind {
    match operator {
        BinaryOperator::Eq => Kind::Equal,
        BinaryOperator::Lt
        | BinaryOperator::LtEq
        | BinaryOperator::Gt
        | BinaryOperator::GtEq
        | BinaryOperator::PGLikeMatch
        | BinaryOperator::PGStartsWith => Kind::Range,
        // Somebody else's enum, which grows: whatever else it has is no b-tree's operator.
        _ => Kind::Other,
    }
}

/// What is searched by an operator of a GIN or GiST index, or of trigrams, with something from outside.
fn searched(side: &Expr, operator: &BinaryOperator, other: &Expr, found: &mut Vec<Ask>) {
    const OPERATORS: [&str; 13] =
        ["@@", "@>", "<@", "&&", "?", "?|", "?&", "@?", "~~", "~~*", "~", "~*", "%"];
    let operator = operator.to_string();
    let mine = names(side);
    let Some((alias, _)) = mine.first() else { return };
    let is_apart = names(other).is_empty() && mine.iter().all(|(of, _)| of == alias);
    if !is_apart || !OPERATORS.contains(&operator.as_str()) {
        return;
    }
    let pattern = constant(other).unwrap_or_default();
    let what = Searched {
        column: column(side).map(|(_, name)| name),
        text: bare(side),
        is_anchored: operator == "~~" && !pattern.is_empty() && !pattern.starts_with(['%', '_']),
        operator,
    };
    found.push(Ask::Searched { alias: alias.clone(), what });
}

fn compare(
    side: &Expr,
    other: &Expr,
    kind: Kind,
    whole: &Expr,
    conjunct: bool,
    found: &mut Vec<Ask>,
) {
    let others = names(other);
    let mine = names(side);
    let Some((alias, _)) = mine.first() else { return };
    let is_apart = others.iter().all(|(other, _)| other != alias);
    if kind == Kind::Other || !is_apart || mine.iter().any(|(other, _)| other != alias) {
        found.extend(mine.into_iter().map(Ask::Filter));
        return;
    }
    let Some(named) = column(side) else {
        if others.is_empty() {
            found.push(Ask::Expression { alias: alias.clone(), text: bare(side) });
        }
        found.extend(mine.into_iter().map(Ask::Filter));
        return;
    };
    if let (true, Kind::Equal, Expr::BinaryOp { .. }, Some(value)) =
        (conjunct, kind, whole, constant(other))
    {
        let test = Fixed::Is(value);
        found.push(Ask::Fixed { column: named.clone(), test, text: bare(whole) });
    }
    found.push(match kind {
        Kind::Equal if others.is_empty() => Ask::Equal(named),
        Kind::Equal => Ask::Join(named),
        Kind::Range | Kind::Other => Ask::Range(named),
    });
}

fn filter(expression: &Expr, found: &mut Vec<Ask>) {
    found.extend(names(expression).into_iter().map(Ask::Filter));
}

/// The column that an expression is, whatever casts stand around it.
fn column(expression: &Expr) -> Option<Named> {
    match expression {
        Expr::Nested(inner)
        | Expr::Cast { expr: inner, .. }
        | Expr::Collate { expr: inner, .. } => column(inner),
        Expr::CompoundIdentifier(parts) => match &parts[..] {
            [alias, column] => Some((alias.value.clone(), column.value.clone())),
            _ => None,
        },
        _ => None,
    }
}

/// The value of a constant as text, whatever casts stand around it.
fn constant(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => constant(inner),
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => Some(text.clone()),
            Value::Number(number, _) => Some(number.clone()),
            Value::Boolean(true) => Some("t".to_owned()),
            Value::Boolean(false) => Some("f".to_owned()),
            // Somebody else's enum: NULL, placeholders, and forms that no server prints.
            _ => None,
        },
        _ => None,
    }
}

fn names(expression: &Expr) -> Vec<Named> {
    names_in(&expression.to_string())
}

fn bare(expression: &Expr) -> String {
    let mut inner = expression;
    while let Expr::Nested(nested) = inner {
        inner = nested;
    }
    let text = inner.to_string();
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for (range, named) in places(&text) {
        out.push_str(&text[copied..range.start]);
        let column = &text[range.clone()];
        // The column as it is quoted there: what follows the point that ends the alias.
        let point = match column.strip_prefix('"') {
            Some(rest) => rest.find('"').map_or(0, |at| at + 2),
            None => named.0.len(),
        };
        out.push_str(&column[point + 1..]);
        copied = range.end;
    }
    out.push_str(&text[copied..]);
    out
}

/// Every `alias.column` in a text, each once.
pub(crate) fn names_in(text: &str) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    for (_, named) in places(text) {
        if !found.contains(&named) {
            found.push(named);
        }
    }
    found
}

/// Every `alias.column` in a text with its place, outside of strings.
fn places(text: &str) -> Vec<(Range<usize>, Named)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    // The word before, where a point follows it.
    let mut before: Option<(usize, String)> = None;
    while at < bytes.len() {
        let start = at;
        let word = match bytes[at] {
            b'\'' => {
                at += 1 + text[at + 1..].find('\'').map_or(text.len() - at - 1, |end| end + 1);
                before = None;
                continue;
            }
            b'"' => {
                let end = text[at + 1..].find('"').map_or(text.len(), |end| at + 1 + end);
                at = (end + 1).min(text.len());
                text[start + 1..end].to_owned()
            }
            first if first.is_ascii_alphabetic() || first == b'_' || !first.is_ascii() => {
                while bytes.get(at).is_some_and(|it| {
                    it.is_ascii_alphanumeric() || *it == b'_' || *it == b'$' || !it.is_ascii()
                }) {
                    at += 1;
                }
                text[start..at].to_owned()
            }
            _ => {
                at += 1;
                before = None;
                continue;
            }
        };
        let has_point = bytes.get(at) == Some(&b'.');
        match before.take() {
            Some((from, alias)) if !has_point && bytes.get(at) != Some(&b'(') => {
                found.push((from..at, (alias, word)));
            }
            _ if has_point => {
                before = Some((start, word));
                at += 1;
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(condition: &str) -> Vec<String> {
        asks(condition)
            .into_iter()
            .map(|ask| match ask {
                Ask::Equal((_, column)) => format!("equal {column}"),
                Ask::Range((_, column)) => format!("range {column}"),
                Ask::Join((_, column)) => format!("join {column}"),
                Ask::Filter((_, column)) => format!("filter {column}"),
                Ask::Expression { text, .. } => format!("expression {text}"),
                Ask::Fixed { text, .. } => format!("fixed {text}"),
                Ask::Searched { what, .. } => format!("searched {} {}", what.text, what.operator),
            })
            .collect()
    }

    #[test]
    fn columns_play_the_parts_that_the_condition_gives_them() {
        assert_eq!(
            shown("((orders.placed_at >= '2026-01-01'::date) AND (orders.customer_id = $1))"),
            ["range placed_at", "equal customer_id"]
        );
        assert_eq!(
            shown("(lineitem.l_orderkey = orders.o_orderkey)"),
            ["join l_orderkey", "join o_orderkey"]
        );
        assert_eq!(
            shown("(orders.status = 'open'::text)"),
            ["fixed status = 'open'::TEXT", "equal status"]
        );
        assert_eq!(shown("(l.sent < l.received)")[..2], ["filter sent", "filter received"]);
        assert_eq!(shown("(o.kind = ANY ('{a,b}'::text[]))"), ["equal kind"]);
    }

    #[test]
    fn an_expression_over_one_table_is_one_thing_to_index() {
        assert_eq!(
            shown("(lower(users.email) = 'a@b'::text)"),
            ["expression lower(email)", "filter email"]
        );
        assert_eq!(
            shown("(\"substring\"((customer.c_phone)::text, 1, 2) = ANY ('{13,31}'::text[]))"),
            ["expression \"substring\"((c_phone)::TEXT, 1, 2)", "filter c_phone"]
        );
    }

    #[test]
    fn what_no_btree_serves_is_searched() {
        assert_eq!(shown("(o.tags @> '{a}'::text[])"), ["searched tags @>", "filter tags"]);
        assert_eq!(
            shown("(to_tsvector('simple'::regconfig, o.note) @@ to_tsquery('a'::text))")[0],
            "searched to_tsvector('simple'::regconfig, note) @@"
        );
        assert_eq!(shown("(o.note ~~* '%a%'::text)")[0], "searched note ~~*");
        // Both sides are of the row itself.
        assert_eq!(shown("(o.tags @> o.others)")[..1], ["filter tags"]);
    }

    #[test]
    fn what_stands_under_or_leaves_no_rows_out_for_good() {
        assert_eq!(
            shown("((o.status = 'open'::text) OR (o.kind = 3))"),
            ["equal status", "equal kind"]
        );
    }

    #[test]
    fn a_form_that_is_no_sql_still_names_its_columns() {
        assert_eq!(shown("(NOT (hashed SubPlan 1))"), [""; 0]);
        assert_eq!(shown("(x.\"Order\" <@> !! x.b"), ["equal Order", "equal b"]);
    }
}
