//! SQL expressions (manual, section 4.2), with only as many parentheses as they need.

use std::fmt;

use crate::{Ident, Select, Type};

/// A constant.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `NULL`.
    Null,
    /// A whole number.
    Integer(i64),
    /// A decimal number, digits as written.
    Decimal(String),
    /// Characters.
    Text(String),
    /// `true` or `false`.
    Boolean(bool),
}

/// A string constant (manual, section 4.1.2.1). With `standard_conforming_strings`, which is on
/// since 9.1, only the quote itself must be doubled.
pub fn quote_literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("NULL"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Decimal(value) => f.write_str(value),
            Self::Text(value) => f.write_str(&quote_literal(value)),
            Self::Boolean(value) => write!(f, "{value}"),
        }
    }
}

/// An operator between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BinaryOperator {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `~`: matches a POSIX regular expression.
    Matches,
    /// `@>`: contains, for `jsonb` and arrays.
    Contains,
    /// `<@`: is contained in, for `jsonb` and arrays.
    ContainedBy,
    /// `@@`: a document matches a text query.
    SearchMatches,
    /// `IS DISTINCT FROM`.
    IsDistinctFrom,
    /// `||`
    Concatenate,
    /// `~>=~`: not before, letter by letter, whatever the collation says; `text_pattern_ops` has it (manual, section 11.10).
    NotBeforeByLetters,
    /// `~<~`: before, letter by letter.
    BeforeByLetters,
    /// `ILIKE`: like a pattern, whatever the case.
    LikeAnyCase,
}

impl BinaryOperator {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Matches => "~",
            Self::Contains => "@>",
            Self::ContainedBy => "<@",
            Self::SearchMatches => "@@",
            Self::IsDistinctFrom => "IS DISTINCT FROM",
            Self::Concatenate => "||",
            Self::NotBeforeByLetters => "~>=~",
            Self::BeforeByLetters => "~<~",
            Self::LikeAnyCase => "ILIKE",
        }
    }

    /// Binding strength (manual, table 4.2); operators of equal strength are never chained here
    /// without parentheses.
    const fn strength(self) -> u8 {
        match self {
            Self::Multiply => 8,
            Self::Add | Self::Subtract => 7,
            Self::Matches
            | Self::Contains
            | Self::ContainedBy
            | Self::SearchMatches
            | Self::NotBeforeByLetters
            | Self::BeforeByLetters
            | Self::Concatenate => 6,
            Self::LikeAnyCase => 5,
            Self::Equal
            | Self::NotEqual
            | Self::Less
            | Self::LessOrEqual
            | Self::Greater
            | Self::GreaterOrEqual => 4,
            Self::IsDistinctFrom => 3,
        }
    }
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A column of the only table in scope.
    Column(Ident),
    /// A column of a table by its alias.
    Qualified(Ident, Ident),
    /// A constant.
    Literal(Literal),
    /// A parameter, from 1.
    Parameter(u16),
    /// Two values and an operator.
    Binary(Box<Expr>, BinaryOperator, Box<Expr>),
    /// All hold; `true` where there are none.
    And(Vec<Expr>),
    /// At least one holds; `false` where there are none.
    Or(Vec<Expr>),
    /// It does not hold.
    Not(Box<Expr>),
    /// `IS NULL`.
    IsNull(Box<Expr>),
    /// `IS NOT NULL`.
    IsNotNull(Box<Expr>),
    /// `IN (…)`.
    In(Box<Expr>, Vec<Expr>),
    /// `= ANY (array)`.
    EqualsAny(Box<Expr>, Box<Expr>),
    /// A function call. The name is one of PostgreSQL's own or already qualified; never user text.
    Call(&'static str, Vec<Expr>),
    /// `CAST`, written `value::type`.
    Cast(Box<Expr>, Type),
    /// A row of values, for row comparison.
    Row(Vec<Expr>),
    /// `ARRAY[…]`.
    Array(Vec<Expr>),
    /// `EXISTS (…)`.
    Exists(Box<Select>),
    /// A query that gives one value.
    Scalar(Box<Select>),
    /// SQL that a document states or that a server printed back. Kept as it is, in parentheses.
    Verbatim(String),
}

impl Expr {
    /// A column of the only table in scope.
    pub fn column(name: &Ident) -> Self {
        Self::Column(name.clone())
    }

    /// A whole number.
    pub fn integer(value: i64) -> Self {
        Self::Literal(Literal::Integer(value))
    }

