//! Rules as expressions over the values of one row. `F` names a field: [`FieldId`](crate::FieldId)
//! in the model, an attribute later; no database's syntax is in here.

use std::fmt;

/// A value that a document writes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// A whole number.
    Integer(i64),
    /// A decimal number, digits as written.
    Decimal(String),
    /// Characters.
    Text(String),
    /// True or false.
    Boolean(bool),
    /// The moment at which a row is written.
    Now,
    /// The day on which a row is written.
    Today,
    /// A stretch of time, in seconds.
    Duration(i64),
}

/// Seconds as the largest unit of the clock that counts them whole: days are none, which are not equally long.
pub fn duration_text(seconds: i64) -> String {
    match seconds {
        _ if seconds % 3_600 == 0 => format!("{} hours", seconds / 3_600),
        _ if seconds % 60 == 0 => format!("{} minutes", seconds / 60),
        _ => format!("{seconds} seconds"),
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(value) => write!(f, "{value}"),
            Self::Decimal(value) => f.write_str(value),
            Self::Text(value) => write!(f, "'{}'", value.replace('\'', "''")),
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Now => f.write_str("now"),
            Self::Today => f.write_str("today"),
            Self::Duration(seconds) => f.write_str(&duration_text(*seconds)),
        }
    }
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Comparison {
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
}

impl Comparison {
    /// The operator's sign.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

/// How two numbers are combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
}

impl Arithmetic {
    /// The operator's sign.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
        }
    }
}

/// What a JSON value is as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum JsonForm {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
}

impl JsonForm {
    /// The word that JSON has for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Array => "array",
        }
    }
}

/// What a rule says of a row. A comparison with a missing value does not break a rule: who wants a
/// value to be there says so ([`Expression::IsPresent`], or a required field).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression<F> {
    /// The value of a field.
    Field(F),
    /// A value written out.
    Literal(Literal),
    /// A comparison.
    Compare(Box<Expression<F>>, Comparison, Box<Expression<F>>),
    /// A calculation.
    Calculate(Box<Expression<F>>, Arithmetic, Box<Expression<F>>),
    /// The value is one of a list.
    OneOf(Box<Expression<F>>, Vec<Literal>),
    /// The number of characters of a text.
    Length(Box<Expression<F>>),
    /// The text matches a POSIX regular expression, whole.
    Matches(Box<Expression<F>>, String),
    /// The JSON of a field is of this form.
    JsonForm(F, JsonForm),
    /// A field holds a value.
    IsPresent(F),
    /// Of the rows that share the values of these fields, no two last at the same time; each lasts
    /// from the first moment on and ends just before the second.
    Apart {
        /// When a row begins.
        from: F,
        /// When it is over.
        to: F,
        /// What rows share that must keep apart; all rows must where it is empty.
        same: Vec<F>,
        /// Among which rows; all where it is `None`.
        condition: Option<Box<Expression<F>>>,
    },
    /// What the rows that share the values of these fields come to, all of them together.
    Together {
        /// What rows share that count together; one of these fields refers to the row that they belong to.
        by: Vec<F>,
        /// What is added up of each row; the rows are counted where it is `None`.
        amount: Option<Box<Expression<F>>>,
        /// How it is compared.
        comparison: Comparison,
        /// What it is compared with: a number, or a field of the row that the rows belong to.
        bound: Box<Expression<F>>,
        /// Which rows count; all where it is `None`.
        condition: Option<Box<Expression<F>>>,
    },
    /// All hold.
    All(Vec<Expression<F>>),
    /// At least one holds.
    Any(Vec<Expression<F>>),
    /// It does not hold.
    Not(Box<Expression<F>>),
    /// Where the first holds, the second must.
    Implies(Box<Expression<F>>, Box<Expression<F>>),
}

impl<F> Expression<F> {
    /// `left comparison right`.
    pub fn compare(left: Self, comparison: Comparison, right: Self) -> Self {
        Self::Compare(Box::new(left), comparison, Box::new(right))
    }

    /// The negative of a number: `-x` is what is left of nothing. `None` where a literal has none.
    pub fn negative(self) -> Option<Self> {
        Some(match self {
            Self::Literal(Literal::Integer(value)) => {
                Self::Literal(Literal::Integer(value.checked_neg()?))
            }
            Self::Literal(Literal::Decimal(value)) => {
                let positive = value.strip_prefix('-').map(str::to_owned);
                let negative = || format!("-{value}");
                Self::Literal(Literal::Decimal(positive.unwrap_or_else(negative)))
            }
            Self::Literal(
                Literal::Text(_)
                | Literal::Boolean(_)
                | Literal::Now
                | Literal::Today
                | Literal::Duration(_),
            ) => return None,
            other => {
                let nothing = Self::Literal(Literal::Integer(0));
                Self::Calculate(Box::new(nothing), Arithmetic::Subtract, Box::new(other))
            }
        })
    }

