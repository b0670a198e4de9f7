//! Values of columns, as far as a generator must reason about them, and how PostgreSQL reads them.

mod calendar;
mod decimal;

use std::fmt::Write as _;

use underpin_pg::{Expr, Type};

pub use calendar::{begin, parse_date, parse_timestamp};
pub use decimal::Decimal;

/// One value of one column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// `NULL`.
    Null,
    /// What the server chooses: a generated column.
    Default,
    /// Any number.
    Number(Decimal),
    /// Characters.
    Text(String),
    /// True or false.
    Boolean(bool),
    /// Days since 1970-01-01.
    Date(i64),
    /// Seconds since midnight.
    Time(i64),
    /// Seconds since 1970-01-01 00:00 UTC.
    Timestamp(i64),
    /// Seconds.
    Interval(i64),
    /// Anything else, in the form that PostgreSQL reads: uuid, jsonb, bytea, inet, tsvector.
    Raw(String),
    /// An array.
    List(Vec<Value>),
}

impl Value {
    /// A whole number.
    pub fn integer(value: i64) -> Self {
        Self::Number(Decimal::from(value))
    }

    /// Whether there is a value.
    pub fn is_present(&self) -> bool {
        !matches!(self, Self::Null | Self::Default)
    }

    /// The form that PostgreSQL reads (and `COPY` before escaping); `None` for NULL.
    pub fn text(&self) -> Option<String> {
        Some(match self {
            Self::Null | Self::Default => return None,
            Self::Number(number) => number.to_string(),
            Self::Text(text) | Self::Raw(text) => text.clone(),
            Self::Boolean(value) => value.to_string(),
            Self::Date(days) => calendar::date(*days),
            Self::Time(seconds) => calendar::time(*seconds),
            Self::Timestamp(seconds) => calendar::timestamp(*seconds),
            Self::Interval(seconds) => format!("{seconds} seconds"),
            Self::List(values) => array(values),
        })
    }

    /// As an expression: an untyped constant, so that the column it meets decides the type.
    pub fn expr(&self) -> Expr {
        match self.text() {
            Some(text) => Expr::text(text),
            None => Expr::Literal(underpin_pg::Literal::Null),
        }
    }
}

/// The value of a type that a text stands for, as the server prints it; `None` where it stands for none that is
/// reasoned about.
pub fn read(data_type: &Type, text: &str) -> Option<Value> {
    Some(match data_type {
        Type::SmallInt
        | Type::Integer
        | Type::BigInt
        | Type::Numeric(_)
        | Type::DoublePrecision => Value::Number(Decimal::parse(text)?),
        Type::Text => Value::Text(text.to_owned()),
        Type::Boolean => Value::Boolean(["t", "true"].contains(&text)),
        Type::Date => Value::Date(parse_date(text)?),
        Type::TimestampTz => Value::Timestamp(parse_timestamp(text)?),
        Type::Time => {
            Value::Time(parse_timestamp(&format!("1970-01-01 {text}"))?.rem_euclid(86_400))
        }
        Type::Uuid | Type::Jsonb | Type::Bytea | Type::Inet | Type::TsVector => {
            Value::Raw(text.to_owned())
        }
        Type::Other(name) if name.starts_with("character") || name == "citext" => {
            Value::Text(text.to_owned())
        }
        Type::Other(_) | Type::Named(_) | Type::Interval | Type::Array(_) => {
            Value::Raw(text.to_owned())
        }
        Type::Trigger => return None,
    })
}

/// An array's text form (manual, section 8.15.2), every element in quotes.
fn array(values: &[Value]) -> String {
    let mut text = String::from("{");
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        match value.text() {
            Some(element) => {
                let escaped = element.replace('\\', "\\\\").replace('"', "\\\"");
                write!(text, "\"{escaped}\"").expect("writing to a String cannot fail");
            }
            None => text.push_str("NULL"),
        }
    }
    text.push('}');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_prints_is_read_back() {
        for (data_type, text) in [
            (Type::Date, "2024-01-01"),
            (Type::TimestampTz, "1970-01-02 01:01:01+00"),
            (Type::Time, "10:30:00"),
            (Type::Numeric(Some((6, 2))), "-12.5"),
            (Type::Text, "a"),
        ] {
            assert_eq!(read(&data_type, text).unwrap().text().as_deref(), Some(text));
        }
        assert_eq!(read(&Type::Integer, "many"), None);
    }

    #[test]
    fn values_have_the_form_that_the_server_reads() {
        let shown = |value: Value| value.text().unwrap();
        assert_eq!(shown(Value::Timestamp(86_400 + 3_661)), "1970-01-02 01:01:01+00");
        assert_eq!(shown(Value::Date(19_723)), "2024-01-01");
        assert_eq!(shown(Value::Number(Decimal::new(-1250, 2))), "-12.5");
        let list = Value::List(vec![Value::Text("a\"b\\".to_owned()), Value::Null]);
        assert_eq!(shown(list), r#"{"a\"b\\",NULL}"#);
    }
}