    /// Characters.
    pub fn text(value: impl Into<String>) -> Self {
        Self::Literal(Literal::Text(value.into()))
    }

    /// `left operator right`.
    pub fn binary(left: Self, operator: BinaryOperator, right: Self) -> Self {
        Self::Binary(Box::new(left), operator, Box::new(right))
    }

    /// `lower(text)`: how texts are compared whose case makes no difference.
    pub fn lower(text: Self) -> Self {
        Self::Call("lower", vec![text])
    }

    /// `left = right`.
    pub fn equals(left: Self, right: Self) -> Self {
        Self::binary(left, BinaryOperator::Equal, right)
    }

    /// Whether it is computed of many rows: a call of an aggregate function (manual, section 9.21) that documents ask for.
    pub fn is_computed(&self) -> bool {
        match self {
            Self::Call("count" | "sum" | "avg" | "min" | "max", _) => true,
            Self::Call(_, list) => list.iter().any(Self::is_computed),
            Self::Column(_)
            | Self::Qualified(..)
            | Self::Literal(_)
            | Self::Parameter(_)
            | Self::Binary(..)
            | Self::And(_)
            | Self::Or(_)
            | Self::Not(_)
            | Self::IsNull(_)
            | Self::IsNotNull(_)
            | Self::In(..)
            | Self::EqualsAny(..)
            | Self::Cast(..)
            | Self::Row(_)
            | Self::Array(_)
            | Self::Exists(_)
            | Self::Scalar(_)
            | Self::Verbatim(_) => false,
        }
    }

    /// Whether its value depends on when it is computed: it calls `now()`. Queries and SQL inside it are not looked into.
    pub fn asks_the_clock(&self) -> bool {
        match self {
            Self::Call("now", _) => true,
            Self::Call(_, list)
            | Self::And(list)
            | Self::Or(list)
            | Self::Row(list)
            | Self::Array(list) => list.iter().any(Self::asks_the_clock),
            Self::In(value, list) => {
                value.asks_the_clock() || list.iter().any(Self::asks_the_clock)
            }
            Self::Binary(left, _, right) | Self::EqualsAny(left, right) => {
                left.asks_the_clock() || right.asks_the_clock()
            }
            Self::Not(inner)
            | Self::IsNull(inner)
            | Self::IsNotNull(inner)
            | Self::Cast(inner, _) => inner.asks_the_clock(),
            Self::Column(_)
            | Self::Qualified(..)
            | Self::Literal(_)
            | Self::Parameter(_)
            | Self::Exists(_)
            | Self::Scalar(_)
            | Self::Verbatim(_) => false,
        }
    }

    /// The same expression over the columns of a table by its alias; queries inside it stay as they are.
    #[must_use]
    pub fn qualified(&self, alias: &Ident) -> Self {
        self.with_columns(&mut |column| match column {
            Self::Column(name) => Self::Qualified(alias.clone(), name.clone()),
            other => other.clone(),
        })
    }

    /// The same expression with other columns; queries inside it stay as they are.
    #[must_use]
    pub fn with_columns(&self, other: &mut dyn FnMut(&Self) -> Self) -> Self {
        fn boxed(inner: &Expr, other: &mut dyn FnMut(&Expr) -> Expr) -> Box<Expr> {
            Box::new(inner.with_columns(other))
        }
        fn each(list: &[Expr], other: &mut dyn FnMut(&Expr) -> Expr) -> Vec<Expr> {
            list.iter().map(|item| item.with_columns(other)).collect()
        }
        match self {
            Self::Column(_) | Self::Qualified(..) => other(self),
            Self::Binary(left, operator, right) => {
                Self::Binary(boxed(left, other), *operator, boxed(right, other))
            }
            Self::EqualsAny(left, right) => {
                Self::EqualsAny(boxed(left, other), boxed(right, other))
            }
            Self::Not(inner) => Self::Not(boxed(inner, other)),
            Self::IsNull(inner) => Self::IsNull(boxed(inner, other)),
            Self::IsNotNull(inner) => Self::IsNotNull(boxed(inner, other)),
            Self::Cast(inner, to) => Self::Cast(boxed(inner, other), to.clone()),
            Self::In(value, list) => Self::In(boxed(value, other), each(list, other)),
            Self::And(list) => Self::And(each(list, other)),
            Self::Or(list) => Self::Or(each(list, other)),
            Self::Call(name, list) => Self::Call(name, each(list, other)),
            Self::Row(list) => Self::Row(each(list, other)),
            Self::Array(list) => Self::Array(each(list, other)),
            Self::Literal(_)
            | Self::Parameter(_)
            | Self::Exists(_)
            | Self::Scalar(_)
            | Self::Verbatim(_) => self.clone(),
        }
    }

