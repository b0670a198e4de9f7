//! The words that documents use for default values.

use std::fmt;

use crate::{DefaultValue, FieldKind, Literal};

/// Reads a default as written, for a field of this kind; `None` where it says that there is none.
pub(crate) fn read(text: &str, kind: &FieldKind) -> Option<DefaultValue> {
    let text = text.trim().trim_matches('`').trim();
    let text = without_cast(text);
    let lower = text.to_lowercase();
    if let Some(quoted) = quoted(text) {
        return Some(quoted_value(quoted, kind));
    }
    let literal = |literal| Some(DefaultValue::Literal(literal));
    match lower.as_str() {
        "" | "-" | "–" | "—" | "none" | "null" | "n/a" | "nil" | "undefined" | "no default" => {
            None
        }
        "now()"
        | "now"
        | "current_timestamp"
        | "current_timestamp()"
        | "current timestamp"
        | "current time"
        | "current date and time"
        | "getdate()"
        | "sysdate"
        | "utcnow"
        | "localtimestamp"
        | "date.now()"
        | "date.now"
        | "transaction_timestamp()"
        | "getutcdate()"
        | "datetime.utcnow"
        | "timezone.now" => {
            literal(if *kind == FieldKind::Date { Literal::Today } else { Literal::Now })
        }
        "current_date" | "current date" | "today" => literal(Literal::Today),
        "gen_random_uuid()" | "uuid_generate_v4()" | "uuid()" | "newid()" | "cuid()"
        | "generated" | "auto" | "auto-generated" | "new uuid" | "random uuid"
        | "auto generated" => (*kind == FieldKind::Uuid).then_some(DefaultValue::NewIdentifier),
        "uuid_generate_v7()" | "uuidv7()" | "uuid7()" | "gen_uuid_v7()" | "uuid v7" | "uuidv7" => {
            (*kind == FieldKind::Uuid).then_some(DefaultValue::NewOrderedIdentifier)
        }
        "true" | "yes" | "on" if may_be(kind, &FieldKind::Boolean) => {
            literal(Literal::Boolean(true))
        }
        "false" | "no" | "off" if may_be(kind, &FieldKind::Boolean) => {
            literal(Literal::Boolean(false))
        }
        "[]" | "empty array" | "empty list" | "array[]" => Some(DefaultValue::EmptyList),
        "{}" if matches!(kind, FieldKind::List(_)) => Some(DefaultValue::EmptyList),
        "{}" | "empty object" => Some(DefaultValue::EmptyObject),
        "empty" | "empty string" => literal(Literal::Text(String::new())),
        _ if lower.starts_with("nextval(") || lower.starts_with("autoincrement") => None,
        _ => number(text, kind)
            .or_else(|| word(text, kind))
            .map(DefaultValue::Literal)
            .or_else(|| looks_like_sql(text).then(|| DefaultValue::Sql(text.to_owned())))
            // Whatever else is one value is kept, so that whoever knows the type can say that it does not fit.
            .or_else(|| {
                is_value(text, kind).then(|| DefaultValue::Literal(Literal::Text(text.to_owned())))
            }),
    }
}

fn may_be(kind: &FieldKind, wanted: &FieldKind) -> bool {
    kind == wanted || *kind == FieldKind::Unknown
}

/// `'draft'::order_status` without the cast.
fn without_cast(text: &str) -> &str {
    match text.rsplit_once("::") {
        Some((value, cast)) if !cast.contains('\'') => value.trim(),
        _ => text,
    }
}

fn quoted(text: &str) -> Option<&str> {
    ['\'', '"', '“']
        .into_iter()
        .zip(['\'', '"', '”'])
        .find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close))
}

fn quoted_value(text: &str, kind: &FieldKind) -> DefaultValue {
    match (text, kind) {
        ("{}", FieldKind::Json) => DefaultValue::EmptyObject,
        ("[]", FieldKind::Json) | ("{}" | "[]", FieldKind::List(_)) => DefaultValue::EmptyList,
        _ => {
            let literal = number(text, kind)
                .or_else(|| match text {
                    "true" | "false" if *kind == FieldKind::Boolean => {
                        Some(Literal::Boolean(text == "true"))
                    }
                    _ => None,
                })
                .unwrap_or_else(|| Literal::Text(text.replace("''", "'")));
            DefaultValue::Literal(literal)
        }
    }
}