    /// The same expression over other names of fields; `None` as soon as one has no other name.
    pub fn try_map<G>(&self, name: &mut dyn FnMut(&F) -> Option<G>) -> Option<Expression<G>> {
        let each = |list: &[Self], name: &mut dyn FnMut(&F) -> Option<G>| {
            list.iter().map(|item| item.try_map(name)).collect::<Option<Vec<Expression<G>>>>()
        };
        let part = |part: &Option<Box<Self>>, name: &mut dyn FnMut(&F) -> Option<G>| match part {
            Some(part) => Some(Some(Box::new(part.try_map(name)?))),
            None => Some(None),
        };
        Some(match self {
            Self::Apart { from, to, same, condition } => Expression::Apart {
                from: name(from)?,
                to: name(to)?,
                same: same.iter().map(&mut *name).collect::<Option<Vec<_>>>()?,
                condition: part(condition, name)?,
            },
            Self::Together { by, amount, comparison, bound, condition } => Expression::Together {
                by: by.iter().map(&mut *name).collect::<Option<Vec<_>>>()?,
                amount: part(amount, name)?,
                comparison: *comparison,
                bound: Box::new(bound.try_map(name)?),
                condition: part(condition, name)?,
            },
            Self::All(list) => Expression::All(each(list, name)?),
            Self::Any(list) => Expression::Any(each(list, name)?),
            Self::Field(field) => Expression::Field(name(field)?),
            Self::Literal(literal) => Expression::Literal(literal.clone()),
            Self::Compare(left, comparison, right) => Expression::Compare(
                Box::new(left.try_map(name)?),
                *comparison,
                Box::new(right.try_map(name)?),
            ),
            Self::Calculate(left, operator, right) => Expression::Calculate(
                Box::new(left.try_map(name)?),
                *operator,
                Box::new(right.try_map(name)?),
            ),
            Self::OneOf(value, list) => {
                Expression::OneOf(Box::new(value.try_map(name)?), list.clone())
            }
            Self::Length(value) => Expression::Length(Box::new(value.try_map(name)?)),
            Self::Matches(value, pattern) => {
                Expression::Matches(Box::new(value.try_map(name)?), pattern.clone())
            }
            Self::JsonForm(field, form) => Expression::JsonForm(name(field)?, *form),
            Self::IsPresent(field) => Expression::IsPresent(name(field)?),
            Self::Not(inner) => Expression::Not(Box::new(inner.try_map(name)?)),
            Self::Implies(condition, consequence) => Expression::Implies(
                Box::new(condition.try_map(name)?),
                Box::new(consequence.try_map(name)?),
            ),
        })
    }

    /// The fields that it reads, in order of first appearance.
    pub fn fields(&self) -> Vec<F>
    where
        F: Clone + PartialEq,
    {
        let mut found: Vec<F> = Vec::new();
        self.try_map(&mut |field| {
            if !found.contains(field) {
                found.push(field.clone());
            }
            Some(())
        });
        found
    }
}

impl<F: fmt::Display> fmt::Display for Expression<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |f: &mut fmt::Formatter<'_>, list: &[Self], word: &str| {
            for (index, item) in list.iter().enumerate() {
                if index > 0 {
                    write!(f, " {word} ")?;
                }
                match item {
                    Self::All(_) | Self::Any(_) | Self::Implies(..) => write!(f, "({item})")?,
                    _ => write!(f, "{item}")?,
                }
            }
            Ok(())
        };
        match self {
            Self::Field(field) => write!(f, "{field}"),
            Self::Literal(literal) => write!(f, "{literal}"),
            Self::Compare(left, comparison, right) => {
                write!(f, "{left} {} {right}", comparison.as_str())
            }
            Self::Calculate(nothing, Arithmetic::Subtract, right)
                if matches!(**nothing, Self::Literal(Literal::Integer(0))) =>
            {
                write!(f, "-{right}")
            }
            Self::Calculate(left, operator, right) => {
                write!(f, "({left} {} {right})", operator.as_str())
            }
            Self::OneOf(value, list) => {
                let list: Vec<String> = list.iter().map(ToString::to_string).collect();
                write!(f, "{value} in ({})", list.join(", "))
            }
            Self::Length(value) => write!(f, "length({value})"),
            Self::Matches(value, pattern) => write!(f, "{value} matches /{pattern}/"),
            Self::JsonForm(field, form) => write!(f, "{field} is a JSON {}", form.as_str()),
            Self::IsPresent(field) => write!(f, "{field} is present"),
            Self::Apart { from, to, same, condition } => {
                f.write_str("no two rows")?;
                for (at, field) in same.iter().enumerate() {
                    write!(f, "{}{field}", if at == 0 { " of one " } else { " and " })?;
                }
                write!(f, " overlap from {from} to {to}")?;
                condition.as_ref().map_or(Ok(()), |condition| write!(f, " where {condition}"))
            }
            Self::Together { by, amount, comparison, bound, condition } => {
                match amount {
                    Some(amount) => write!(f, "the sum of {amount} over the rows")?,
                    None => f.write_str("the number of rows")?,
                }
                for (at, field) in by.iter().enumerate() {
                    write!(f, "{}{field}", if at == 0 { " of one " } else { " and " })?;
                }
                if let Some(condition) = condition {
                    write!(f, " where {condition}")?;
                }
                let whose = if matches!(**bound, Self::Field(_)) { "its " } else { "" };
                write!(f, " {} {whose}{bound}", comparison.as_str())
            }
            Self::All(list) => joined(f, list, "and"),
            Self::Any(list) => joined(f, list, "or"),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::Implies(condition, consequence) => {
                write!(f, "if {condition} then {consequence}")
            }
        }
    }
}