    /// The columns that it names, each once, in order; those of a query inside it are not among them.
    pub fn columns(&self) -> Vec<&Ident> {
        fn walk<'e>(expr: &'e Expr, found: &mut Vec<&'e Ident>) {
            match expr {
                Expr::Column(name) | Expr::Qualified(_, name) => {
                    if !found.contains(&name) {
                        found.push(name);
                    }
                }
                Expr::Binary(left, _, right) | Expr::EqualsAny(left, right) => {
                    walk(left, found);
                    walk(right, found);
                }
                Expr::Not(inner)
                | Expr::IsNull(inner)
                | Expr::IsNotNull(inner)
                | Expr::Cast(inner, _) => walk(inner, found),
                Expr::In(value, list) => {
                    walk(value, found);
                    for item in list {
                        walk(item, found);
                    }
                }
                Expr::And(list)
                | Expr::Or(list)
                | Expr::Call(_, list)
                | Expr::Row(list)
                | Expr::Array(list) => {
                    for item in list {
                        walk(item, found);
                    }
                }
                Expr::Literal(_)
                | Expr::Parameter(_)
                | Expr::Exists(_)
                | Expr::Scalar(_)
                | Expr::Verbatim(_) => {}
            }
        }
        let mut found = Vec::new();
        walk(self, &mut found);
        found
    }

    fn strength(&self) -> u8 {
        match self {
            Self::Or(list) if list.len() > 1 => 0,
            Self::And(list) if list.len() > 1 => 1,
            Self::Or(list) | Self::And(list) => list.first().map_or(10, Self::strength),
            Self::Not(_) => 2,
            Self::IsNull(_) | Self::IsNotNull(_) => 3,
            Self::In(_, list) if list.is_empty() => 10,
            Self::In(..) => 5,
            // The parser takes its sign for the comparison that it is.
            Self::EqualsAny(..) => 4,
            Self::Binary(_, operator, _) => operator.strength(),
            Self::Cast(..) => 9,
            // A negative number is a sign and a number to the parser: `-1::smallint` is not what
            // it looks like.
            Self::Literal(Literal::Integer(value)) if *value < 0 => 7,
            Self::Literal(Literal::Decimal(value)) if value.starts_with('-') => 7,
            Self::Column(_)
            | Self::Qualified(..)
            | Self::Literal(_)
            | Self::Parameter(_)
            | Self::Call(..)
            | Self::Row(_)
            | Self::Array(_)
            | Self::Exists(_)
            | Self::Scalar(_)
            | Self::Verbatim(_) => 10,
        }
    }

    /// The expression as it can stand after DEFAULT, where the grammar takes no AND, OR, NOT, IN or
    /// IS NULL outside parentheses (`b_expr` in PostgreSQL's `gram.y`).
    pub(crate) fn as_default(&self) -> String {
        if self.strength() <= 5 { format!("({self})") } else { self.to_string() }
    }

    /// Writes the expression, in parentheses where it binds no stronger than its surroundings.
    fn nested(&self, f: &mut fmt::Formatter<'_>, outer: u8) -> fmt::Result {
        if self.strength() <= outer { write!(f, "({self})") } else { write!(f, "{self}") }
    }
}

fn separated(f: &mut fmt::Formatter<'_>, list: &[Expr], word: &str, strength: u8) -> fmt::Result {
    for (index, item) in list.iter().enumerate() {
        if index > 0 {
            write!(f, " {word} ")?;
        }
        if list.len() > 1 {
            item.nested(f, strength)?;
        } else {
            write!(f, "{item}")?;
        }
    }
    Ok(())
}