/// A number, where the field may hold one.
fn number(text: &str, kind: &FieldKind) -> Option<Literal> {
    let numeric = match kind {
        FieldKind::Integer { .. }
        | FieldKind::Decimal { .. }
        | FieldKind::Money { .. }
        | FieldKind::Float
        | FieldKind::Unknown => true,
        FieldKind::Boolean => {
            return match text {
                "0" => Some(Literal::Boolean(false)),
                "1" => Some(Literal::Boolean(true)),
                _ => None,
            };
        }
        FieldKind::Uuid
        | FieldKind::Text { .. }
        | FieldKind::Date
        | FieldKind::Time
        | FieldKind::Timestamp
        | FieldKind::Duration
        | FieldKind::Json
        | FieldKind::Binary
        | FieldKind::IpAddress
        | FieldKind::Enumeration(_)
        | FieldKind::List(_) => false,
    };
    numeric.then(|| literal_number(text)).flatten()
}

/// A number as documents write it: `2,000`, `-1`, `0.5`.
pub(crate) fn literal_number(text: &str) -> Option<Literal> {
    let text = text.trim().trim_start_matches('+');
    let digits = match text.split_once(',') {
        Some((_, rest)) if rest.len() >= 3 => text.replace(',', ""),
        Some(_) => return None,
        None => text.replace('_', ""),
    };
    if let Ok(integer) = digits.parse() {
        return Some(Literal::Integer(integer));
    }
    let unsigned = digits.strip_prefix('-').unwrap_or(&digits);
    let (whole, fraction) = unsigned.split_once('.')?;
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    (all_digits(whole) && all_digits(fraction)).then(|| Literal::Decimal(digits.clone()))
}

/// A bare word: a value of an enumeration, or of a text.
fn word(text: &str, kind: &FieldKind) -> Option<Literal> {
    let bare = !text.contains(['(', ')', '\'', '|']);
    let fits = matches!(kind, FieldKind::Enumeration(_) | FieldKind::Text { .. });
    (bare && fits).then(|| Literal::Text(text.to_owned()))
}

/// Whether a text is one value, of a type that has a form: "2024-01-31", "banana", and no words about a value.
fn is_value(text: &str, kind: &FieldKind) -> bool {
    let has_form = matches!(
        kind,
        FieldKind::Integer { .. }
            | FieldKind::Decimal { .. }
            | FieldKind::Money { .. }
            | FieldKind::Float
            | FieldKind::Boolean
            | FieldKind::Date
            | FieldKind::Time
            | FieldKind::Timestamp
    );
    let is_one = text.len() <= 30
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':' | '_'));
    has_form
        && is_one
        && !matches!(
            text.to_lowercase().as_str(),
            "sequence"
                | "serial"
                | "identity"
                | "computed"
                | "calculated"
                | "derived"
                | "system"
                | "random"
                | "unique"
                | "required"
                | "optional"
                | "unlimited"
                | "varies"
                | "config"
                | "configurable"
                | "auto-increment"
                | "increment"
                | "tbd"
                | "any"
                | "created"
                | "server"
                | "database"
                | "trigger"
        )
}

/// Whether it is a call of a function, which only the database can judge.
fn looks_like_sql(text: &str) -> bool {
    let name = text.split('(').next().unwrap_or_default();
    text.ends_with(')')
        && text.contains('(')
        && !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))
}

impl fmt::Display for DefaultValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(literal) => write!(f, "{literal}"),
            Self::NewIdentifier => f.write_str("a new identifier"),
            Self::NewOrderedIdentifier => f.write_str("a new identifier in the order of time"),
            Self::EmptyObject => f.write_str("{}"),
            Self::EmptyList => f.write_str("[]"),
            Self::Sql(sql) => f.write_str(sql),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_fit_their_kind() {
        let text = FieldKind::Text { max: None };
        let integer = FieldKind::Integer { bits: 32, counted: false };
        let literal = |literal| Some(DefaultValue::Literal(literal));
        assert_eq!(read("now()", &FieldKind::Timestamp), literal(Literal::Now));
        assert_eq!(read("now()", &FieldKind::Date), literal(Literal::Today));
        assert_eq!(read("gen_random_uuid()", &FieldKind::Uuid), Some(DefaultValue::NewIdentifier));
        assert_eq!(read("uuidv7()", &FieldKind::Uuid), Some(DefaultValue::NewOrderedIdentifier));
        assert_eq!(read("'{}'::jsonb", &FieldKind::Json), Some(DefaultValue::EmptyObject));
        assert_eq!(read("`[]`", &FieldKind::Json), Some(DefaultValue::EmptyList));
        assert_eq!(read("'draft'::status", &text), literal(Literal::Text("draft".into())));
        assert_eq!(read("draft", &text), literal(Literal::Text("draft".into())));
        assert_eq!(read("2,000", &integer), literal(Literal::Integer(2000)));
        assert_eq!(read("true", &FieldKind::Boolean), literal(Literal::Boolean(true)));
        assert_eq!(read("nothing at all", &integer), None);
        assert_eq!(read("NULL", &text), None);
        assert_eq!(literal_number("-0.50"), Some(Literal::Decimal("-0.50".into())));
    }
}
