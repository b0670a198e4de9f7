//! Data types (manual, chapter 8), named as `format_type` prints them.

use std::fmt;

use crate::QualifiedName;

/// A column's type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// `smallint`: 16 bits.
    SmallInt,
    /// `integer`: 32 bits.
    Integer,
    /// `bigint`: 64 bits.
    BigInt,
    /// `numeric`, or `numeric(precision,scale)`.
    Numeric(Option<(u16, u16)>),
    /// `double precision`.
    DoublePrecision,
    /// `text`.
    Text,
    /// `boolean`.
    Boolean,
    /// `date`.
    Date,
    /// `time without time zone`.
    Time,
    /// `timestamp with time zone`.
    TimestampTz,
    /// `interval`.
    Interval,
    /// `uuid`.
    Uuid,
    /// `jsonb`.
    Jsonb,
    /// `bytea`.
    Bytea,
    /// `inet`.
    Inet,
    /// `tsvector`.
    TsVector,
    /// A one-dimensional array.
    Array(Box<Type>),
    /// A type that the schema defines.
    Named(QualifiedName),
    /// What the pseudo-type of a trigger function is called.
    Trigger,
    /// Any other type, as `format_type` prints it: met in catalogs that we did not design.
    Other(String),
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SmallInt => f.write_str("smallint"),
            Self::Integer => f.write_str("integer"),
            Self::BigInt => f.write_str("bigint"),
            Self::Numeric(None) => f.write_str("numeric"),
            Self::Numeric(Some((precision, scale))) => write!(f, "numeric({precision},{scale})"),
            Self::DoublePrecision => f.write_str("double precision"),
            Self::Text => f.write_str("text"),
            Self::Boolean => f.write_str("boolean"),
            Self::Date => f.write_str("date"),
            Self::Time => f.write_str("time without time zone"),
            Self::TimestampTz => f.write_str("timestamp with time zone"),
            Self::Interval => f.write_str("interval"),
            Self::Uuid => f.write_str("uuid"),
            Self::Jsonb => f.write_str("jsonb"),
            Self::Bytea => f.write_str("bytea"),
            Self::Inet => f.write_str("inet"),
            Self::TsVector => f.write_str("tsvector"),
            Self::Array(element) => write!(f, "{element}[]"),
            Self::Named(name) => write!(f, "{name}"),
            Self::Trigger => f.write_str("trigger"),
            Self::Other(name) => f.write_str(name),
        }
    }
}

impl Type {
    /// What a column of numbers takes that is no finite number and sorts above all of them, the highest first (documentation, 8.1.2
    /// and 8.1.3); a `numeric` with a precision has no infinity.
    pub const fn beyond_numbers(&self) -> &'static [&'static str] {
        match self {
            Self::Numeric(Some(_)) => &["NaN"],
            Self::Numeric(None) | Self::DoublePrecision => &["NaN", "Infinity"],
            Self::SmallInt
            | Self::Integer
            | Self::BigInt
            | Self::Text
            | Self::Boolean
            | Self::Date
            | Self::Time
            | Self::TimestampTz
            | Self::Interval
            | Self::Uuid
            | Self::Jsonb
            | Self::Bytea
            | Self::Inet
            | Self::TsVector
            | Self::Array(_)
            | Self::Named(_)
            | Self::Trigger
            | Self::Other(_) => &[],
        }
    }

    /// The name that people write in a script; `timestamptz` for what `format_type` spells out.
    pub fn short(&self) -> String {
        match self {
            Self::TimestampTz => "timestamptz".to_owned(),
            Self::Time => "time".to_owned(),
            Self::Array(element) => format!("{}[]", element.short()),
            Self::SmallInt
            | Self::Integer
            | Self::BigInt
            | Self::Numeric(_)
            | Self::DoublePrecision
            | Self::Text
            | Self::Boolean
            | Self::Date
            | Self::Interval
            | Self::Uuid
            | Self::Jsonb
            | Self::Bytea
            | Self::Inet
            | Self::TsVector
            | Self::Named(_)
            | Self::Trigger
            | Self::Other(_) => self.to_string(),
        }
    }

    /// The type that `format_type` prints so; [`Type::Other`] where we have no variant for it.
    pub fn parse(printed: &str) -> Self {
        if let Some(element) = printed.strip_suffix("[]") {
            return Self::Array(Box::new(Self::parse(element)));
        }
        if let Some(inside) = printed.strip_prefix("numeric(").and_then(|p| p.strip_suffix(')')) {
            if let Some((precision, scale)) = inside.split_once(',') {
                if let (Ok(precision), Ok(scale)) = (precision.parse(), scale.parse()) {
                    return Self::Numeric(Some((precision, scale)));
                }
            }
        }
        for known in [
            Self::SmallInt,
            Self::Integer,
            Self::BigInt,
            Self::Numeric(None),
            Self::DoublePrecision,
            Self::Text,
            Self::Boolean,
            Self::Date,
            Self::Time,
            Self::TimestampTz,
            Self::Interval,
            Self::Uuid,
            Self::Jsonb,
            Self::Bytea,
            Self::Inet,
            Self::TsVector,
            Self::Trigger,
        ] {
            if known.to_string() == printed {
                return known;
            }
        }
        Self::Other(printed.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_parsed_back() {
        for known in [
            Type::Numeric(Some((12, 2))),
            Type::Numeric(None),
            Type::TimestampTz,
            Type::Array(Box::new(Type::Text)),
            Type::Other("macaddr".to_owned()),
        ] {
            assert_eq!(Type::parse(&known.to_string()), known);
        }
    }
}