fn commas(f: &mut fmt::Formatter<'_>, list: &[Expr]) -> fmt::Result {
    for (index, item) in list.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Column(name) => write!(f, "{name}"),
            Self::Qualified(alias, name) => write!(f, "{alias}.{name}"),
            Self::Literal(literal) => write!(f, "{literal}"),
            Self::Parameter(number) => write!(f, "${number}"),
            // What is left of nothing is written with a sign, as people do.
            Self::Binary(nothing, BinaryOperator::Subtract, right)
                if **nothing == Self::integer(0) =>
            {
                f.write_str("-")?;
                right.nested(f, 8)
            }
            Self::Binary(left, operator, right) => {
                left.nested(f, operator.strength())?;
                write!(f, " {} ", operator.as_str())?;
                right.nested(f, operator.strength())
            }
            Self::And(list) if list.is_empty() => f.write_str("true"),
            Self::Or(list) if list.is_empty() => f.write_str("false"),
            Self::And(list) => separated(f, list, "AND", 1),
            Self::Or(list) => separated(f, list, "OR", 0),
            Self::Not(inner) if matches!(&**inner, Self::In(_, list) if !list.is_empty()) => {
                let Self::In(value, list) = &**inner else { return Ok(()) };
                value.nested(f, 5)?;
                f.write_str(" NOT IN (")?;
                commas(f, list)?;
                f.write_str(")")
            }
            Self::Not(inner) => {
                f.write_str("NOT ")?;
                inner.nested(f, 2)
            }
            Self::IsNull(inner) => {
                inner.nested(f, 3)?;
                f.write_str(" IS NULL")
            }
            Self::IsNotNull(inner) => {
                inner.nested(f, 3)?;
                f.write_str(" IS NOT NULL")
            }
            // SQL has no empty list; nothing is in one, not even NULL.
            Self::In(_, list) if list.is_empty() => f.write_str("false"),
            Self::In(value, list) => {
                value.nested(f, 5)?;
                f.write_str(" IN (")?;
                commas(f, list)?;
                f.write_str(")")
            }
            Self::EqualsAny(value, array) => {
                value.nested(f, 5)?;
                write!(f, " = ANY ({array})")
            }
            // What is counted without an argument are the rows.
            Self::Call("count", arguments) if arguments.is_empty() => f.write_str("count(*)"),
            Self::Call(name, arguments) => {
                write!(f, "{name}(")?;
                commas(f, arguments)?;
                f.write_str(")")
            }
            Self::Cast(value, to) => {
                value.nested(f, 8)?;
                write!(f, "::{}", to.short())
            }
            Self::Row(values) => {
                f.write_str("(")?;
                commas(f, values)?;
                f.write_str(")")
            }
            Self::Array(values) => {
                f.write_str("ARRAY[")?;
                commas(f, values)?;
                f.write_str("]")
            }
            Self::Exists(select) => write!(f, "EXISTS ({select})"),
            Self::Scalar(select) => write!(f, "({select})"),
            // A comment in it ends with its line, not behind our parenthesis.
            Self::Verbatim(sql) if sql.contains("--") => write!(f, "({sql}\n)"),
            Self::Verbatim(sql) => write!(f, "({sql})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str) -> Expr {
        Expr::Column(Ident::new(name).unwrap())
    }

    #[test]
    fn parentheses_only_where_they_are_needed() {
        let sum = Expr::binary(column("a"), BinaryOperator::Add, column("b"));
        let product = Expr::binary(sum.clone(), BinaryOperator::Multiply, Expr::integer(-2));
        let either = Expr::Or(vec![
            Expr::IsNull(Box::new(column("a"))),
            Expr::binary(sum, BinaryOperator::GreaterOrEqual, Expr::integer(0)),
        ]);
        assert_eq!(product.to_string(), "(a + b) * (-2)");
        assert_eq!(
            Expr::And(vec![either.clone(), column("c")]).to_string(),
            "(a IS NULL OR a + b >= 0) AND c"
        );
        assert_eq!(Expr::Not(Box::new(either)).to_string(), "NOT (a IS NULL OR a + b >= 0)");
        assert_eq!(
            Expr::Cast(Box::new(Expr::integer(-1)), Type::SmallInt).to_string(),
            "(-1)::smallint"
        );
    }

    #[test]
    fn what_the_grammar_does_not_take_is_not_written() {
        assert_eq!(Expr::In(Box::new(column("a")), vec![]).to_string(), "false");
        let any = Expr::EqualsAny(Box::new(column("a")), Box::new(column("b")));
        assert_eq!(Expr::equals(column("c"), any.clone()).to_string(), "c = (a = ANY (b))");
        assert_eq!(any.as_default(), "(a = ANY (b))");
        assert_eq!(Expr::Verbatim("a -- b".to_owned()).to_string(), "(a -- b\n)");
    }

    #[test]
    fn text_cannot_leave_its_quotes() {
        assert_eq!(Expr::text("it's \\ ok").to_string(), "'it''s \\ ok'");
    }
}
