//! Exclusion constraints (manual, section 5.4.6): of any two rows, at least one of some comparisons
//! does not hold.

use std::fmt;

use crate::{Expr, Ident, IndexKey, Method};

/// `EXCLUDE USING …`.
#[derive(Debug, Clone, PartialEq)]
pub struct Exclusion {
    /// Its name.
    pub name: Ident,
    /// The access method of its index.
    pub method: Method,
    /// What is compared, in order. Two rows for which all of it holds are refused.
    pub elements: Vec<ExclusionElement>,
    /// Among which rows; all where it is `None`.
    pub predicate: Option<Expr>,
    /// What `COMMENT ON CONSTRAINT` says.
    pub comment: Option<String>,
}

/// A comparison of two rows.
#[derive(Debug, Clone, PartialEq)]
pub struct ExclusionElement {
    /// What is compared.
    pub key: IndexKey,
    /// How: a commutative operator of the server's own.
    pub operator: ExclusionOperator,
}

/// An operator between the values of two rows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExclusionOperator {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `&&`: ranges, arrays or networks that have something in common.
    Overlaps,
    /// Any other, as the catalog names it: met in schemas that we did not design.
    Other(String),
}

impl ExclusionOperator {
    /// The operator as SQL writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Overlaps => "&&",
            Self::Other(name) => name,
        }
    }

    /// The operator that a catalog names so.
    pub fn parse(name: &str) -> Self {
        match name {
            "=" => Self::Equal,
            "<>" => Self::NotEqual,
            "&&" => Self::Overlaps,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl fmt::Display for ExclusionElement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            IndexKey::Column(name) => write!(f, "{name}")?,
            // A call needs no parentheses of its own here; what the server printed has them.
            IndexKey::Expression(call @ Expr::Call(..)) => write!(f, "{call}")?,
            IndexKey::Expression(Expr::Verbatim(sql)) => write!(f, "{sql}")?,
            IndexKey::Expression(expression) => write!(f, "({expression})")?,
        }
        write!(f, " WITH {}", self.operator.as_str())
    }
}

impl Exclusion {
    /// What it compares, without its name.
    pub(crate) fn body(&self) -> String {
        let elements: Vec<String> = self.elements.iter().map(ToString::to_string).collect();
        format!("EXCLUDE USING {} ({})", self.method.as_str(), elements.join(", "))
    }
}

/// The constraint as `CREATE TABLE` and `ALTER TABLE … ADD` take it.
impl fmt::Display for Exclusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CONSTRAINT {} {}", self.name, self.body())?;
        match &self.predicate {
            Some(predicate) => write!(f, " WHERE ({predicate})"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BinaryOperator;

    #[test]
    fn no_two_bookings_of_a_room_overlap() {
        let id = |name: &str| Ident::new(name).unwrap();
        let range = Expr::Call(
            "tstzrange",
            vec![Expr::Column(id("starts_at")), Expr::Column(id("ends_at")), Expr::text("[)")],
        );
        let exclusion = Exclusion {
            name: id("bookings_room_id_tstzrange_excl"),
            method: Method::Gist,
            elements: vec![
                ExclusionElement {
                    key: IndexKey::Column(id("room_id")),
                    operator: ExclusionOperator::Equal,
                },
                ExclusionElement {
                    key: IndexKey::Expression(range),
                    operator: ExclusionOperator::Overlaps,
                },
            ],
            predicate: Some(Expr::binary(
                Expr::Column(id("status")),
                BinaryOperator::NotEqual,
                Expr::text("cancelled"),
            )),
            comment: None,
        };
        assert_eq!(
            exclusion.to_string(),
            "CONSTRAINT bookings_room_id_tstzrange_excl EXCLUDE USING gist (room_id WITH =, \
             tstzrange(starts_at, ends_at, '[)') WITH &&) WHERE (status <> 'cancelled')"
        );
    }
}
